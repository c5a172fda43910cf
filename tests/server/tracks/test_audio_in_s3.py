"""A server whose audio is in an S3 store: it answers as from a folder, and it outlives outages."""

from __future__ import annotations

import base64
import hashlib
import logging
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse import LocalServer
from aimusicverse.secret import Secret
from aimusicverse.server.job_side import sweep_blobs
from aimusicverse.server.store.blobs import s3
from aimusicverse.server.store.blobs.base import blob_path
from aimusicverse.testing.instant_engine import InstantEngine
from tests.server.conftest import Api
from tests.server.store.blobs.places import HURRIED, SECRET
from tests.server.store.s3_stand_in import StandIn

FORMS = ("format=wav", "format=flac", "format=mp3")


@pytest.fixture
def in_s3(
    start: Callable[..., Api], stand_in: StandIn, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Api]:
    """Start servers on one bucket, which do not wait long for it."""
    monkeypatch.setattr(s3, "Patience", lambda: HURRIED)
    return partial(
        start,
        blobs=f"s3://{bucket}/audio",
        s3_endpoint=stand_in.url,
        s3_region="us-east-1",
        s3_access_key_id="tester",
        s3_secret_access_key=Secret(SECRET),
    )


def delete_cache(api: Api) -> None:
    shutil.rmtree(api.server.services.settings.data_dir / "cache", onerror=_gone_by_itself)


def answers(api: Api, track_id: str) -> list[tuple[int, dict[str, str], bytes]]:
    """What all kinds of questions get, without what differs from answer to answer."""
    found = []
    for form in FORMS:
        path = f"/tracks/{track_id}/audio?{form}"
        etag = api.get(path).headers["etag"]
        for headers in (
            {},
            {"Range": "bytes=0-99"},
            {"Range": "bytes=100-"},
            {"Range": "bytes=-100"},
            {"Range": "bytes=99999999-"},
            {"Range": "bytes=5-2"},
            {"Range": "bytes=0-9", "If-Range": etag},
            {"Range": "bytes=0-9", "If-Range": '"another"'},
            {"If-None-Match": etag},
        ):
            for method in ("GET", "HEAD"):
                answer = api.http.request(method, path, headers=headers)
                kept = {
                    name: value
                    for name, value in answer.headers.items()
                    if name not in ("date", "x-request-id")
                }
                found.append((answer.status_code, kept, b"" if answer.status_code == 416 else answer.content))
    return found


@pytest.mark.usefixtures("sqlite_only")
def test_all_answers_are_those_of_a_folder(
    start: Callable[..., Api], in_s3: Callable[..., Api], tmp_path: Path
) -> None:
    folder = start(tmp_path / "folder", database_url=None)
    remote = in_s3(tmp_path / "remote", database_url=None, blob_cache_mb=0)
    asked = {"prompt": "lofi", "seed": 1, "title": "Rain"}
    of_folder, of_remote = (api.generate(**asked)["tracks"][0] for api in (folder, remote))
    assert of_folder["audio"]["sha256"] == of_remote["audio"]["sha256"]
    expected = answers(folder, of_folder["id"])
    assert [answer[0] for answer in expected[:18:2]] == [200, 206, 206, 206, 416, 200, 206, 200, 304]
    for left, right in zip(expected, answers(remote, of_remote["id"]), strict=True):
        assert left == right


def test_a_song_is_served_whole_and_in_parts_without_its_copies(in_s3: Callable[..., Api]) -> None:
    api = in_s3()
    track = api.generate()["tracks"][0]
    for form in FORMS:
        path = f"/tracks/{track['id']}/audio?{form}"
        whole = api.get(path)
        delete_cache(api)
        assert api.get(path).content == whole.content
        assert hashlib.sha256(whole.content).hexdigest() == whole.headers["x-content-sha256"]
        delete_cache(api) if (api.server.services.settings.data_dir / "cache").exists() else None
        part = api.get(path, headers={"Range": "bytes=10-29"})
        assert (part.status_code, part.content) == (206, whole.content[10:30])
    link = api.post(f"/tracks/{track['id']}/play-url", json={"format": "mp3"}).json()
    assert httpx.get(link["url"]).content[-200:] == whole.content[-200:]  # it says less of how it was made
    assert not (api.server.services.settings.data_dir / "blobs").exists()


def test_a_render_whose_upload_fails_is_stored_once_the_store_is_well(
    in_s3: Callable[..., Api], stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    api = in_s3()
    stand_in.play(status=503, method="PUT")
    with caplog.at_level(logging.ERROR, logger="aimusicverse"):
        created = api.post("/generate", json={"prompt": "x", "duration_seconds": 5}).json()
        until(lambda: any("waits for the audio store" in record.message for record in caplog.records))
    assert api.get(f"/generations/{created['id']}").json()["status"] == "processing"
    stand_in.well_again()
    api.advance(timedelta(seconds=31))
    ended = api.wait(created["id"])
    assert (ended["status"], len(ended["tracks"])) == ("completed", 1)
    assert api.get(f"/tracks/{ended['tracks'][0]['id']}/audio").status_code == 200
    line = next(record for record in caplog.records if "waits for the audio store" in record.message)
    assert "503 SlowDown" in vars(line)["error"]
    assert SECRET not in caplog.text


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_nothing_is_rendered_while_nothing_can_be_kept(in_s3: Callable[..., Api], stand_in: StandIn) -> None:
    api = in_s3()
    stand_in.play(status=503)
    created = api.post("/generate", json={"prompt": "x", "duration_seconds": 5}).json()
    time.sleep(1)
    assert not api.engine.started.acquire(blocking=False)
    assert api.get(f"/generations/{created['id']}").json()["status"] == "queued"
    cancelled = api.post(f"/generations/{created['id']}/cancel").json()
    assert cancelled["status"] == "cancelled"


def test_a_render_that_is_cancelled_while_it_is_uploaded_ends_at_once(
    in_s3: Callable[..., Api], stand_in: StandIn
) -> None:
    api = in_s3()
    stand_in.play(delay=20, method="PUT")
    created = api.post("/generate", json={"prompt": "x", "duration_seconds": 5}).json()
    until(lambda: any(call.startswith("PUT") for call in stand_in.calls()))
    api.post(f"/generations/{created['id']}/cancel")
    until(lambda: not list((api.server.services.settings.data_dir / "cache/tmp").iterdir()))
    assert api.get(f"/generations/{created['id']}").json()["tracks"] == []


def test_a_store_that_is_away_is_503_until_it_is_well(in_s3: Callable[..., Api], stand_in: StandIn) -> None:
    api = in_s3(blob_cache_mb=0)
    track = api.generate()["tracks"][0]
    stand_in.play(status=503)
    for form in FORMS:
        answer = api.get(f"/tracks/{track['id']}/audio?{form}")
        assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
        assert int(answer.headers["retry-after"]) >= 1
    ready = httpx.get(f"{api.server.url}/readyz")
    assert (ready.status_code, ready.json()["code"]) == (503, "not_ready")
    assert "503 SlowDown" in ready.json()["detail"]
    stand_in.well_again()
    for form in FORMS:
        assert api.get(f"/tracks/{track['id']}/audio?{form}").status_code == 200
    assert httpx.get(f"{api.server.url}/readyz").status_code == 200


def test_an_answer_that_cannot_be_finished_is_cut_and_never_short(
    in_s3: Callable[..., Api], stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "_PIECE_BYTES", 10_000)
    api = in_s3(blob_cache_mb=0)
    track = api.generate(duration_seconds=600)["tracks"][0]
    with api.http.stream("GET", f"/tracks/{track['id']}/audio") as answer:
        parts = answer.iter_raw()
        next(parts)
        stand_in.play(status=503)
        with pytest.raises(httpx.RemoteProtocolError):
            for _ in parts:
                pass


def test_content_that_is_lost_or_damaged_in_the_store_is_said_to_be_lost(
    in_s3: Callable[..., Api], stand_in: StandIn, bucket: str
) -> None:
    api = in_s3(blob_cache_mb=0)
    track = api.generate()["tracks"][0]
    key = f"audio/{blob_path(track['audio']['sha256'])}"
    content = bytearray(api.get(f"/tracks/{track['id']}/audio").content)
    content[5000] ^= 1
    stand_in.replace(bucket, key, bytes(content))
    assert api.get(f"/tracks/{track['id']}/audio?format=flac").json()["code"] == "audio_lost"
    stand_in.replace(bucket, key, None)
    for form in FORMS:
        answer = api.get(f"/tracks/{track['id']}/audio?{form}")
        assert (answer.status_code, answer.json()["code"]) == (500, "audio_lost")


def test_the_sweep_keeps_what_tracks_and_their_other_forms_name(
    in_s3: Callable[..., Api], stand_in: StandIn, bucket: str
) -> None:
    api = in_s3(blob_cache_mb=0)
    track = api.generate()["tracks"][0]
    flac = api.get(f"/tracks/{track['id']}/audio?format=flac").headers["x-content-sha256"]
    blobs: Any = api.server.services.blobs
    stray = hashlib.sha256(b"stray").hexdigest()
    stand_in.replace(bucket, f"audio/{blob_path(stray)}", b"stray")
    blobs._prepared.clear()
    # As if an hour had passed since: all three are old, and the database is older.
    hour = timedelta(hours=1, minutes=1)
    for name in (track["audio"]["sha256"], flac, stray):
        stand_in.age(bucket, f"audio/{blob_path(name)}", hour)
    owner_is_old(api)
    stand_in.calls()
    sweep_blobs(api.server.services.store, blobs)
    assert [call for call in stand_in.calls() if call.startswith("DELETE")] == [
        f"DELETE /{bucket}/audio/{blob_path(stray)}"
    ]


def owner_is_old(api: Api) -> None:
    import sqlalchemy as sa

    from aimusicverse.server.store.tables import owner

    store = api.server.services.store
    store.write_now(
        lambda tx: tx.execute(sa.update(owner).values(created_at=tx.now - timedelta(days=1))).rowcount
    )


def test_two_servers_on_one_database_serve_each_others_audio(
    in_s3: Callable[..., Api], database_url: Secret | None, tmp_path: Path
) -> None:
    if database_url is None:
        pytest.skip("a file is one server's")
    master_key = Secret(base64.b64encode(bytes(32)).decode())
    one, other = (in_s3(tmp_path / name, master_key=master_key) for name in ("one", "other"))
    track = other.generate()["tracks"][0]
    for form in FORMS:
        path = f"{one.server.url}/api/v1/tracks/{track['id']}/audio?{form}"
        there = f"{other.server.url}/api/v1/tracks/{track['id']}/audio?{form}"
        headers = {"X-API-Key": other.key}  # a server that starts makes its own
        assert httpx.get(path, headers=headers).content == httpx.get(there, headers=headers).content


@pytest.mark.usefixtures("sqlite_only")
def test_a_state_that_was_kept_finds_its_audio_again(in_s3: Callable[..., Api]) -> None:
    api = in_s3(dev=True)
    track = api.generate()["tracks"][0]
    whole = api.get(f"/tracks/{track['id']}/audio").content
    kept = api.server.services.dev.states.keep()
    api.server.services.dev.states.reset()
    assert api.get(f"/tracks/{track['id']}").status_code == 404
    api.server.services.dev.states.restore(kept)
    assert api.get(f"/tracks/{track['id']}/audio").content == whole


def test_a_server_that_starts_anew_has_all_it_had(in_s3: Callable[..., Api]) -> None:
    api = in_s3()
    track = api.generate()["tracks"][0]
    whole = api.get(f"/tracks/{track['id']}/audio").content
    api.server.close()
    delete_cache(api)
    assert in_s3().get(f"/tracks/{track['id']}/audio").content == whole


def _gone_by_itself(_function: object, _path: str, error: Any) -> None:
    """What a render has used is cleared up by the server meanwhile."""
    if not isinstance(error[1], FileNotFoundError):
        raise error[1]


def test_a_local_server_takes_its_place_from_the_environment(
    stand_in: StandIn, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMV_BLOBS", f"s3://{bucket}")
    monkeypatch.setenv("AMV_S3_ENDPOINT", stand_in.url)
    monkeypatch.setenv("AMV_S3_REGION", "us-east-1")
    monkeypatch.setenv("AMV_S3_ACCESS_KEY_ID", "tester")
    monkeypatch.setenv("AMV_S3_SECRET_ACCESS_KEY", SECRET)
    with LocalServer(tmp_path / "data", engines=[InstantEngine()]) as server, server.client() as client:
        song = client.generate("lofi", duration_seconds=5)
        shutil.rmtree(tmp_path / "data" / "cache", onerror=_gone_by_itself)
        for form in ("wav", "flac", "mp3"):
            client.tracks.download(song.tracks[0], tmp_path / f"song.{form}")
            assert (tmp_path / f"song.{form}").stat().st_size > 1000
    assert {"PUT", "GET"} <= {call.partition(" ")[0] for call in stand_in.calls()}
    assert stand_in.users() == {"tester"}
    assert not (tmp_path / "data" / "blobs").exists()
