"""What a person does with tracks: change them, delete them, bring them back."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from aimusicverse.server.job_side import sweep_blobs
from aimusicverse.server.store.blobs import base
from aimusicverse.server.store.tables import encoding
from aimusicverse.server.store.tables import track as tracks
from aimusicverse.server.tracks import service
from tests.server.conftest import Api
from tests.server.security.keys import another_owner


def made(api: Api, **fields: object) -> dict[str, Any]:
    track: dict[str, Any] = api.generate(**fields)["tracks"][0]
    return track


# -- changing -------------------------------------------------------------------------------------


def test_what_is_given_is_changed_and_the_rest_stays(api: Api) -> None:
    track = made(api, title="a", tags=["x"])
    asked = {"title": "Rainy Night", "artist": "Ada Lin", "genre": "jazz", "lyrics": "la\nla"}
    changed = api.patch(f"/tracks/{track['id']}", json=asked).json()
    assert changed == {
        **track,
        **asked,
        "updated_at": changed["updated_at"],
        "etag": changed["etag"],
        "version": 2,
    }
    assert changed == api.get(f"/tracks/{track['id']}").json() == api.get("/tracks").json()["data"][0]
    emptied = api.patch(f"/tracks/{track['id']}", json={"artist": None, "lyrics": None, "tags": []}).json()
    assert (emptied["artist"], emptied["lyrics"], emptied["tags"]) == (None, None, [])
    assert (emptied["title"], emptied["genre"], emptied["version"]) == ("Rainy Night", "jazz", 3)


def test_a_change_is_told(api: Api) -> None:
    track = made(api)
    api.patch(f"/tracks/{track['id']}", json={"title": "b"})
    event = api.get("/events").json()["data"][-1]
    assert (event["type"], event["data"]["title"]) == ("track.updated", "b")


def test_what_changes_nothing_is_no_change(api: Api) -> None:
    track = made(api, title="a")
    for asked in ({}, {"title": "a"}, {"title": " a "}):
        assert api.patch(f"/tracks/{track['id']}", json=asked).json() == track
    assert "track.updated" not in api.event_types()


def test_who_has_seen_an_older_one_is_refused(api: Api) -> None:
    path = f"/tracks/{made(api)['id']}"
    etag = api.get(path).headers["etag"]
    first = api.patch(path, json={"title": "b"}, headers={"If-Match": etag})
    assert first.status_code == 200
    stale = api.patch(path, json={"title": "c"}, headers={"If-Match": etag})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    assert first.headers["etag"] == api.get(path).headers["etag"] != etag
    assert api.delete(path, headers={"If-Match": etag}).status_code == 412
    for good in (first.headers["etag"], "*", f'"0", {first.headers["etag"]}'):
        assert api.patch(path, json={}, headers={"If-Match": good}).status_code == 200
    for bad in ("W/" + first.headers["etag"], "2", "nonsense", '"'):
        assert api.patch(path, json={}, headers={"If-Match": bad}).status_code == 412


def test_of_two_edits_at_once_one_wins_and_the_other_hears_of_it(api: Api) -> None:
    path = f"/tracks/{made(api)['id']}"
    etag = api.get(path).headers["etag"]
    together, answers = threading.Barrier(4), []

    def edit(number: int) -> None:
        together.wait()
        with httpx.Client(base_url=f"{api.server.url}/api/v1", headers={"X-API-Key": api.key}) as http:
            answers.append(http.patch(path, json={"title": f"t{number}"}, headers={"If-Match": etag}))

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    [won] = [answer.json()["title"] for answer in answers if answer.status_code == 200]
    assert (api.get(path).json()["title"], api.get(path).json()["version"]) == (won, 2)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"title": "x" * 201}, "title"),
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": None}, "title"),
        ({"tags": None}, "tags"),
        ({"title": "a\nb"}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "a\x1b[31mb"}, "title"),
        ({"title": "song\u202egpm.exe"}, "title"),
        ({"artist": "a\u2066b"}, "artist"),
        ({"lyrics": "a\u202eb"}, "lyrics"),
        ({"lyrics": "x" * 5001}, "lyrics"),
        ({"tags": ["x"] * 21}, "tags"),
        ({"tags": ["\u202e"]}, "tags[0]"),
        ({"genre": "x" * 41}, "genre"),
        ({"duration_seconds": 1}, "duration_seconds"),
        ({"version": 9}, "version"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(shared: Api, asked: dict[str, Any], field: str) -> None:
    listed = shared.get("/tracks").json()["data"]
    track = listed[0] if listed else made(shared)
    refused = shared.patch(f"/tracks/{track['id']}", json=asked)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
    assert refused.json()["errors"][0]["field"] == field
    assert shared.get(f"/tracks/{track['id']}").json() == track


def test_titles_in_any_script_are_kept_as_they_are(api: Api) -> None:
    track = made(api)
    for title in ("夜雨", "مطر الليل", "x" * 200, "naïve — ☔"):
        assert api.patch(f"/tracks/{track['id']}", json={"title": title}).json()["title"] == title


def test_what_is_unknown_or_of_somebody_else_is_not_found(api: Api) -> None:
    mine = made(api)
    key = another_owner(api)
    with httpx.Client(base_url=f"{api.server.url}/api/v1", headers={"X-API-Key": key}) as other:
        for http, track_id in ((api.http, "trk_unknown"), (other, mine["id"])):
            for answer in (
                http.patch(f"/tracks/{track_id}", json={"title": "b"}),
                http.delete(f"/tracks/{track_id}"),
                http.post(f"/tracks/{track_id}/restore"),
            ):
                assert (answer.status_code, answer.json()["code"]) == (404, "track_not_found")
        assert other.get("/tracks").json()["data"] == []
    assert api.get(f"/tracks/{mine['id']}").json() == mine


# -- deleting, and bringing back ------------------------------------------------------------------


def test_what_was_deleted_comes_back_as_it_was(api: Api) -> None:
    track = made(api)
    path = f"/tracks/{track['id']}"
    sound = api.get(f"{path}/audio").content
    api.delete(path)
    assert api.get(path).status_code == 404
    assert api.patch(path, json={"title": "b"}).status_code == 404
    back = api.post(f"{path}/restore")
    assert back.json() == {
        **track,
        "version": 3,
        "etag": back.json()["etag"],
        "updated_at": back.json()["updated_at"],
    }
    assert back.json() == api.get(path).json() == api.get("/tracks").json()["data"][0]
    assert back.headers["etag"] == api.get(path).headers["etag"]
    assert api.get(f"{path}/audio").content == sound
    assert api.event_types()[-2:] == ["track.deleted", "track.updated"]


def test_restoring_what_is_there_changes_nothing(api: Api) -> None:
    track = made(api)
    assert api.post(f"/tracks/{track['id']}/restore").json() == track
    assert "track.updated" not in api.event_types()


def test_after_thirty_days_it_is_gone_for_good_with_its_audio(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, blobs = api.server.services.store, api.server.services.blobs
    gone, kept = made(api, seed=1), made(api, seed=2)
    for track in (gone, kept):
        api.get(f"/tracks/{track['id']}/audio?format=flac")
    api.delete(f"/tracks/{gone['id']}")
    api.advance(timedelta(days=29, hours=23))
    assert store.write_now(service.purge) == 0
    api.advance(timedelta(hours=2))
    assert store.write_now(service.purge) == 1
    assert api.post(f"/tracks/{gone['id']}/restore").status_code == 404
    assert store.read_now(lambda tx: len(tx.all(sa.select(tracks.c.id)))) == 1
    assert store.read_now(lambda tx: len(tx.all(sa.select(encoding.c.sha256)))) == 1
    monkeypatch.setattr("aimusicverse.server.store.blobs.folder.GRACE_SECONDS", -10)
    assert base.GRACE_SECONDS == 3600
    sweep_blobs(store, blobs)
    files = list(Path(api.server.services.settings.data_dir / "blobs").glob("??/*"))
    assert len(files) == 2  # the master that is named, and its other form
    assert api.get(f"/tracks/{kept['id']}/audio").status_code == 200


def test_a_purge_leaves_the_forms_that_another_track_shares(api: Api) -> None:
    store = api.server.services.store
    one, other = made(api, seed=1), made(api, seed=1)
    assert one["audio"]["sha256"] == other["audio"]["sha256"]
    api.get(f"/tracks/{one['id']}/audio?format=flac")
    api.delete(f"/tracks/{one['id']}")
    api.advance(timedelta(days=31))
    assert store.write_now(service.purge) == 1
    assert store.read_now(lambda tx: len(tx.all(sa.select(encoding.c.sha256)))) == 1


def test_a_restored_track_is_not_purged(api: Api) -> None:
    track = made(api)
    api.delete(f"/tracks/{track['id']}")
    api.post(f"/tracks/{track['id']}/restore")
    api.advance(timedelta(days=31))
    assert api.server.services.store.write_now(service.purge) == 0


# -- where it stands ------------------------------------------------------------------------------


def test_a_track_stands_nowhere_as_long_as_nothing_is_distributed(api: Api) -> None:
    path = f"/tracks/{made(api)['id']}"
    assert api.get(f"{path}/distributions?limit=1").json() == {"data": [], "next_cursor": None}
    for query, status, code in (
        ("cursor=made-up", 400, "cursor_invalid"),
        ("limit=0", 422, "invalid_request"),
        ("platform=x", 422, "invalid_request"),
    ):
        refused = api.get(f"{path}/distributions?{query}")
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    with httpx.Client(
        base_url=f"{api.server.url}/api/v1", headers={"X-API-Key": another_owner(api)}
    ) as other:
        assert other.get(f"{path}/distributions").json()["code"] == "track_not_found"
    api.delete(path)
    assert api.get(f"{path}/distributions").json()["code"] == "track_not_found"
