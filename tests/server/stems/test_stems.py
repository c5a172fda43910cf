"""The stems of a track: asked for, waited for, kept, heard; on both databases, over a real socket."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import soundfile

from aimusicverse.audio import tags
from aimusicverse.engines.base import EngineError
from aimusicverse.server import kept_blobs
from aimusicverse.server.tracks import service as tracks
from tests.server.conftest import Api


@pytest.fixture
def track(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api.generate(title="Rainy night")["tracks"][0]
    return found


def ready(api: Api, track_id: str) -> dict[str, Any]:
    """The stems, once they are made."""
    asked = api.post(f"/tracks/{track_id}/stems")
    assert asked.status_code == 202, asked.text
    found: dict[str, Any] = api.get(f"/tracks/{track_id}/stems?wait=20").json()
    assert found["status"] == "ready", found
    return found


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_stems_are_made_when_they_are_asked_for_and_then_kept(api: Api, track: dict[str, Any]) -> None:
    assert code(api.get(f"/tracks/{track['id']}/stems")) == (404, "stems_not_found")
    asked = api.post(f"/tracks/{track['id']}/stems").json()
    assert asked["status"] in ("queued", "processing", "ready")
    found = ready(api, track["id"])
    assert found["track_id"] == track["id"]
    assert found["progress"] == 1
    assert found["gain_db"] == -2.5
    assert (found["sample_rate"], found["channels"], found["bit_depth"]) == (8000, 2, 16)
    assert found["duration_seconds"] == track["duration_seconds"]
    assert [(stem["name"], stem["instrument"], stem["role"]) for stem in found["stems"]] == [
        ("01-bass", "bass", "bass"),
        ("02-piano", "piano", "chords"),
    ]
    assert [stem["peak_dbfs"] for stem in found["stems"]] == [-7, -8]
    before = api.engine.started._value
    assert api.post(f"/tracks/{track['id']}/stems").json() == found
    assert api.engine.started._value == before


def test_many_who_ask_at_once_get_one_set(api: Api, track: dict[str, Any]) -> None:
    before = api.engine.started._value
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: api.post(f"/tracks/{track['id']}/stems"), range(16)))
    assert {answer.status_code for answer in answers} == {202}
    ready(api, track["id"])
    assert api.engine.started._value == before + 1


def test_an_idempotency_key_gives_the_first_answer_again(api: Api, track: dict[str, Any]) -> None:
    key = {"Idempotency-Key": "stems-1"}
    first = api.post(f"/tracks/{track['id']}/stems", headers=key).json()
    ready(api, track["id"])
    assert api.post(f"/tracks/{track['id']}/stems", headers=key).json() == first


def test_a_wait_tells_of_progress_only_when_it_is_over(
    api: Api, track: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimusicverse.server.jobs.engine_work.REPORT_SECONDS", 0.02)
    api.engine.held.set()
    api.post(f"/tracks/{track['id']}/stems")
    for _ in range(200):
        found = api.get(f"/tracks/{track['id']}/stems").json()
        if found["progress"] == 0.5:
            break
        time.sleep(0.02)
    assert (found["status"], found["stage"], found["progress"]) == ("processing", "render", 0.5)
    assert found["stems"] == []
    assert found["gain_db"] is None
    api.engine.held.clear()
    assert api.get(f"/tracks/{track['id']}/stems?wait=20").json()["status"] == "ready"


@pytest.mark.parametrize("format", ["wav", "flac"])
def test_a_stem_is_heard_whole_in_both_forms(api: Api, track: dict[str, Any], format: str) -> None:
    found = ready(api, track["id"])
    master = api.get(f"/tracks/{track['id']}/audio").content
    for stem in found["stems"]:
        answer = api.http.get(f"{api.server.url}{stem['url']}?format={format}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"audio/{format}"
        assert answer.headers["content-disposition"].endswith(f"{stem['name']}%20Rainy%20night.{format}")
        samples, rate = soundfile.read(io.BytesIO(answer.content), dtype="int16")
        assert rate == 8000
        assert len(samples) == len(soundfile.read(io.BytesIO(master))[0])
        if format == "wav":
            assert len(answer.content) == stem["size_bytes"]
            assert answer.headers["x-content-sha256"] == stem["sha256"]


def test_a_stem_says_of_which_track_it_is(api: Api, track: dict[str, Any], tmp_path: Path) -> None:
    found = ready(api, track["id"])
    api.patch(f"/tracks/{track['id']}", json={"title": "Dry day", "artist": "Ada Lin"})
    answer = api.get(f"/tracks/{track['id']}/stems/{found['stems'][0]['name']}/audio?format=flac")
    (tmp_path / "a.flac").write_bytes(answer.content)
    said = tags.read(tmp_path / "a.flac")
    assert (said.title, said.artist) == ("Dry day (bass)", "Ada Lin")
    assert said.provenance is not None


def test_a_part_of_a_stem_and_its_head_can_be_asked_for(api: Api, track: dict[str, Any]) -> None:
    stem = ready(api, track["id"])["stems"][0]
    url = f"{api.server.url}{stem['url']}"
    whole = api.http.get(url).content
    part = api.http.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])
    head = api.http.head(url)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(whole)), b"")
    assert api.http.get(url, headers={"If-None-Match": head.headers["etag"]}).status_code == 304
    assert code(api.http.get(url, headers={"Range": "bytes=999999999-"})) == (416, "range_not_satisfiable")
    assert code(api.http.get(f"{url}?format=mp3")) == (422, "invalid_request")


def test_a_stem_that_is_not_there_or_not_yet_is_told_apart(api: Api, track: dict[str, Any]) -> None:
    path = f"/tracks/{track['id']}/stems"
    assert code(api.get(f"{path}/01-bass/audio")) == (404, "stems_not_found")
    api.engine.held.set()
    api.post(path)
    assert code(api.get(f"{path}/01-bass/audio")) == (409, "stems_not_ready")
    api.engine.held.clear()
    ready(api, track["id"])
    wrong = api.get(f"{path}/03-harp/audio")
    assert code(wrong) == (404, "stems_not_found")
    assert "01-bass, 02-piano" in wrong.json()["detail"]
    assert code(api.get("/tracks/trk_none/stems")) == (404, "track_not_found")
    assert code(api.post("/tracks/trk_none/stems")) == (404, "track_not_found")


def test_a_failure_is_said_and_asking_again_starts_anew(api: Api, track: dict[str, Any]) -> None:
    api.engine.failures.append(EngineError("engine_failed", "out of luck"))
    api.post(f"/tracks/{track['id']}/stems")
    found = api.get(f"/tracks/{track['id']}/stems?wait=20").json()
    assert (found["status"], found["problem"]["code"]) == ("failed", "engine_failed")
    assert found["problem"]["detail"] == "out of luck"
    assert code(api.get(f"/tracks/{track['id']}/stems/01-bass/audio")) == (409, "stems_not_ready")
    again = ready(api, track["id"])
    assert again["problem"] is None
    assert again["created_at"] == found["created_at"]


def test_a_stem_that_was_lost_is_made_again_when_it_is_asked_for(api: Api, track: dict[str, Any]) -> None:
    found = ready(api, track["id"])
    path = f"/tracks/{track['id']}/stems/{found['stems'][0]['name']}/audio"
    first = api.get(path).content
    [blob] = api.server.services.settings.data_dir.rglob(found["stems"][0]["sha256"])
    blob.unlink()
    assert code(api.get(path)) == (500, "audio_lost")
    api.engine.held.set()
    waiting = api.post(f"/tracks/{track['id']}/stems").json()
    assert (waiting["status"], waiting["stems"], waiting["gain_db"]) == ("queued", [], None)
    api.engine.held.clear()
    again = ready(api, track["id"])
    assert again["stems"] == found["stems"]
    assert api.get(path).content == first


def test_a_crash_of_the_engine_gets_another_try(api: Api, track: dict[str, Any]) -> None:
    api.engine.failures.append(EngineError("engine_crashed", "killed"))
    ready(api, track["id"])


def test_a_track_that_cannot_be_played_anew_has_no_stems_and_says_why(
    api: Api, track: dict[str, Any]
) -> None:
    path = f"/tracks/{track['id']}/stems"
    api.engine.version = "2"
    other = api.post(path)
    assert code(other) == (409, "stems_unavailable")
    assert "made by quick 1. This server has 2" in other.json()["detail"]
    api.engine.version = "1"
    api.engine.outputs = ["audio"]
    assert "makes no stems" in api.post(path).json()["detail"]
    sound = api.get(f"/tracks/{track['id']}/audio").content
    headers = {"Content-Type": "audio/wav"}
    uploaded = api.post("/tracks?title=Mine", content=sound, headers=headers).json()
    answer = api.post(f"/tracks/{uploaded['id']}/stems")
    assert code(answer) == (409, "stems_unavailable")
    assert "was uploaded" in answer.json()["detail"]


def test_stems_need_the_scopes_of_tracks_and_belong_to_their_owner(api: Api, track: dict[str, Any]) -> None:
    ready(api, track["id"])

    def using(key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {key}"}

    read = api.post("/api-keys", json={"name": "r", "scopes": ["tracks:read"]}).json()["key"]
    path = f"/tracks/{track['id']}/stems"
    assert api.get(path, headers=using(read)).status_code == 200
    assert api.get(f"{path}/01-bass/audio", headers=using(read)).status_code == 200
    assert code(api.post(path, headers=using(read))) == (403, "scope_missing")
    stranger = api.post("/admin/users", json={"name": "Else"}).json()["api_key"]["key"]
    for answer in (api.get(path, headers=using(stranger)), api.post(path, headers=using(stranger))):
        assert code(answer) == (404, "track_not_found")
    assert api.get(f"{path}/01-bass/audio", headers=using(stranger)).status_code == 404


def test_stems_go_with_their_track_for_good(api: Api, track: dict[str, Any]) -> None:
    stems = ready(api, track["id"])["stems"]
    hashes = [stem["sha256"] for stem in stems]
    api.get(f"/tracks/{track['id']}/stems/01-bass/audio?format=flac")
    store = api.server.services.store
    assert store.read_now(kept_blobs.named, hashes) == set(hashes)
    assert {kept.sha256 for kept in store.read_now(kept_blobs.for_a_backup)} >= set(hashes)
    api.delete(f"/tracks/{track['id']}")
    assert code(api.get(f"/tracks/{track['id']}/stems")) == (404, "track_not_found")
    api.post(f"/tracks/{track['id']}/restore")
    assert api.get(f"/tracks/{track['id']}/stems").json()["stems"] == stems
    api.delete(f"/tracks/{track['id']}")
    api.advance(timedelta(days=31))
    store.write_now(tracks.purge)
    assert store.read_now(kept_blobs.named, hashes) == set()


def test_stems_in_the_making_are_stopped_when_their_track_is_gone_for_good(
    api: Api, track: dict[str, Any]
) -> None:
    api.engine.held.set()
    api.post(f"/tracks/{track['id']}/stems")
    while not api.engine.running:
        time.sleep(0.01)
    api.delete(f"/tracks/{track['id']}")
    api.advance(timedelta(days=31))
    api.server.services.store.write_now(tracks.purge)
    for _ in range(500):
        if not api.engine.running:
            break
        time.sleep(0.01)
    assert api.engine.running == 0
    api.engine.held.clear()


def test_work_that_was_interrupted_by_a_stop_is_done_after_the_next_start(
    start: Callable[..., Api],
) -> None:
    first = start()
    track_id = first.generate()["tracks"][0]["id"]
    first.engine.held.set()
    first.post(f"/tracks/{track_id}/stems")
    while not first.engine.running:
        time.sleep(0.01)
    first.server.close()
    second = start()
    assert second.get(f"/tracks/{track_id}/stems?wait=20").json()["status"] == "ready"
