"""Recordings that people bring: judged by what they are, kept once, and never half."""

from __future__ import annotations

import errno
import hashlib
import http.client
import io
import math
import socket
import struct
import threading
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
import soundfile

from aimusicverse.audio import tags
from aimusicverse.audio.tags import Tags
from aimusicverse.server import file_body, idempotency
from aimusicverse.server.store.tables import idempotency as notes
from aimusicverse.server.tracks import recording, uploads
from tests.server.conftest import Api
from tests.server.security.keys import another_owner

RATE = 44_100


def sound(
    seconds: float = 1.0,
    *,
    format: str = "WAV",
    subtype: str = "PCM_16",
    rate: int = RATE,
    channels: int = 2,
    gain: float = 0.5,
    seed: int = 1,
) -> bytes:
    """A file with a tone of 997 Hz and a little noise."""
    at = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(seed).normal(0, 0.0001, (len(at), channels)) * (gain > 0)
    tone = gain * np.sin(2 * math.pi * 997 * at)[:, None] + noise
    file = io.BytesIO()
    soundfile.write(file, tone, rate, format=format, subtype=subtype)
    return file.getvalue()


WAV = sound()


def send(
    api: Api,
    content: Any,
    *,
    title: str = "Mine",
    type: str | None = "audio/wav",
    key: str | None = None,
    **query: Any,
) -> httpx.Response:
    headers = {} if type is None else {"Content-Type": type}
    if key is not None:
        headers["Idempotency-Key"] = key
    return api.post("/tracks", params={"title": title, **query}, content=content, headers=headers)


def left_over(api: Api) -> list[Path]:
    """What lies in workspaces."""
    return list(Path(api.server.services.settings.data_dir / "blobs/tmp").iterdir())


def blobs(api: Api) -> list[Path]:
    return list(Path(api.server.services.settings.data_dir / "blobs").glob("??/*"))


def refused(api: Api, answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert left_over(api) == []


# -- what becomes a track -------------------------------------------------------------------------


def test_an_uploaded_file_is_a_track_like_any_other(api: Api) -> None:
    answer = send(api, WAV, artist="Ada Lin", genre="folk", tag=["a", "b"])
    assert answer.status_code == 201, answer.text
    track = answer.json()
    assert (track["title"], track["artist"], track["genre"]) == ("Mine", "Ada Lin", "folk")
    assert (track["tags"], track["duration_seconds"]) == (["a", "b"], 1.0)
    assert track["provenance"]["engine"] == "upload"
    assert track["provenance"]["ai_parts"] == []
    assert answer.headers["etag"] == f'"{track["etag"]}"'
    assert track == api.get(f"/tracks/{track['id']}").json() == api.get("/tracks?q=ada").json()["data"][0]
    assert api.event_types() == ["track.created"]
    audio = track["audio"]
    assert (audio["sample_rate"], audio["bit_depth"], audio["channels"]) == (RATE, 16, 2)
    assert audio["lufs"] == pytest.approx(-6.0, abs=0.3)  # a sine of half height on both channels
    assert audio["true_peak_dbtp"] == pytest.approx(-6.0, abs=0.1)
    assert api.get(f"/tracks/{track['id']}/audio").content == WAV
    assert api.get(f"/tracks/{track['id']}/audio?format=mp3").status_code == 200
    assert left_over(api) == []


@pytest.mark.parametrize(
    ("format", "subtype", "type"),
    [
        ("FLAC", "PCM_16", "audio/flac"),
        ("FLAC", "PCM_24", "audio/x-flac"),
        ("AIFF", "PCM_24", "audio/aiff"),
        ("WAV", "PCM_32", "audio/wav"),
        ("WAV", "PCM_U8", "audio/wav"),
        ("WAV", "FLOAT", "application/octet-stream"),
        ("WAVEX", "PCM_24", "audio/vnd.wave"),
        ("OGG", "VORBIS", "application/ogg"),
        ("MP3", "MPEG_LAYER_III", "audio/mpeg"),
        ("FLAC", "PCM_16", None),
        ("FLAC", "PCM_16", "audio/wav"),  # what it is counts, not what it says it is
    ],
)
def test_every_kind_has_a_wav_master(shared: Api, format: str, subtype: str, type: str | None) -> None:
    content = sound(format=format, subtype=subtype)
    track = send(shared, content, type=type).json()
    assert track["audio"]["bit_depth"] == 24
    master, rate = soundfile.read(
        io.BytesIO(shared.get(f"/tracks/{track['id']}/audio").content), dtype="int32"
    )
    sent, _ = soundfile.read(io.BytesIO(content), dtype="int32")
    assert rate == RATE
    if subtype in ("PCM_16", "PCM_24", "PCM_U8"):
        assert np.array_equal(master, sent)
    else:
        assert len(master) == len(sent)


def test_mono_stays_mono(shared: Api) -> None:
    track = send(shared, sound(channels=1)).json()
    assert track["audio"]["channels"] == 1


def test_silence_has_numbers_that_json_has(shared: Api) -> None:
    audio = send(shared, sound(gain=0)).json()["audio"]
    assert (audio["lufs"], audio["true_peak_dbtp"]) == (-70.0, -120.0)


def test_what_mp3_cannot_hold_is_not_promised(shared: Api) -> None:
    track = send(shared, sound(rate=96_000)).json()
    assert track["audio"]["formats"] == ["wav", "flac"]
    answer = shared.get(f"/tracks/{track['id']}/audio?format=mp3")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.format")
    link = shared.post(f"/tracks/{track['id']}/play-url", json={})  # MP3, unless another is named
    assert (link.status_code, link.json()["errors"][0]["field"]) == (422, "format")
    assert "wav, flac" in link.json()["errors"][0]["hint"]
    assert shared.post(f"/tracks/{track['id']}/play-url", json={"format": "flac"}).status_code == 200


def test_a_large_file_is_never_in_memory(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    save = file_body.PIECE
    content = sound(60)
    assert len(content) > 5 * save
    written = Path.open

    def watched(path: Path, *args: Any, **kwargs: Any) -> Any:
        file = written(path, *args, **kwargs)
        if path.name == "upload" and "w" in args[0]:
            write = file.write
            return _Watched(file, lambda piece: held.append(len(piece)) or write(piece))
        return file

    monkeypatch.setattr(Path, "open", watched)
    pieces = (content[at : at + 10_000] for at in range(0, len(content), 10_000))
    assert send(api, pieces).status_code == 201  # chunked: of unknown size
    assert sum(held) == len(content)
    assert max(held) < 2 * save


class _Watched:
    def __init__(self, file: Any, write: Any) -> None:
        self._file, self.write = file, write

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


# -- what does not --------------------------------------------------------------------------------


def test_what_is_no_sound_is_refused(api: Api) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("song.wav", WAV)
    for content in (b"", b"Dear diary, " * 1000, packed.getvalue(), b"\0" * 100_000, b"RIFF", WAV[:20]):
        answer = send(api, content)
        assert answer.status_code == 422
        assert answer.json()["code"] in ("audio_unreadable", "audio_truncated"), content[:20]
        assert left_over(api) == []
    assert api.get("/tracks").json()["data"] == blobs(api) == []


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/zip", "application/json", "multipart/form-data; boundary=x"]
)
def test_a_type_that_is_no_sound_is_refused_unread(api: Api, kind: str) -> None:
    refused(api, send(api, WAV, type=kind), 415, "unsupported_media_type")


def lying(**change: Any) -> bytes:
    """A WAV file whose header says what is not so."""
    fields = {
        "riff": len(WAV) - 8,
        "channels": 2,
        "rate": RATE,
        "align": 4,
        "bits": 16,
        "data": len(WAV) - 44,
    } | change
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        fields["riff"],
        b"WAVE",
        b"fmt ",
        16,
        1,
        fields["channels"],
        fields["rate"],
        fields["rate"] * fields["align"],
        fields["align"],
        fields["bits"],
        b"data",
        fields["data"],
    )
    return head + WAV[44:]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"data": len(WAV) * 2}, ("audio_truncated",)),
        ({"data": 4 * RATE * 24 * 3600 % 2**32}, ("audio_truncated",)),
        ({"channels": 0}, ("audio_unreadable",)),
        ({"channels": 6, "align": 12}, ("audio_unsupported",)),
        ({"rate": 0}, ("audio_unreadable", "audio_unsupported")),
        ({"rate": 1}, ("audio_unsupported", "audio_too_long")),
        ({"rate": 300_000_000}, ("audio_unreadable", "audio_unsupported")),
        ({"bits": 77}, ("audio_unreadable",)),
    ],
)
def test_a_header_that_lies_is_found_out(shared: Api, change: dict[str, int], codes: tuple[str, ...]) -> None:
    answer = send(shared, lying(**change))
    assert (answer.status_code, answer.json()["code"] in codes) == (422, True), answer.text
    assert left_over(shared) == []


def test_a_wav_of_a_stream_is_kept_with_a_header_that_is_right(shared: Api) -> None:
    track = send(shared, lying(riff=0xFFFFFFFF, data=0xFFFFFFFF)).json()
    assert (track["duration_seconds"], track["audio"]["bit_depth"]) == (1.0, 24)
    assert soundfile.info(io.BytesIO(shared.get(f"/tracks/{track['id']}/audio").content)).frames == RATE


@pytest.mark.parametrize("format", ["WAV", "FLAC"])
def test_a_file_that_was_cut_is_refused(shared: Api, format: str) -> None:
    content = sound(3, format=format)
    answer = send(shared, content[: len(content) * 9 // 10])
    assert (answer.status_code, answer.json()["code"] in ("audio_truncated", "audio_unreadable")) == (
        422,
        True,
    )


def test_too_many_bytes_are_refused_said_or_not(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_FILE", replace(uploads._FILE, most_bytes=100_000))
    refused(api, send(api, iter([WAV[:50_000], WAV[50_000:150_000]])), 413, "upload_too_large")
    target = urlsplit(api.server.url)
    connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=10)
    connection.putrequest("POST", "/api/v1/tracks?title=a")
    for name, value in (
        ("X-API-Key", api.key),
        ("Content-Length", str(3 * 2**30)),
        ("Content-Type", "audio/wav"),
    ):
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 413  # without a byte of it
    connection.close()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"title": ""}, "query.title"),
        ({"title": "x" * 201}, "query.title"),
        ({"title": "a\u202eb"}, "query.title"),
        ({"title": "a\nb"}, "query.title"),
        ({"title": "a", "artist": "x" * 201}, "query.artist"),
        ({"title": "a", "genre": ""}, "query.genre"),
        ({"title": "a", "tag": ["x"] * 21}, "query.tag"),
        ({"title": "a", "tag": ["a", "b\u2066"]}, "query.tag[1]"),
        ({"title": "a", "lyrics": "la"}, "query.lyrics"),
        ({}, "query.title"),
    ],
)
def test_words_about_it_are_checked_first(shared: Api, query: dict[str, Any], field: str) -> None:
    answer = shared.post("/tracks", params=query, content=WAV, headers={"Content-Type": "audio/wav"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["field"] == field


def test_a_full_disk_is_said_and_leaves_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(api.server.services.blobs, "prepare", full)
        refused(api, send(api, WAV, key="k"), 507, "storage_full")
    with monkeypatch.context() as patch:
        opened = Path.open

        def open_full(path: Path, *args: Any, **kwargs: Any) -> Any:
            file = opened(path, *args, **kwargs)
            return _Watched(file, full) if path.name == "upload" else file

        patch.setattr(Path, "open", open_full)
        refused(api, send(api, WAV), 507, "storage_full")
    assert api.get("/tracks").json()["data"] == []
    assert send(api, WAV, key="k").status_code == 201  # the key is free again


def cut(api: Api, content: bytes, *, share: float, key: str = "k") -> None:
    """Send a part of it, and hang up."""
    target = urlsplit(api.server.url)
    with socket.create_connection((str(target.hostname), target.port or 80)) as line:
        head = (
            f"POST /api/v1/tracks?title=Mine HTTP/1.1\r\nHost: x\r\nX-API-Key: {api.key}\r\n"
            f"Idempotency-Key: {key}\r\n"
            f"Content-Type: audio/wav\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        line.sendall(head.encode() + content[: int(len(content) * share)])
        time.sleep(0.2)


def notes_left(api: Api) -> int:
    return api.server.services.store.read_now(lambda tx: len(tx.all(notes.select())))


def test_an_upload_cut_at_99_percent_leaves_nothing_and_can_be_sent_again(api: Api) -> None:
    content = sound(20)
    cut(api, content, share=0.99)
    until = time.monotonic() + 30
    while (left_over(api) or notes_left(api)) and time.monotonic() < until:
        time.sleep(0.02)
    assert left_over(api) == blobs(api) == api.get("/tracks").json()["data"] == []
    again = send(api, content, key="k")
    assert again.status_code == 201
    assert again.json()["audio"]["sha256"] == hashlib.sha256(content).hexdigest()


# -- once -----------------------------------------------------------------------------------------


def test_the_same_file_under_one_key_is_one_track(api: Api) -> None:
    first, again = send(api, WAV, key="k"), send(api, WAV, key="k")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len(api.get("/tracks").json()["data"]) == 1
    assert send(api, WAV, key="other").json()["id"] != first.json()["id"]


def test_another_file_or_title_under_one_key_is_refused(api: Api) -> None:
    send(api, WAV, key="k")
    for content, title in ((sound(seed=2), "Mine"), (WAV, "Other")):
        refused(api, send(api, content, title=title, key="k"), 422, "idempotency_key_reused")
    answer = api.post("/generate", json={"prompt": "lofi"}, headers={"Idempotency-Key": "k"})
    assert answer.json()["code"] == "idempotency_key_reused"


def test_a_second_one_is_told_that_the_first_still_runs(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    go, judge = threading.Event(), recording.judge
    begun = threading.Event()

    def slow(*args: Any) -> Any:
        begun.set()
        assert go.wait(20)
        return judge(*args)

    monkeypatch.setattr(recording, "judge", slow)
    answers: list[httpx.Response] = []
    first = threading.Thread(target=lambda: answers.append(send(api, WAV, key="k")))
    first.start()
    assert begun.wait(10)
    with httpx.Client(
        base_url=f"{api.server.url}/api/v1", headers={"X-API-Key": api.key}, timeout=30
    ) as http:
        headers = {"Idempotency-Key": "k", "Content-Type": "audio/wav"}
        second = http.post("/tracks?title=Mine", content=WAV, headers=headers)
        assert (second.status_code, second.json()["code"]) == (409, "idempotency_in_progress")
        assert second.headers["retry-after"] == "1"
        other = http.post("/generate", json={"prompt": "lofi"}, headers={"Idempotency-Key": "k"})
        assert other.json()["code"] == "idempotency_in_progress"
        stranger = {"X-API-Key": another_owner(api), **headers}
        monkeypatch.setattr(recording, "judge", judge)
        assert http.post("/tracks?title=Mine", content=WAV, headers=stranger).status_code == 201
    go.set()
    first.join()
    assert answers[0].status_code == 201
    assert send(api, WAV, key="k").json() == answers[0].json()
    assert len(api.get("/tracks").json()["data"]) == 1


def test_a_note_of_a_server_that_died_runs_out(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    store = api.server.services.store
    owner = api.server.services.store.read_now(lambda tx: tx.all(notes.select()))
    assert owner == []
    from aimusicverse.server.api_keys import queries
    from aimusicverse.server.security.principal import Owner

    mine = Owner(store.read_now(queries.first_owner) or "")
    store.write_now(idempotency.begin, mine, "k", "run_dead")
    assert send(api, WAV, key="k").status_code == 409
    monkeypatch.setattr(idempotency, "LEASE_SECONDS", -1.0)
    store.write_now(idempotency.renew, mine, "k", "run_dead")
    monkeypatch.undo()
    done = send(api, WAV, key="k")
    assert done.status_code == 201
    # Whoever was taken for dead and is not, finds that it is too late.
    store.write_now(idempotency.abandon, mine, "k", "run_dead")
    assert send(api, WAV, key="k").json() == done.json()


def test_a_key_that_cannot_be_one_is_refused(api: Api) -> None:
    refused(api, send(api, WAV, key="x" * 256), 400, "idempotency_key_invalid")


def test_without_the_scope_nothing_is_read(api: Api) -> None:
    from tests.server.security.keys import create_key

    key = create_key(api, scopes=("tracks:read",))
    answer = httpx.post(
        f"{api.server.url}/api/v1/tracks?title=a",
        content=WAV,
        headers={"X-API-Key": key, "Content-Type": "audio/wav"},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_what_an_uploaded_file_says_stays_in_it_but_for_what_the_track_is_called(
    api: Api, tmp_path: Path
) -> None:
    file = tmp_path / "a.wav"
    file.write_bytes(WAV)
    tags.write(file, file, Tags(title="Old", artist="Older", comment="Mixed in Bergen.", licence="CC BY"))
    track = send(api, file.read_bytes(), title="New").json()
    assert api.get(f"/tracks/{track['id']}/audio").content == file.read_bytes()
    file.write_bytes(api.get(f"/tracks/{track['id']}/audio?format=mp3").content)
    found = tags.read(file)
    assert (found.title, found.artist, found.comment) == ("New", None, "Mixed in Bergen.")
    assert (found.licence, found.provenance, found.ai_parts) == ("CC BY", None, None)


@pytest.mark.parametrize(
    "damage", [b"LIST\xff\xff\xff\x7fINFO", b"id3 \x10\0\0\0ID3\4\0\0\x7f\x7f\x7f\x7fTIT2\xff"]
)
def test_bad_tags_refuse_no_recording(api: Api, damage: bytes) -> None:
    content = WAV + damage
    whole = content[:4] + struct.pack("<I", len(content) - 8) + content[8:]
    track = send(api, whole).json()
    assert api.get(f"/tracks/{track['id']}/audio?format=flac").content.startswith(b"fLaC")
