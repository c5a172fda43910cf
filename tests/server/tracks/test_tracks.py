"""The library and its audio, over a real socket."""

from __future__ import annotations

import asyncio
import hashlib
import io
import wave
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from aimusicverse.audio import tags
from aimusicverse.audio.tags import Tags
from aimusicverse.server.blob_response import file_name
from aimusicverse.server.tracks import encodings
from tests.server.conftest import Api
from tests.server.tracks.test_uploads import WAV, send


def made(api: Api, **fields: object) -> dict[str, object]:
    track: dict[str, object] = api.generate(**fields)["tracks"][0]
    return track


def test_tracks_are_listed_newest_first_and_by_genre(api: Api) -> None:
    house = made(api, prompt="house")
    lofi = made(api, prompt="lofi")
    assert [track["id"] for track in api.get("/tracks").json()["data"]] == [lofi["id"], house["id"]]
    assert [track["id"] for track in api.get("/tracks?genre=house").json()["data"]] == [house["id"]]


def test_a_deleted_track_is_gone_from_everywhere(api: Api) -> None:
    track = made(api)
    assert api.delete(f"/tracks/{track['id']}").status_code == 204
    for path in (f"/tracks/{track['id']}", f"/tracks/{track['id']}/audio"):
        assert api.get(path).json()["code"] == "track_not_found"
    assert api.delete(f"/tracks/{track['id']}").status_code == 404
    assert api.get("/tracks").json()["data"] == []
    assert api.get("/generations").json()["data"][0]["tracks"] == []
    assert api.event_types()[-1] == "track.deleted"


def test_the_audio_is_the_master_byte_for_byte(api: Api) -> None:
    track = made(api, duration_seconds=6)
    answer = api.get(f"/tracks/{track['id']}/audio")
    assert answer.headers["content-type"] == "audio/wav"
    assert hashlib.sha256(answer.content).hexdigest() == track["audio"]["sha256"]  # type: ignore[index]
    with wave.open(io.BytesIO(answer.content)) as file:
        assert file.getnframes() == 6 * file.getframerate()


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, None),
        ("bytes=-100", -100, None),
        ("bytes=0-99999999", 0, None),
    ],
)
def test_a_range_gives_that_part(api: Api, asked: str, first: int, last: int | None) -> None:
    track = made(api)
    whole = api.get(f"/tracks/{track['id']}/audio").content
    part = api.get(f"/tracks/{track['id']}/audio", headers={"Range": asked})
    assert part.status_code == 206
    assert part.content == whole[first : None if last is None else last + 1]


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_outside_the_file_is_416_with_the_size(api: Api, asked: str) -> None:
    track = made(api)
    answer = api.get(f"/tracks/{track['id']}/audio", headers={"Range": asked})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{track['audio']['size_bytes']}"  # type: ignore[index]


@pytest.mark.parametrize("asked", ["bytes=abc", "lines=1-2", "bytes=5-2", "bytes=-", "bytes=0-1,3-4"])
def test_a_range_that_is_not_understood_is_ignored(api: Api, asked: str) -> None:
    track = made(api)
    answer = api.get(f"/tracks/{track['id']}/audio", headers={"Range": asked})
    assert answer.status_code == 200
    assert len(answer.content) == track["audio"]["size_bytes"]  # type: ignore[index]


def test_what_you_have_already_is_not_sent_again(api: Api) -> None:
    track = made(api)
    etag = api.get(f"/tracks/{track['id']}/audio").headers["etag"]
    again = api.get(f"/tracks/{track['id']}/audio", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_head_tells_the_size_and_sends_nothing(api: Api) -> None:
    track = made(api)
    answer = api.http.head(f"/tracks/{track['id']}/audio")
    assert answer.headers["content-length"] == str(track["audio"]["size_bytes"])  # type: ignore[index]
    assert answer.content == b""


@pytest.mark.parametrize(
    ("query", "kind", "magic"),
    [
        ("format=flac", "audio/flac", b"fLaC"),
        ("format=mp3", "audio/mpeg", b"ID3"),
        ("format=wav&bit_depth=24", "audio/wav", b"RIFF"),
    ],
)
def test_other_forms_are_made_once_and_kept(
    api: Api, query: str, kind: str, magic: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = made(api)
    first = api.get(f"/tracks/{track['id']}/audio?{query}")
    assert first.headers["content-type"] == kind
    assert first.content.startswith(magic)
    monkeypatch.setattr(api.server.services.encodings, "_encode", None)
    assert api.get(f"/tracks/{track['id']}/audio?{query}").content == first.content


def said(content: bytes, folder: Path) -> Tags:
    path = folder / "fetched"
    path.write_bytes(content)
    return tags.read(path)


@pytest.mark.parametrize("query", ["format=wav", "format=wav&bit_depth=24", "format=flac", "format=mp3"])
def test_a_file_says_how_it_was_made(api: Api, query: str, tmp_path: Path) -> None:
    track: Any = made(api, prompt="lofi, “rain”\u2028now", seed=7)
    found = said(api.get(f"/tracks/{track['id']}/audio?{query}").content, tmp_path)
    assert (found.title, found.genre, found.ai_parts) == (track["title"], "lofi", "composition, instruments")
    told = found.made_how()
    assert told is not None
    assert (told["engine"], told["prompt"], told["seed"]) == ("quick", track["provenance"]["prompt"], 7)
    assert api.post("/generate", json={"prompt": "x", "plan": told["plan"]}).status_code == 202
    assert not {"generation_id", "derived_from_track_id"} & set(told)


def test_the_same_request_gives_the_same_file(api: Api) -> None:
    one: Any = made(api, prompt="lofi", seed=7)
    other: Any = made(api, prompt="lofi", seed=7)
    assert one["audio"]["sha256"] == other["audio"]["sha256"]


def test_a_new_title_is_in_the_next_mp3_without_encoding_it_again(
    api: Api, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    track = made(api)
    url = f"/tracks/{track['id']}/audio?format=mp3"
    first = api.get(url)
    monkeypatch.setattr(encodings, "_encoded", None)
    api.http.patch(f"/tracks/{track['id']}", json={"title": "Rain", "artist": "Zoë", "genre": "jazz"})
    second = api.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    found = said(second.content, tmp_path)
    assert (found.title, found.artist, found.genre) == ("Rain", "Zoë", "jazz")
    assert found.made_how() == said(first.content, tmp_path).made_how()
    assert first.content[-1000:] == second.content[-1000:]
    assert api.get(url).content == second.content
    assert "no-cache" in second.headers["cache-control"]


def test_a_master_stays_as_it_was_made_whatever_it_is_called(api: Api, tmp_path: Path) -> None:
    track: Any = made(api)
    api.http.patch(f"/tracks/{track['id']}", json={"title": "Rain"})
    answer = api.get(f"/tracks/{track['id']}/audio")
    assert hashlib.sha256(answer.content).hexdigest() == track["audio"]["sha256"]
    assert said(answer.content, tmp_path).title == track["title"]
    assert "immutable" in answer.headers["cache-control"]


def test_an_encoding_with_old_tags_that_was_damaged_is_made_anew(api: Api, tmp_path: Path) -> None:
    track = made(api)
    first = api.get(f"/tracks/{track['id']}/audio?format=flac")
    path = api.server.services.blobs.path(first.headers["x-content-sha256"])
    path.write_bytes(b"\0" * path.stat().st_size)
    api.http.patch(f"/tracks/{track['id']}", json={"title": "Rain"})
    second = api.get(f"/tracks/{track['id']}/audio?format=flac")
    assert said(second.content, tmp_path).title == "Rain"
    assert second.content[-1000:] == first.content[-1000:]


def test_an_encoding_that_was_lost_is_made_again(api: Api) -> None:
    track = made(api)
    first = api.get(f"/tracks/{track['id']}/audio?format=flac")
    api.server.services.blobs.path(first.headers["x-content-sha256"]).unlink()
    assert api.get(f"/tracks/{track['id']}/audio?format=flac").content == first.content


def test_a_damaged_master_is_said_to_be_lost(api: Api) -> None:
    track = made(api)
    path = api.server.services.blobs.path(track["audio"]["sha256"])  # type: ignore[index]
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)
    assert api.get(f"/tracks/{track['id']}/audio?format=flac").json()["code"] == "audio_lost"


def test_mp3_has_no_bit_depth(api: Api) -> None:
    track = made(api)
    answer = api.get(f"/tracks/{track['id']}/audio?format=mp3&bit_depth=16")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.bit_depth")


async def test_many_who_ask_for_one_form_at_once_get_one_file(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = made(api)
    encode, calls = api.server.services.encodings._encode, []

    def counted(*form: Any) -> tuple[str, int]:
        calls.append(form)
        return encode(*form)

    monkeypatch.setattr(api.server.services.encodings, "_encode", counted)
    url = f"{api.server.url}/api/v1/tracks/{track['id']}/audio?format=flac"
    async with httpx.AsyncClient(headers={"X-API-Key": api.key}, timeout=30) as http:
        answers = await asyncio.gather(*(http.get(url) for _ in range(8)))
    assert len({answer.content for answer in answers}) == len(calls) == 1


def test_a_play_link_plays_without_a_key(api: Api) -> None:
    track = made(api)
    link = api.post(f"/tracks/{track['id']}/play-url", json={"format": "wav"}).json()
    assert api.key not in link["url"]
    played = httpx.get(link["url"], headers={"Range": "bytes=0-3"})
    assert (played.status_code, played.content) == (206, b"RIFF")


@pytest.mark.parametrize("format", ["wav", "flac", "mp3"])
def test_whoever_has_a_link_hears_the_same_and_is_not_told_the_prompt(
    api: Api, format: str, tmp_path: Path
) -> None:
    track: Any = made(api, prompt="lofi, a secret wish", title="Rain")
    own = api.get(f"/tracks/{track['id']}/audio?format={format}").content
    link = api.post(f"/tracks/{track['id']}/play-url", json={"format": format}).json()["url"]
    played = httpx.get(link)
    assert b"a secret wish" in own
    assert b"a secret wish" not in played.content
    found = said(played.content, tmp_path)
    assert (found.title, found.ai_parts, found.provenance) == ("Rain", "composition, instruments", None)
    assert api.get(f"/tracks/{track['id']}/audio?format={format}").content == own
    assert httpx.get(link).content == played.content
    for path, content in ((tmp_path / "a", own), (tmp_path / "b", played.content)):
        path.write_bytes(content)
        tags.write(path, path, Tags())
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_link_to_what_somebody_brought_gives_the_master(api: Api) -> None:
    track = send(api, WAV).json()
    link = api.post(f"/tracks/{track['id']}/play-url", json={"format": "wav"}).json()["url"]
    assert httpx.get(link).content == WAV


@pytest.mark.parametrize("format", ["wav", "flac", "mp3"])
def test_a_link_to_a_file_that_came_back_does_not_tell_the_prompt_in_it(
    api: Api, format: str, tmp_path: Path
) -> None:
    first: Any = made(api, prompt="lofi, a secret wish", title="Rain")
    back = send(api, api.get(f"/tracks/{first['id']}/audio").content).json()
    link = api.post(f"/tracks/{back['id']}/play-url", json={"format": format}).json()["url"]
    own = api.get(f"/tracks/{back['id']}/audio?format={format}").content
    played = httpx.get(link).content
    assert b"a secret wish" in own
    assert b"a secret wish" not in played
    assert said(played, tmp_path).ai_parts == "composition, instruments"
    assert httpx.get(link).content == played
    assert api.get(f"/tracks/{back['id']}/audio?format={format}").content == own


def test_a_play_link_ends(api: Api) -> None:
    track = made(api)
    link = api.post(
        f"/tracks/{track['id']}/play-url", json={"format": "wav", "expires_in_seconds": 60}
    ).json()
    api.advance(timedelta(seconds=62))
    expired = httpx.get(link["url"])
    assert (expired.status_code, expired.json()["code"]) == (403, "play_url_expired")


def test_a_play_link_cannot_be_changed(api: Api) -> None:
    track, other = made(api), made(api)
    url = api.post(f"/tracks/{track['id']}/play-url", json={"format": "wav"}).json()["url"]
    query = dict(pair.split("=") for pair in urlsplit(url).query.split("&"))
    changed = [
        url.replace(str(track["id"]), str(other["id"])),
        url.replace("format=wav", "format=mp3"),
        url.replace(query["expires"], str(int(query["expires"]) + 1)),
        url.replace(query["signature"], query["signature"][:-1]),
        url.replace(query["signature"], "é"),
        url.replace("&owner=" + query["owner"], ""),
    ]
    for attempt in changed:
        answer = httpx.get(attempt)
        assert (answer.status_code, answer.json()["code"]) == (403, "play_url_invalid"), attempt


def test_a_play_link_needs_a_track_of_yours(api: Api) -> None:
    assert api.post("/tracks/trk_unknown/play-url", json={}).status_code == 404


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Rain", "Rain"),
        ("../../etc/passwd", "etcpasswd"),
        ("a\x00b\nc", "abc"),
        ("...", "track"),
        ("夜雨", "夜雨"),
        ('quote " me', "quote  me"),
    ],
)
def test_a_title_becomes_a_harmless_file_name(title: str, name: str) -> None:
    assert file_name(title, "track") == name


def test_a_title_in_any_script_survives_the_header(api: Api) -> None:
    track = made(api, title="夜雨 “Ω”")
    answer = api.get(f"/tracks/{track['id']}/audio")
    assert "utf-8''" in answer.headers["content-disposition"]


def test_an_audio_file_that_vanished_is_a_problem_not_a_crash(api: Api) -> None:
    track = made(api)
    for file in Path(api.server.services.settings.data_dir / "blobs").rglob("*"):
        if file.is_file():
            file.unlink()
    for query in ("", "?format=flac"):
        answer = api.get(f"/tracks/{track['id']}/audio{query}")
        assert (answer.status_code, answer.json()["code"]) == (500, "audio_lost")
