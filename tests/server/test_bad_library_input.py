"""Bad input to the library, as a list: refused by its name or taken as what it is, and nothing is left of it.

More of each stands beside what it is about: titles and edits in tracks/test_library.py, files in
tracks/test_uploads.py, ../audio/test_endings.py and test_mpeg.py, search in tracks/test_listing.py, places in
playlists/test_playlists.py and test_order.py.
"""

from __future__ import annotations

import io
import threading
import time
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile

from tests.audio.test_mpeg import bare, mp3, with_count
from tests.server.conftest import Api
from tests.server.playlists.conftest import library
from tests.server.tracks.test_uploads import WAV, cut, left_over, lying, notes_left, send, sound

Give = Callable[[Api, dict[str, Any]], httpx.Response]

#: Everywhere a title can be given.
TITLES: dict[str, Give] = {
    "edit a track": lambda api, fields: api.patch(f"/tracks/{a_track(api)}", json=fields),
    "upload": lambda api, fields: api.post(
        "/tracks", params=fields, content=WAV, headers={"Content-Type": "audio/wav"}
    ),
    "make a playlist": lambda api, fields: api.post("/playlists", json=fields),
    "edit a playlist": lambda api, fields: api.patch(f"/playlists/{a_playlist(api)['id']}", json=fields),
}


@pytest.fixture
def api(shared: Api) -> Api:
    """One server for the whole list."""
    return shared


def a_track(api: Api) -> str:
    listed = api.get("/tracks?limit=1").json()["data"]
    return str((listed or [send(api, WAV).json()])[0]["id"])


def a_playlist(api: Api, *tracks: str) -> dict[str, Any]:
    made: dict[str, Any] = api.post("/playlists", json={"title": "List", "track_ids": tracks}).json()
    return made


def refused(answer: httpx.Response, status: int, *codes: str) -> dict[str, Any]:
    """It is a problem with its code, and no traceback."""
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"] in codes) == (status, True), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["detail"]
    assert "Traceback" not in answer.text
    return body


def everything(api: Api) -> tuple[Any, ...]:
    """What there is, as one sees it."""
    return tuple(api.get(path).json()["data"] for path in ("/tracks?limit=100", "/playlists?limit=100"))


# -- titles of 201 characters, control and bidirectional characters ---------------------------------


@pytest.mark.parametrize("where", TITLES)
@pytest.mark.parametrize(
    "title",
    [
        pytest.param("x" * 201, id="201 characters"),
        pytest.param("夜" * 201, id="201 of three bytes each"),
        pytest.param("", id="none"),
        pytest.param(" \u3000 ", id="blank"),
        pytest.param("a\x07b", id="bell"),
        pytest.param("a\x1b[2Jb", id="clears the screen"),
        pytest.param("a\nb", id="two lines"),
        pytest.param("a\x7fb", id="delete"),
        pytest.param("a\x9bb", id="C1"),
        pytest.param("song\u202egpm.exe", id="right to left"),
        pytest.param("a\u2066b", id="isolate"),
        pytest.param("a\u061cb", id="Arabic letter mark"),
    ],
)
def test_a_title_that_cannot_be_one(api: Api, where: str, title: str) -> None:
    a_track(api), a_playlist(api)
    before = everything(api)
    problem = refused(TITLES[where](api, {"title": title}), 422, "invalid_request")
    assert problem["errors"][0]["field"].endswith("title")
    left = everything(api)
    assert [len(each) for each in left] == [len(before[0]), len(before[1]) + (where == "edit a playlist")]
    assert left[0] == before[0]


@pytest.mark.parametrize("where", TITLES)
@pytest.mark.parametrize("title", ["x" * 200, "夜" * 200, "مطر الليل", "👩‍👩‍👧 naïve", "<b>&amp;'\"--;"])
def test_a_title_that_can(api: Api, where: str, title: str) -> None:
    answer = TITLES[where](api, {"title": title})
    assert answer.is_success
    assert answer.json()["title"] == title


# -- duplicates where they are forbidden ------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        ("GET", "/tracks?genre=jazz&genre=lofi", "query.genre"),
        ("GET", "/tracks?limit=1&limit=2", "query.limit"),
        ("GET", "/playlists?limit=1&limit=1", "query.limit"),
        ("GET", "/events?after=0&after=1", "query.after"),
        ("POST", "/tracks?title=a&title=b", "query.title"),
    ],
)
def test_a_parameter_that_is_given_twice(api: Api, method: str, path: str, field: str) -> None:
    asked = api.http.request(method, path, content=WAV, headers={"Content-Type": "audio/wav"})
    assert refused(asked, 422, "invalid_request")["errors"][0]["field"] == field


def test_a_parameter_that_may_be_given_twice_is_kept_twice(api: Api) -> None:
    assert send(api, WAV, tag=["rain", "night"]).json()["tags"] == ["rain", "night"]


def test_one_key_for_two_different_requests(api: Api) -> None:
    keyed = {"Idempotency-Key": "twice"}
    first = api.post("/playlists", json={"title": "a"}, headers=keyed)
    refused(api.post("/playlists", json={"title": "b"}, headers=keyed), 422, "idempotency_key_reused")
    refused(send(api, WAV, key="twice"), 422, "idempotency_key_reused")
    assert api.post("/playlists", json={"title": "a"}, headers=keyed).json() == first.json()


def test_a_move_of_a_track_that_stands_there_twice(api: Api) -> None:
    track = a_track(api)
    path = f"/playlists/{a_playlist(api, track, track)['id']}/tracks"
    refused(
        api.post(f"{path}/move", json={"track_id": track, "position": 0}), 409, "playlist_entry_ambiguous"
    )


def test_an_entry_that_is_removed_twice_in_one_breath(api: Api) -> None:
    track = a_track(api)
    path = f"/playlists/{a_playlist(api, track, track)['id']}/tracks"
    entry = api.get(path).json()["data"][0]["id"]
    removed = api.delete(path, params={"entry_ids": f"{entry},{entry}"})
    assert removed.json()["track_count"] == 1


# -- a move to −1 -----------------------------------------------------------------------------------


@pytest.mark.parametrize("position", [-1, -(2**63), 2, 2**63, 0.5, "1st", None])
def test_a_move_to_where_nothing_is(api: Api, position: Any) -> None:
    track = a_track(api)
    playlist = a_playlist(api, track, track)
    path = f"/playlists/{playlist['id']}"
    entry = api.get(f"{path}/tracks").json()["data"][0]["id"]
    moved = api.post(f"{path}/tracks/move", json={"entry_id": entry, "position": position})
    assert refused(moved, 422, "invalid_request")["errors"][0]["field"] == "position"
    assert api.get(path).json() == playlist


# -- the same track a thousand times ----------------------------------------------------------------


def test_the_same_track_a_thousand_times(api: Api) -> None:
    track = a_track(api)
    path = f"/playlists/{a_playlist(api)['id']}"
    added = api.post(f"{path}/tracks", json={"track_ids": [track] * 1000})
    assert (added.status_code, added.json()["track_count"]) == (200, 1000)
    refused(api.post(f"{path}/tracks", json={"track_ids": [track] * 1001}), 422, "invalid_request")
    seen: list[str] = []
    asked: dict[str, Any] = {"limit": 100}
    while len(seen) < 1000:
        page = api.get(f"{path}/tracks", params=asked).json()
        seen += [entry["id"] for entry in page["data"]]
        asked["cursor"] = page["next_cursor"]
    assert asked["cursor"] is None
    assert len(set(seen)) == len(seen) == 1000


# -- a file that is text, a ZIP, truncated, 24 hours long, with a header that lies --------------------


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("song.wav", WAV)
    return packed.getvalue()


FILES: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "text": (lambda: b"Dear diary, today" * 500, ("audio_unreadable",)),
    "text in UTF-16": (lambda: ("\ufeff" + "Dear diary " * 500).encode("utf-16"), ("audio_unreadable",)),
    "HTML": (lambda: b"<!doctype html><audio src=x>", ("audio_unreadable",)),
    "a ZIP": (archive, ("audio_unreadable",)),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(5000), ("audio_unreadable",)),
    "a playlist of files": (lambda: b"#EXTM3U\nhttp://127.0.0.1/a.mp3\n", ("audio_unreadable",)),
    "nothing": (lambda: b"", ("audio_unreadable",)),
    "24 hours": (lambda: long_silence(24), ("audio_too_long",)),
    "3 hours and a minute": (lambda: long_silence(3 + 1 / 60), ("audio_too_long",)),
    "a header with more than there is": (lambda: lying(data=len(WAV) * 2), ("audio_truncated",)),
    "a header with 0 channels": (lambda: lying(channels=0), ("audio_unreadable",)),
    "a header with 6 channels": (lambda: lying(channels=6, align=12), ("audio_unsupported",)),
    "a header with 300 MHz": (lambda: lying(rate=300_000_000), ("audio_unreadable", "audio_unsupported")),
    "a header with 77 bits": (lambda: lying(bits=77), ("audio_unreadable",)),
    "an MP3 with more frames than there are": (lambda: with_count(mp3(), 10_000), ("audio_truncated",)),
}


@cache
def long_silence(hours: float) -> bytes:
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", 8000, 1, format="FLAC", subtype="PCM_16") as writer:
        for _ in range(round(hours * 60)):
            writer.write(np.zeros(8000 * 60, np.int16))
    return file.getvalue()


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_recording(api: Api, kind: str) -> None:
    before = everything(api)
    make, codes = FILES[kind]
    content = make()
    began = time.monotonic()
    problem = refused(send(api, content), 422, *codes)
    assert time.monotonic() - began < 10  # also of a whole day
    assert kind != "24 hours" or "24.0 hours" in problem["detail"]
    assert left_over(api) == []
    assert everything(api) == before


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
@pytest.mark.parametrize(
    ("format", "subtype"),
    [
        ("WAV", "PCM_16"),
        ("FLAC", "PCM_16"),
        ("AIFF", "PCM_16"),
        ("MP3", "MPEG_LAYER_III"),
        ("OGG", "VORBIS"),
        ("OGG", "OPUS"),
    ],
)
def test_a_file_that_is_truncated(api: Api, format: str, subtype: str, share: float) -> None:
    content = sound(3, format=format, subtype=subtype, rate=48_000)
    refused(send(api, content[: int(len(content) * share)]), 422, "audio_truncated", "audio_unreadable")
    assert left_over(api) == []
    assert send(api, content).json()["duration_seconds"] == 3


def test_an_mp3_whose_count_is_missing_or_too_low_is_kept_whole(api: Api, tmp_path: Any) -> None:
    whole = mp3("VARIABLE")
    for content in (bare(whole, tmp_path), with_count(whole, 10), bare(mp3("CONSTANT"), tmp_path)):
        kept = send(api, content, type="audio/mpeg").json()
        assert kept["duration_seconds"] == pytest.approx(4, abs=0.1)
        master = soundfile.info(io.BytesIO(api.get(f"/tracks/{kept['id']}/audio").content))
        assert master.duration == pytest.approx(kept["duration_seconds"], abs=0.001)


# -- an upload that is cut at 99 % ------------------------------------------------------------------


def test_an_upload_that_is_cut_at_99_percent(api: Api) -> None:
    content = sound(20)
    before = everything(api)
    notes = notes_left(api)
    cut(api, content, share=0.99, key="cut")
    settled = threading.Event()
    for _ in range(500):
        if not left_over(api) and notes_left(api) == notes:
            break
        settled.wait(0.02)
    assert left_over(api) == []
    assert everything(api) == before
    assert send(api, content, key="cut").status_code == 201


# -- two edits at once ------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["track", "playlist"])
def test_two_edits_at_once(api: Api, what: str) -> None:
    path = f"/tracks/{a_track(api)}" if what == "track" else f"/playlists/{a_playlist(api)['id']}"
    seen = api.get(path).headers["etag"]
    together, answers = threading.Barrier(2), []

    def edit(title: str) -> None:
        with httpx.Client(base_url=f"{api.server.url}/api/v1", headers={"X-API-Key": api.key}) as http:
            together.wait()
            answers.append(http.patch(path, json={"title": title}, headers={"If-Match": seen}))

    threads = [threading.Thread(target=edit, args=(title,)) for title in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [won] = [answer for answer in answers if answer.is_success]
    [lost] = [answer for answer in answers if not answer.is_success]
    refused(lost, 412, "version_conflict")
    assert api.get(path).json()["title"] == won.json()["title"]


# -- SQL and FTS syntax in what is searched for -----------------------------------------------------


@pytest.mark.parametrize(
    "q",
    [
        "'; DROP TABLE track; --",
        "' OR '1'='1",
        "%",
        "_____",
        'rainy" OR title:"x',
        "title:rainy",
        "rainy NEAR/2 night",
        "NOT rainy",
        "rainy*",
        "^rainy",
        "{title artist} : rainy",
        "rainy & !night",
        "rainy <-> night",
        "rainy:*",
        "(((((",
        '"""',
        "\\",
        "\\x00",
        "owner:usr_1",
        "$1",
        ":owner",
        "{{7*7}}",
    ],
)
def test_syntax_in_a_search_is_words_or_nothing(searched: tuple[Api, set[str]], q: str) -> None:
    api, rainy = searched
    found = api.get("/tracks", params={"q": q, "limit": 100})
    assert found.status_code == 200, found.text
    # All words of it must be there, whatever stands between them: NEAR, OR and NOT are words like others.
    words = set("".join(char if char.isalnum() else " " for char in q).split())
    expected = rainy if words and words <= {"rainy", "night"} else set()
    assert {track["id"] for track in found.json()["data"]} == expected
    assert api.get("/tracks?q=rainy+night&limit=100").json()["data"]


@pytest.fixture(scope="module")
def searched(shared: Api) -> tuple[Api, set[str]]:
    """A library with two tracks of rainy nights, of this owner, and one of somebody else."""
    made = [send(shared, WAV, title="Rainy night").json()["id"] for _ in range(2)]
    library(shared.server.services.store, 1)
    return shared, set(made)
