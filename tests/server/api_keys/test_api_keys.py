"""Keys of one's own: made, narrowed, rotated, revoked; and told when they are old."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from aimusicverse.server.api_keys import service
from aimusicverse.server.security.scopes import SCOPES
from tests.server.conftest import Api
from tests.server.processes import until
from tests.server.security.keys import by, create_key, id_of, status_with, store_of

READ = ["tracks:read"]


def make(http: Any, **fields: Any) -> dict[str, Any]:
    answer = http.post("/api-keys", json={"name": "nightly", "scopes": READ, **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def now(api: Api) -> datetime:
    return api.server.services.clock.now()


def rfc(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()


# -- made ------------------------------------------------------------------------------------------


def test_a_new_key_works_at_once_and_its_text_is_shown_once(api: Api) -> None:
    made = make(api)
    assert made["key"].startswith(f"amv_live_{made['id'].removeprefix('key_')}_")
    assert status_with(api, made["key"]) == (200, None)
    shown = api.get(f"/api-keys/{made['id']}").json()
    assert shown["key"] is None
    assert {**made, "key": None} == {**shown, "last_used_at": made["last_used_at"]}
    assert made["key"] not in api.get("/api-keys").text
    assert (shown["name"], shown["scopes"], shown["status"], shown["mode"]) == (
        "nightly", READ, "active", "live",
    )  # fmt: skip
    assert shown["expires_at"] is shown["revoked_at"] is shown["suspended_at"] is None


def test_a_key_does_what_its_scopes_say_and_nothing_else(api: Api) -> None:
    with by(api, make(api)["key"]) as http:
        assert http.get("/tracks").status_code == 200
        refused = http.get("/playlists")
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        assert "playlists:read" in refused.json()["detail"]


def test_the_same_request_twice_makes_one_key_and_shows_it_twice(api: Api) -> None:
    headers = {"Idempotency-Key": "one"}
    body = {"name": "x", "scopes": READ}
    first, second = (api.post("/api-keys", json=body, headers=headers).json() for _ in range(2))
    assert first == second
    assert status_with(api, first["key"]) == (200, None)
    assert len(api.get("/api-keys").json()["data"]) == 2  # and the owner's
    rotated = [
        api.post(f"/api-keys/{first['id']}/rotate", json={}, headers={"Idempotency-Key": "two"}) for _ in "ab"
    ]
    assert rotated[0].json() == rotated[1].json()
    assert status_with(api, rotated[0].json()["key"]) == (200, None)


def test_a_key_expires_by_the_servers_clock(api: Api) -> None:
    made = make(api, expires_at=rfc(now(api) + timedelta(days=2)))
    assert status_with(api, made["key"])[0] == 200
    api.advance(timedelta(days=2))
    assert status_with(api, made["key"]) == (401, "api_key_expired")
    assert api.get(f"/api-keys/{made['id']}").json()["status"] == "expired"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "\u202ecba"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["tracks:everything"]}, "scopes[0]"),
        ({"scopes": "tracks:read"}, "scopes"),
        ({"scopes": None}, "scopes"),
        ({"mode": "sandbox"}, "mode"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2999-01-01T00:00:00"}, "expires_at"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"hash": "$2b$10$"}, "hash"),
        ({"id": "key_1"}, "id"),
        ({"owner_id": "usr_1"}, "owner_id"),
    ],
)
def test_a_key_that_cannot_be_is_refused_by_its_field(
    shared: Api, fields: dict[str, Any], field: str
) -> None:
    def kept() -> list[tuple[str, str]]:
        return [(key["id"], key["etag"]) for key in shared.get("/api-keys").json()["data"]]

    before = kept()
    answer = shared.post("/api-keys", json={"name": "x", "scopes": READ, **fields})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert kept() == before


def test_a_user_has_up_to_a_thousand(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_KEYS", 3)
    first = make(api)
    make(api)
    full = api.post("/api-keys", json={"name": "x", "scopes": READ})
    assert (full.status_code, full.json()["code"]) == (409, "too_many_api_keys")
    assert api.post(f"/api-keys/{first['id']}/rotate", json={}).json()["code"] == "too_many_api_keys"
    assert api.delete(f"/api-keys/{first['id']}").status_code == 204
    make(api)


# -- listed, changed -------------------------------------------------------------------------------


def test_a_list_goes_on_over_its_pages_newest_first(api: Api) -> None:
    made = [make(api, name=f"k{number}")["id"] for number in range(5)]
    api.delete(f"/api-keys/{made[1]}")
    found, cursor = [], None
    while True:
        page = api.get("/api-keys", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [key["id"] for key in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == [made[4], made[3], made[2], made[0], id_of(api.key)]
    all_of_them = [key["id"] for key in api.get("/api-keys?include_revoked=true").json()["data"]]
    assert all_of_them == [*reversed(made), id_of(api.key)]
    first = api.get("/api-keys?limit=2").json()["next_cursor"]
    other = api.get("/api-keys", params={"cursor": first, "include_revoked": "true"})
    assert other.json()["code"] == "cursor_invalid"


def test_what_is_changed_counts_at_once_and_is_a_new_version(api: Api) -> None:
    made = make(api, scopes=["tracks:read", "playlists:read"])
    with by(api, made["key"]) as http:
        assert http.get("/playlists").status_code == 200
        path = f"/api-keys/{made['id']}"
        changed = api.patch(path, json={"scopes": READ, "name": "less"}, headers={"If-Match": made["etag"]})
        assert (changed.json()["scopes"], changed.json()["name"]) == (READ, "less")
        assert changed.headers["etag"] == f'"{changed.json()["etag"]}"' != f'"{made["etag"]}"'
        assert http.get("/playlists").status_code == 403
        stale = api.patch(path, json={"name": "x"}, headers={"If-Match": made["etag"]})
        assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
        assert api.delete(path, headers={"If-Match": made["etag"]}).status_code == 412
        assert api.patch(path, json={}).json()["etag"] == changed.json()["etag"]
        end = now(api) + timedelta(hours=1)
        assert moment(api.patch(path, json={"expires_at": rfc(end)}).json()["expires_at"]) - end < timedelta(
            milliseconds=1
        )
        api.advance(timedelta(hours=2))
        assert http.get("/tracks").json()["code"] == "api_key_expired"
        assert api.patch(path, json={"expires_at": None}).json()["status"] == "active"
        assert http.get("/tracks").status_code == 200


@pytest.mark.parametrize(
    "body", [{"name": None}, {"scopes": None}, {"scopes": []}, {"mode": "live"}, {"key": "x"}]
)
def test_a_change_that_cannot_be_is_refused(shared: Api, body: dict[str, Any]) -> None:
    answer = shared.patch(f"/api-keys/{id_of(shared.key)}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_an_unknown_key_is_not_found(shared: Api) -> None:
    for answer in (
        shared.get("/api-keys/key_x"),
        shared.patch("/api-keys/key_x", json={}),
        shared.delete("/api-keys/key_x"),
        shared.post("/api-keys/key_x/rotate", json={}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "api_key_not_found")


# -- ended, replaced -------------------------------------------------------------------------------


def test_a_revoked_key_is_gone_from_the_list_and_never_comes_back(api: Api) -> None:
    made = make(api)
    path = f"/api-keys/{made['id']}"
    assert status_with(api, made["key"])[0] == 200
    assert api.delete(path).status_code == 204
    assert status_with(api, made["key"]) == (401, "api_key_revoked")
    assert api.delete(path).status_code == 204
    shown = api.get(path).json()
    assert (shown["status"], shown["revoked_at"] is None) == ("revoked", False)
    assert made["id"] not in api.get("/api-keys").text
    for answer in (api.patch(path, json={"name": "x"}), api.post(f"{path}/rotate", json={})):
        assert (answer.status_code, answer.json()["code"]) == (409, "api_key_final")


def test_a_rotated_key_works_until_the_overlap_ends(api: Api) -> None:
    old = make(api)
    new = api.post(f"/api-keys/{old['id']}/rotate", json={}).json()
    assert (new["replaces"], new["name"], new["scopes"]) == (old["id"], old["name"], old["scopes"])
    for key in (old["key"], new["key"]):
        assert status_with(api, key)[0] == 200
    shown = api.get(f"/api-keys/{old['id']}").json()
    assert shown["replaced_by"] == new["id"]
    left = moment(shown["expires_at"]) - now(api)
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    api.advance(timedelta(hours=23))
    assert status_with(api, old["key"])[0] == 200
    api.advance(timedelta(hours=1, minutes=1))
    assert status_with(api, old["key"]) == (401, "api_key_expired")
    assert status_with(api, new["key"])[0] == 200


def test_the_overlap_can_be_said_or_be_none(api: Api) -> None:
    at_once = make(api)
    new = api.post(f"/api-keys/{at_once['id']}/rotate", json={"overlap_seconds": 0}).json()
    assert status_with(api, at_once["key"]) == (401, "api_key_revoked")
    assert status_with(api, new["key"])[0] == 200
    later = make(api)
    api.post(f"/api-keys/{later['id']}/rotate", json={"overlap_seconds": 3600})
    api.advance(timedelta(seconds=3599))
    assert status_with(api, later["key"])[0] == 200
    api.advance(timedelta(seconds=2))
    assert status_with(api, later["key"]) == (401, "api_key_expired")
    for wrong in (-1, 31 * 86400, "soon", 1.5):
        answer = api.post(f"/api-keys/{new['id']}/rotate", json={"overlap_seconds": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "overlap_seconds")


def test_within_the_overlap_the_old_key_can_still_be_ended(api: Api) -> None:
    old = make(api)
    new = api.post(f"/api-keys/{old['id']}/rotate", json={}).json()
    assert api.delete(f"/api-keys/{old['id']}").status_code == 204
    assert status_with(api, old["key"]) == (401, "api_key_revoked")
    assert status_with(api, new["key"])[0] == 200


def test_an_overlap_never_lets_a_key_live_longer_than_it_would(api: Api) -> None:
    end = now(api) + timedelta(hours=1)
    old = make(api, expires_at=rfc(end))
    api.post(f"/api-keys/{old['id']}/rotate", json={})
    assert api.get(f"/api-keys/{old['id']}").json()["expires_at"] == old["expires_at"]


def test_a_key_for_a_month_is_followed_by_a_key_for_a_month(api: Api) -> None:
    old = make(api, expires_at=rfc(now(api) + timedelta(days=30)))
    api.advance(timedelta(days=20))
    new = api.post(f"/api-keys/{old['id']}/rotate", json={}).json()
    life = moment(new["expires_at"]) - now(api)
    assert timedelta(days=29, hours=23) < life <= timedelta(days=30)
    chosen = rfc(now(api) + timedelta(days=1))
    newer = api.post(f"/api-keys/{new['id']}/rotate", json={"expires_at": chosen}).json()
    assert moment(newer["expires_at"]) - now(api) <= timedelta(days=1)


def test_a_key_is_rotated_once(api: Api) -> None:
    old = make(api)
    new = api.post(f"/api-keys/{old['id']}/rotate", json={}).json()
    again = api.post(f"/api-keys/{old['id']}/rotate", json={})
    assert (again.status_code, again.json()["code"]) == (409, "api_key_rotated")
    assert new["id"] in again.json()["detail"]


def test_of_two_who_rotate_a_key_at_once_one_does(api: Api) -> None:
    old = make(api)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: api.post(f"/api-keys/{old['id']}/rotate", json={}), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    [new] = [answer.json() for answer in answers if answer.status_code == 201]
    assert api.get(f"/api-keys/{old['id']}").json()["replaced_by"] == new["id"]
    assert len(api.get("/api-keys").json()["data"]) == 3


def test_a_key_can_rotate_itself(api: Api) -> None:
    old = make(api, scopes=["keys:write", "tracks:read"])
    with by(api, old["key"]) as http:
        new = http.post(f"/api-keys/{old['id']}/rotate", json={"overlap_seconds": 0})
        assert new.status_code == 201
        assert http.get("/tracks").status_code == 401
    assert status_with(api, new.json()["key"])[0] == 200


# -- suspended -------------------------------------------------------------------------------------


def suspend(api: Api, key_id: str) -> None:
    store_of(api).write_now(service.suspend, key_id)


def test_a_suspended_key_is_refused_and_said_and_works_again_once_rotated(api: Api) -> None:
    made = make(api)
    assert status_with(api, made["key"])[0] == 200
    for _ in range(2):
        suspend(api, made["id"])
    assert status_with(api, made["key"]) == (403, "api_key_suspended")
    shown = api.get(f"/api-keys/{made['id']}").json()
    assert (shown["status"], shown["suspended_for"]) == ("suspended", "over_limit")
    [event] = [one for one in api.get("/events").json()["data"] if one["type"] == "api_key.suspended"]
    assert event["data"]["id"] == made["id"]
    assert "key" not in event["data"]
    assert api.patch(f"/api-keys/{made['id']}", json={"name": "still"}).json()["status"] == "suspended"
    new = api.post(f"/api-keys/{made['id']}/rotate", json={}).json()
    assert status_with(api, new["key"])[0] == 200
    assert status_with(api, made["key"]) == (401, "api_key_revoked")  # no overlap for what leaked


def test_a_suspended_key_that_expires_is_expired(api: Api) -> None:
    made = make(api, expires_at=rfc(now(api) + timedelta(hours=1)))
    suspend(api, made["id"])
    assert status_with(api, made["key"]) == (403, "api_key_suspended")
    api.advance(timedelta(hours=1))
    assert status_with(api, made["key"]) == (401, "api_key_expired")


# -- old -------------------------------------------------------------------------------------------


def test_an_old_key_is_told_of_once(api: Api) -> None:
    def told() -> list[str]:
        events = api.get("/events?limit=100").json()["data"]
        return [one["data"]["id"] for one in events if one["type"] == "api_key.rotation_due"]

    kept = make(api, name="kept")
    revoked, rotated = make(api), make(api)
    brief = make(api, expires_at=rfc(now(api) + timedelta(days=60)))
    api.advance(timedelta(days=80))
    api.delete(f"/api-keys/{revoked['id']}")
    new = api.post(f"/api-keys/{rotated['id']}/rotate", json={"overlap_seconds": 30 * 86400}).json()
    assert told() == []
    api.advance(timedelta(days=11))
    until(lambda: told() == [kept["id"]])
    api.advance(timedelta(days=80))
    until(lambda: told() == [kept["id"], new["id"]])
    api.advance(timedelta(days=400))
    later = make(api)
    api.advance(timedelta(days=91))
    until(lambda: later["id"] in told())
    assert told() == [kept["id"], new["id"], later["id"]]
    assert brief["id"] not in told()


# -- used ------------------------------------------------------------------------------------------


def last_used(api: Api, key_id: str) -> Any:
    return api.get(f"/api-keys/{key_id}").json()["last_used_at"]


def test_the_first_use_of_a_key_is_shown_within_moments(api: Api) -> None:
    made = make(api)
    assert last_used(api, made["id"]) is None
    before = now(api)
    assert status_with(api, made["key"])[0] == 200
    used = moment(until(lambda: last_used(api, made["id"])))
    assert timedelta(seconds=-1) < used - before < timedelta(seconds=30)
    assert api.get(f"/api-keys/{made['id']}").json()["etag"] == made["etag"]  # a use is no edit


def test_uses_are_written_once_a_minute_for_all_keys_together(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aimusicverse.server.api_keys import queries

    written: list[set[str]] = []
    note = queries.note_uses

    def counted(tx: Any, uses: dict[str, datetime]) -> None:
        written.append(set(uses))
        note(tx, uses)

    monkeypatch.setattr(queries, "note_uses", counted)
    keys = [create_key(api) for _ in range(3)]
    for _ in range(5):
        for key in keys:
            assert status_with(api, key)[0] == 200
    ids = {id_of(key) for key in keys}
    until(lambda: ids <= set().union(*written))
    for _ in range(5):
        for key in keys:
            assert status_with(api, key)[0] == 200
    assert sum(len(uses & ids) for uses in written) == 3


def test_what_was_used_last_is_written_when_the_server_stops(start: Any) -> None:
    api = start()
    made = make(api)
    assert status_with(api, made["key"])[0] == 200
    api.server.close()
    assert last_used(start(), made["id"]) is not None


# -- and the key of the folder ---------------------------------------------------------------------


def test_the_owners_key_can_do_everything_and_is_in_the_list(api: Api) -> None:
    [own] = api.get("/api-keys").json()["data"]
    assert own["id"] == id_of(api.key)
    assert own["scopes"] == list(SCOPES)


def test_an_owners_key_that_opens_nothing_is_replaced_at_the_next_start(start: Any) -> None:
    for end in ("revoke", "suspend", "rotate"):
        api = start()
        mine = id_of(api.key)
        kept = make(api, name="owner@somewhere")
        if end == "revoke":
            assert api.delete(f"/api-keys/{mine}").status_code == 204
        elif end == "suspend":
            suspend(api, mine)
        else:
            assert api.post(f"/api-keys/{mine}/rotate", json={"overlap_seconds": 0}).status_code == 201
        assert httpx.get(f"{api.server.url}/api/v1/tracks", headers={"X-API-Key": api.key}).status_code > 400
        api.server.close()
        again = start()
        assert again.get("/tracks").status_code == 200
        assert id_of(again.key) != mine
        assert status_with(again, kept["key"])[0] == 200  # whatever it is called
        again.server.close()
