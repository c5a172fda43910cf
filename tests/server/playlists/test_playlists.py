"""Playlists over a real socket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from aimusicverse.server.store import tables
from aimusicverse.server.tracks import service as library
from tests.server.conftest import Api
from tests.server.security.keys import another_owner

MAKE = {"title": "Rainy nights"}


def made(api: Api, tracks: list[str] | None = None, **fields: Any) -> dict[str, Any]:
    answer = api.post("/playlists", json={**MAKE, "track_ids": tracks or [], **fields})
    assert answer.status_code == 201, answer.text
    playlist: dict[str, Any] = answer.json()
    return playlist


def entries(api: Api, playlist: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/playlists/{playlist['id']}/tracks?limit=100").json()["data"]
    return found


def tracks_of(api: Api, playlist: dict[str, Any]) -> list[str]:
    return [entry["track"]["id"] for entry in entries(api, playlist)]


def refused(answer: httpx.Response, status: int, code: str, field: str | None = None) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), answer.text
    if field is not None:
        assert body["errors"][0]["field"] == field
    return body


def test_a_playlist_has_its_tracks_in_order_their_number_and_their_length(api: Api, shelf: list[str]) -> None:
    playlist = made(api, shelf[:3], description="  Slow ones. ", visibility="public")
    assert (playlist["track_count"], playlist["duration_seconds"]) == (3, 301.5)
    assert (playlist["description"], playlist["visibility"]) == ("Slow ones.", "public")
    assert tracks_of(api, playlist) == shelf[:3]
    assert api.get(f"/playlists/{playlist['id']}").json() == playlist


def test_playlists_are_listed_newest_first_over_pages(api: Api) -> None:
    ids = [made(api)["id"] for _ in range(3)]
    first = api.get("/playlists?limit=2").json()
    second = api.get("/playlists", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in first["data"] + second["data"]] == ids[::-1]
    assert second["next_cursor"] is None


def test_only_what_is_sent_is_changed(api: Api) -> None:
    playlist = made(api, description="x")
    path = f"/playlists/{playlist['id']}"
    changed = api.http.patch(path, json={"title": "Sunny days"}).json()
    assert (changed["title"], changed["description"]) == ("Sunny days", "x")
    assert api.http.patch(path, json={"description": None}).json()["description"] is None
    before = api.get(path).json()
    assert api.http.patch(path, json={}).json() == before
    for field in ("title", "visibility"):
        refused(api.http.patch(path, json={field: None}), 422, "invalid_request", field)
    refused(api.http.patch(path, json={"owner": "me"}), 422, "invalid_request", "owner")


def test_adding_removing_and_moving_keep_the_rest_in_order(api: Api, shelf: list[str]) -> None:
    playlist = made(api, shelf[:2])
    path = f"/playlists/{playlist['id']}/tracks"
    added = api.post(path, json={"track_ids": shelf[2:4], "position": 1}).json()
    assert added["track_count"] == 4
    assert tracks_of(api, playlist) == [shelf[0], shelf[2], shelf[3], shelf[1]]
    last = entries(api, playlist)[3]["id"]
    api.post(f"{path}/move", json={"entry_id": last, "position": 0})
    assert tracks_of(api, playlist) == [shelf[1], shelf[0], shelf[2], shelf[3]]
    assert entries(api, playlist)[0]["id"] == last
    api.post(f"{path}/move", json={"track_id": shelf[1], "position": 3})
    assert tracks_of(api, playlist) == [shelf[0], shelf[2], shelf[3], shelf[1]]
    left = api.delete(path, params={"entry_ids": last, "track_ids": shelf[2]}).json()
    assert (left["track_count"], left["duration_seconds"]) == (2, 201.0)
    assert tracks_of(api, playlist) == [shelf[0], shelf[3]]


def test_a_track_that_stands_there_more_than_once_is_named_by_its_entry(api: Api, shelf: list[str]) -> None:
    playlist = made(api, [shelf[0], shelf[1], shelf[0]])
    path = f"/playlists/{playlist['id']}/tracks"
    moved = api.post(f"{path}/move", json={"track_id": shelf[0], "position": 0})
    refused(moved, 409, "playlist_entry_ambiguous")
    api.delete(path, params={"entry_ids": entries(api, playlist)[2]["id"]})
    assert tracks_of(api, playlist) == shelf[:2]
    api.post(path, json={"track_ids": [shelf[0]]})
    api.delete(path, params={"track_ids": shelf[0]})
    assert tracks_of(api, playlist) == [shelf[1]]


def test_replacing_keeps_the_entries_of_tracks_that_stay(api: Api, shelf: list[str]) -> None:
    playlist = made(api, [shelf[0], shelf[1], shelf[0]])
    path = f"/playlists/{playlist['id']}/tracks"
    before = [entry["id"] for entry in entries(api, playlist)]
    put = api.http.put(path, json={"track_ids": [shelf[1], shelf[0], shelf[2]]})
    assert put.json()["track_count"] == 3
    after = [entry["id"] for entry in entries(api, playlist)]
    assert after[:2] == [before[1], before[0]]
    assert after[2] not in before
    assert api.http.put(path, json={"track_ids": []}).json()["track_count"] == 0
    assert entries(api, playlist) == []


def test_a_deleted_track_leaves_no_hole(api: Api, shelf: list[str]) -> None:
    playlist = made(api, [shelf[0], shelf[1], shelf[0], shelf[2]])
    api.delete(f"/tracks/{shelf[0]}")
    assert tracks_of(api, playlist) == shelf[1:3]
    now = api.get(f"/playlists/{playlist['id']}").json()
    assert (now["track_count"], now["duration_seconds"]) == (2, 201.0)
    assert now["etag"] != playlist["etag"]
    assert api.event_types()[-2:] == ["playlist.updated", "track.deleted"]


def test_a_track_that_is_gone_for_good_leaves_no_hole_and_gives_up_its_places(
    api: Api, shelf: list[str]
) -> None:
    one = made(api, [shelf[0], shelf[1], shelf[0], shelf[2], shelf[3], shelf[0]])
    other = made(api, [shelf[0]])
    key = {"X-API-Key": another_owner(api)}
    with httpx.Client(base_url=f"{api.server.url}/api/v1", headers=key, timeout=30) as stranger:
        untouched = stranger.post("/playlists", json=MAKE).json()
        api.delete(f"/tracks/{shelf[0]}")
        before = {found["id"]: found for found in api.get("/playlists").json()["data"]}
        api.advance(timedelta(days=31))
        store = api.server.services.store
        assert store.write_now(library.purge) == 1
        assert stranger.get("/playlists").json()["data"] == [untouched]

    entry, playlist = tables.playlist_entry, tables.playlist
    left = store.read_now(lambda tx: tx.all(sa.select(entry.c.playlist_id, entry.c.track_id)))
    assert sorted(left) == sorted((one["id"], track_id) for track_id in shelf[1:4])
    counted = store.read_now(lambda tx: tx.all(sa.select(playlist.c.id, playlist.c.entry_count)))
    assert dict(map(tuple, counted)) == {one["id"]: 3, other["id"]: 0, untouched["id"]: 0}
    # Whoever looks sees no difference to before: it was hidden already.
    assert {found["id"]: found for found in api.get("/playlists").json()["data"]} == before
    now = before[one["id"]]
    assert (now["track_count"], now["duration_seconds"]) == (3, 301.5)
    assert (before[other["id"]]["track_count"], before[other["id"]]["duration_seconds"]) == (0, 0)
    assert tracks_of(api, one) == shelf[1:4]
    assert tracks_of(api, other) == []

    # Positions count what is there, pages go on where they were, and what was full has room again.
    path = f"/playlists/{one['id']}/tracks"
    first = api.get(f"{path}?limit=1").json()
    rest = api.get(path, params={"cursor": first["next_cursor"]}).json()["data"]
    assert [each["track"]["id"] for each in first["data"] + rest] == shelf[1:4]
    api.post(f"{path}/move", json={"track_id": shelf[3], "position": 0})
    added = api.post(path, json={"track_ids": [shelf[4]], "position": 1}).json()
    assert (added["track_count"], added["duration_seconds"]) == (4, 402.0)
    assert tracks_of(api, one) == [shelf[3], shelf[4], shelf[1], shelf[2]]
    refused(api.post(path, json={"track_ids": [shelf[0]]}), 404, "track_not_found")


def test_deleting_a_playlist_leaves_its_tracks(api: Api, shelf: list[str]) -> None:
    playlist = made(api, shelf)
    assert api.delete(f"/playlists/{playlist['id']}").status_code == 204
    for path in (f"/playlists/{playlist['id']}", f"/playlists/{playlist['id']}/tracks"):
        refused(api.get(path), 404, "playlist_not_found")
    assert api.get(f"/tracks/{shelf[0]}").status_code == 200
    last = api.get("/events").json()["data"][-1]
    assert (last["type"], last["data"]["id"]) == ("playlist.updated", playlist["id"])
    assert last["data"]["deleted_at"].endswith("Z")


def test_each_edit_is_in_the_log_once(api: Api, shelf: list[str]) -> None:
    path = f"/playlists/{made(api, shelf[:2])['id']}"
    api.http.patch(path, json={"title": "x"})
    for _ in range(2):
        body, key = {"track_ids": shelf[:1]}, {"Idempotency-Key": "k"}
        assert api.post(f"{path}/tracks", json=body, headers=key).json()["track_count"] == 3
    api.post(f"{path}/tracks/move", json={"track_id": shelf[1], "position": 0})
    assert api.event_types() == ["playlist.updated"] * 4


Edit = Callable[[Api, str, list[str], dict[str, str]], httpx.Response]
EDITS: dict[str, Edit] = {
    "update": lambda api, path, shelf, headers: api.http.patch(path, json={"title": "x"}, headers=headers),
    "add": lambda api, path, shelf, headers: api.post(
        f"{path}/tracks", json={"track_ids": shelf[:1]}, headers=headers
    ),
    "remove": lambda api, path, shelf, headers: api.delete(
        f"{path}/tracks", params={"track_ids": shelf[0]}, headers=headers
    ),
    "move": lambda api, path, shelf, headers: api.post(
        f"{path}/tracks/move", json={"track_id": shelf[0], "position": 1}, headers=headers
    ),
    "replace": lambda api, path, shelf, headers: api.http.put(
        f"{path}/tracks", json={"track_ids": shelf[:1]}, headers=headers
    ),
    "delete": lambda api, path, shelf, headers: api.delete(path, headers=headers),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_that_is_based_on_what_was_is_refused(api: Api, shelf: list[str], edit: str) -> None:
    playlist = made(api, shelf[:2])
    path = f"/playlists/{playlist['id']}"
    seen = api.get(f"{path}/tracks").headers["etag"]
    assert seen == api.get(path).headers["etag"] == f'"{playlist["etag"]}"'
    changed = api.http.patch(path, json={"title": "Sunny"}, headers={"If-Match": seen})
    now = changed.headers["etag"]
    assert now == f'"{changed.json()["etag"]}"' != seen
    for stale in (seen, f"W/{now}", '"nonsense"', "nonsense", '""'):
        refused(EDITS[edit](api, path, shelf, {"If-Match": stale}), 412, "version_conflict")
    assert api.get(path).json() == changed.json()
    assert EDITS[edit](api, path, shelf, {"If-Match": f'"other", {now}'}).is_success


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"title": "x" * 201}, "title", "string_too_long"),
        ({"title": ""}, "title", "string_too_short"),
        ({"title": "  "}, "title", "string_too_short"),
        ({"title": "bell \x07 x"}, "title", "value_error"),
        ({"title": "two\nlines"}, "title", "value_error"),
        ({"title": "two\u2028lines"}, "title", "value_error"),
        ({"title": "gpj\u202e.exe"}, "title", "value_error"),
        ({"title": "a\u2066b"}, "title", "value_error"),
        ({"title": 5}, "title", "string_type"),
        ({"description": "x" * 2_001}, "description", "string_too_long"),
        ({"description": "\u200f"}, "description", "value_error"),
        ({"visibility": "secret"}, "visibility", "literal_error"),
        ({"colour": "blue"}, "colour", "extra_forbidden"),
        ({"track_ids": ["gen_1"]}, "track_ids[0]", "string_pattern_mismatch"),
        ({"track_ids": ["trk_1"] * 10_001}, "track_ids", "too_long"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_made(
    shared: Api, fields: dict[str, Any], field: str, code: str
) -> None:
    problem = refused(shared.post("/playlists", json={**MAKE, **fields}), 422, "invalid_request", field)
    assert problem["errors"][0]["code"] == code
    assert shared.get("/playlists").json()["data"] == []


@pytest.mark.parametrize("position", [-1, 3, 10**15, "first", 1.5])
def test_a_position_that_is_none(api: Api, shelf: list[str], position: Any) -> None:
    playlist = made(api, shelf[:2])
    path = f"/playlists/{playlist['id']}/tracks"
    adding = {"track_ids": shelf[:1], "position": position}
    refused(api.post(path, json=adding), 422, "invalid_request", "position")
    moving = {"track_id": shelf[0], "position": 2 if position == 3 else position}
    refused(api.post(f"{path}/move", json=moving), 422, "invalid_request", "position")
    assert api.get(f"/playlists/{playlist['id']}").json() == playlist


def test_the_same_track_a_thousand_times_is_a_thousand_entries_and_more_are_refused(
    api: Api, shelf: list[str]
) -> None:
    path = f"/playlists/{made(api, shelf)['id']}/tracks"
    full = api.post(path, json={"track_ids": [shelf[0]] * 1000, "position": 3}).json()
    assert (full["track_count"], full["duration_seconds"]) == (1006, 1006 * 100.5)
    refused(api.post(path, json={"track_ids": [shelf[0]] * 1001}), 422, "invalid_request", "track_ids")
    refused(api.post(path, json={"track_ids": []}), 422, "invalid_request", "track_ids")


def test_a_playlist_has_room_for_ten_thousand_also_of_deleted_tracks(api: Api, shelf: list[str]) -> None:
    path = f"/playlists/{made(api)['id']}/tracks"
    put = api.http.put(path, json={"track_ids": [shelf[0]] * 9_995})
    assert put.json()["track_count"] == 9_995
    api.delete(f"/tracks/{shelf[0]}")
    refused(api.post(path, json={"track_ids": shelf[:1]}), 404, "track_not_found")
    refused(api.post(path, json={"track_ids": [shelf[1]] * 6}), 409, "playlist_full")
    assert api.post(path, json={"track_ids": [shelf[1]] * 5}).json()["track_count"] == 5
    api.advance(timedelta(days=31))  # the deleted one is gone for good, and its places with it
    api.server.services.store.write_now(library.purge)
    assert api.post(path, json={"track_ids": [shelf[2]] * 1000}).json()["track_count"] == 1005


def test_what_is_not_there_is_not_found_and_nothing_else_happens(api: Api, shelf: list[str]) -> None:
    playlist = made(api, shelf[:2])
    path = f"/playlists/{playlist['id']}/tracks"
    for answer in (
        api.post("/playlists", json={**MAKE, "track_ids": ["trk_x"]}),
        api.post(path, json={"track_ids": [shelf[2], "trk_x"]}),
        api.http.put(path, json={"track_ids": ["trk_x"]}),
    ):
        refused(answer, 404, "track_not_found")
    for answer in (
        api.delete(path, params={"track_ids": f"{shelf[0]},trk_x"}),
        api.delete(path, params={"track_ids": shelf[4]}),
        api.delete(path, params={"entry_ids": "ent_x"}),
        api.post(f"{path}/move", json={"entry_id": "ent_x", "position": 0}),
    ):
        refused(answer, 404, "playlist_entry_not_found")
    many = ",".join(["trk_x"] * 101)
    queries = ({}, {"entry_ids": ""}, {"entry_ids": shelf[0]}, {"track_ids": "a b"}, {"track_ids": many})
    for query in queries:
        refused(api.delete(path, params=query), 422, "invalid_request")
    for body in ({"position": 0}, {"position": 0, "entry_id": "ent_x", "track_id": "trk_x"}):
        refused(api.post(f"{path}/move", json=body), 422, "invalid_request")
    assert api.get(f"/playlists/{playlist['id']}").json() == playlist


def test_nobody_puts_in_anothers_track_or_an_entry_of_another_playlist(api: Api, shelf: list[str]) -> None:
    mine, second = made(api, shelf[:2]), made(api, shelf[2:4])
    path, entry = f"/playlists/{mine['id']}", entries(api, second)[0]["id"]
    removed = api.delete(f"{path}/tracks", params={"entry_ids": entry})
    refused(removed, 404, "playlist_entry_not_found")
    moved = api.post(f"{path}/tracks/move", json={"entry_id": entry, "position": 0})
    refused(moved, 404, "playlist_entry_not_found")
    key = {"X-API-Key": another_owner(api)}
    with httpx.Client(base_url=f"{api.server.url}/api/v1", headers=key, timeout=30) as other:
        assert other.get("/playlists").json()["data"] == []
        theirs = f"/playlists/{other.post('/playlists', json=MAKE).json()['id']}/tracks"
        refused(other.post(theirs, json={"track_ids": shelf[:1]}), 404, "track_not_found")
        refused(other.put(f"{path}/tracks", json={"track_ids": []}), 404, "playlist_not_found")
        refused(other.delete(path), 404, "playlist_not_found")
    assert tracks_of(api, mine) == shelf[:2]


def test_a_cursor_is_good_for_its_own_playlist(api: Api, shelf: list[str]) -> None:
    one, two = made(api, shelf), made(api, shelf)
    cursor = api.get(f"/playlists/{one['id']}/tracks?limit=2").json()["next_cursor"]
    rest = api.get(f"/playlists/{one['id']}/tracks", params={"cursor": cursor}).json()["data"]
    assert [entry["track"]["id"] for entry in rest] == shelf[2:]
    for path in (f"/playlists/{two['id']}/tracks", "/playlists", "/tracks"):
        refused(api.get(path, params={"cursor": cursor}), 400, "cursor_invalid")
