"""The users of a server, for its admins: made with a first key, given a tier, shut out and let in again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.conftest import Api
from tests.server.security.keys import by, create_key, first_owner, id_of, status_with

KEY = {"name": "x", "scopes": ["tracks:read"]}


def make(api: Api, **fields: Any) -> dict[str, Any]:
    answer = api.post("/admin/users", json={"name": "Ann", **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_new_user_comes_with_a_key_that_is_shown_once(api: Api) -> None:
    made = make(api)
    key = made["api_key"]["key"]
    assert (made["name"], made["tier"], made["role"]) == ("Ann", "free", "user")
    assert (made["hourly_limit"], made["daily_limit"], made["suspended_at"]) == (10, 100, None)
    shown = api.get(f"/admin/users/{made['id']}").json()
    assert shown == {**made, "api_key": None}
    assert key not in api.get("/admin/users").text
    with by(api, key) as http:
        profile = http.get("/user/profile").json()
        assert (profile["id"], profile["name"], profile["tier"]) == (made["id"], "Ann", "free")
        assert "admin" not in profile["key"]["scopes"]
        assert http.get("/tracks").json()["data"] == []


def test_a_user_has_rows_of_his_own(api: Api) -> None:
    mine = api.post("/playlists", json={"title": "mine"}).json()
    with by(api, make(api)["api_key"]["key"]) as http:
        theirs = http.post("/playlists", json={"title": "theirs"}).json()
        assert http.get(f"/playlists/{mine['id']}").status_code == 404
        assert [one["id"] for one in http.get("/playlists").json()["data"]] == [theirs["id"]]
    assert api.get(f"/playlists/{theirs['id']}").status_code == 404  # an admin's neither
    assert [one["id"] for one in api.get("/playlists").json()["data"]] == [mine["id"]]


@pytest.mark.parametrize(
    ("tier", "hour", "day"), [("free", 10, 100), ("pro", 100, 5_000), ("enterprise", 1_000, 50_000)]
)
def test_a_tier_has_its_figures(shared: Api, tier: str, hour: int, day: int) -> None:
    made = make(shared, tier=tier)
    assert (made["hourly_limit"], made["daily_limit"]) == (hour, day)
    with by(shared, made["api_key"]["key"]) as http:
        quotas = http.get("/user/profile").json()["quotas"]
        assert (quotas["hour"]["limit"], quotas["day"]["limit"]) == (hour, day)


def test_a_custom_user_has_figures_of_his_own(api: Api) -> None:
    made = make(api, tier="custom", hourly_limit=7, daily_limit=70)
    path = f"/admin/users/{made['id']}"
    with by(api, made["api_key"]["key"]) as http:

        def limits() -> tuple[int, int]:
            quotas = http.get("/user/profile").json()["quotas"]
            return quotas["hour"]["limit"], quotas["day"]["limit"]

        assert limits() == (7, 70)
        assert api.patch(path, json={"hourly_limit": 8}).json()["hourly_limit"] == 8
        assert limits() == (8, 70)
        assert api.patch(path, json={"tier": "pro"}).json()["daily_limit"] == 5_000
        assert limits() == (100, 5_000)
        back = api.patch(path, json={"tier": "custom", "hourly_limit": 9, "daily_limit": 90}).json()
        assert (back["hourly_limit"], back["daily_limit"]) == (9, 90)
        assert limits() == (9, 90)


@pytest.mark.parametrize(
    "fields",
    [
        {"tier": "custom"},
        {"tier": "custom", "hourly_limit": 5},
        {"tier": "pro", "hourly_limit": 5},
        {"tier": "custom", "hourly_limit": 0, "daily_limit": 5},
        {"tier": "custom", "hourly_limit": 2**40, "daily_limit": 5},
        {"tier": "local"},
        {"tier": "gold"},
        {"role": "owner"},
        {"scopes": ["admin"]},
        {"scopes": []},
        {"name": ""},
        {"name": None},
        {"id": "usr_1"},
        {"suspended": False},
    ],
    ids=str,
)
def test_a_user_that_cannot_be_is_refused_and_not_there(shared: Api, fields: dict[str, Any]) -> None:
    before = shared.get("/admin/users").json()
    answer = shared.post("/admin/users", json={"name": "Ann", **fields})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert shared.get("/admin/users").json() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"tier": "custom"},
        {"hourly_limit": 5},
        {"tier": "local"},
        {"tier": None},
        {"suspended": None},
        {"name": "x\x07"},
        {"api_key": {}},
    ],
    ids=str,
)
def test_a_change_that_cannot_be_is_refused(shared: Api, changes: dict[str, Any]) -> None:
    made = make(shared)
    answer = shared.patch(f"/admin/users/{made['id']}", json=changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert shared.get(f"/admin/users/{made['id']}").json() == {**made, "api_key": None}


def test_a_suspended_user_is_shut_out_with_all_his_keys_until_he_is_let_in(api: Api) -> None:
    made = make(api)
    path = f"/admin/users/{made['id']}"
    with by(api, made["api_key"]["key"]) as http:
        other = http.post("/api-keys", json={"name": "x", "scopes": ["tracks:read"]}).json()["key"]
        assert http.get("/tracks").status_code == 200
        suspended = api.patch(path, json={"suspended": True}).json()
        assert suspended["suspended_at"] is not None
        assert api.patch(path, json={"suspended": True}).json() == suspended  # twice is once
        for key in (made["api_key"]["key"], other):
            assert status_with(api, key) == (403, "user_suspended")
        assert api.patch(path, json={"suspended": False}).json()["suspended_at"] is None
        for key in (made["api_key"]["key"], other):
            assert status_with(api, key) == (200, None)


def test_an_admin_cannot_shut_himself_out(api: Api) -> None:
    path = f"/admin/users/{first_owner(api)}"
    for change in ({"suspended": True}, {"role": "user"}):
        answer = api.patch(path, json=change)
        assert (answer.status_code, answer.json()["code"]) == (409, "user_is_you")
    assert api.patch(path, json={"role": "admin", "name": "Me"}).json()["name"] == "Me"
    assert api.patch(path, json={"tier": "pro"}).json()["hourly_limit"] == 100
    assert api.patch(path, json={"tier": "local"}).json()["hourly_limit"] is None  # he alone may have it


def test_who_is_no_admin_any_more_has_no_key_that_is_one(api: Api) -> None:
    made = make(api, role="admin")
    assert "admin" in made["api_key"]["scopes"]
    with by(api, made["api_key"]["key"]) as http:
        assert http.get("/admin/users").status_code == 200
        api.patch(f"/admin/users/{made['id']}", json={"role": "user"})
        assert http.get("/admin/users").status_code == 403
        assert http.get("/tracks").status_code == 200
        api.patch(f"/admin/users/{made['id']}", json={"role": "admin"})
        assert http.get("/admin/users").status_code == 200


def test_users_are_listed_newest_first_over_all_pages(api: Api) -> None:
    made = [make(api, name=f"u{number}")["id"] for number in range(4)]
    first = api.get("/admin/users?limit=3").json()
    rest = api.get("/admin/users", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    ids = [user["id"] for user in (*first["data"], *rest["data"])]
    assert ids == [*reversed(made), first_owner(api)]
    assert rest["next_cursor"] is None


def test_an_edit_of_what_changed_meanwhile_is_refused(api: Api) -> None:
    made = make(api)
    path, headers = f"/admin/users/{made['id']}", {"If-Match": made["etag"]}
    assert api.patch(path, json={"name": "Bo"}, headers=headers).status_code == 200
    stale = api.patch(path, json={"tier": "pro"}, headers=headers)
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")


def test_a_user_who_lost_his_keys_gets_another(api: Api) -> None:
    made = make(api)
    keys = f"/admin/users/{made['id']}/api-keys"
    [first] = api.get(keys).json()["data"]
    assert (first["id"], first["key"]) == (made["api_key"]["id"], None)
    new = api.post(keys, json={"name": "found", "scopes": ["tracks:read"]}).json()
    assert status_with(api, new["key"])[0] == 200
    with by(api, made["api_key"]["key"]) as http:
        assert [key["id"] for key in http.get("/api-keys").json()["data"]] == [new["id"], first["id"]]
    refused = api.post(keys, json={"name": "x", "scopes": ["admin"]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "scopes")


def test_an_admin_suspends_a_key_and_lets_it_in_again(api: Api) -> None:
    made = make(api)
    key, path = made["api_key"]["key"], f"/admin/api-keys/{made['api_key']['id']}"
    assert status_with(api, key)[0] == 200
    suspended = api.patch(path, json={"suspended": True}).json()
    assert (suspended["status"], suspended["suspended_for"]) == ("suspended", "by_admin")
    assert status_with(api, key) == (403, "api_key_suspended")
    assert api.patch(path, json={"suspended": False}).json()["status"] == "active"
    assert status_with(api, key)[0] == 200
    with by(api, key) as http:  # the user is told, not the admin
        assert [one["type"] for one in http.get("/events").json()["data"]] == ["api_key.suspended"]
    assert "api_key.suspended" not in api.event_types()


def test_what_is_not_there_is_not_found(shared: Api) -> None:
    for answer, code in (
        (shared.get("/admin/users/usr_x"), "user_not_found"),
        (shared.patch("/admin/users/usr_x", json={"name": "x"}), "user_not_found"),
        (shared.get("/admin/users/usr_x/api-keys"), "user_not_found"),
        (
            shared.post("/admin/users/usr_x/api-keys", json={"name": "x", "scopes": ["tracks:read"]}),
            "user_not_found",
        ),
        (shared.patch("/admin/api-keys/key_x", json={"suspended": True}), "api_key_not_found"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_a_user_without_the_role_is_no_admin_whatever_his_key_says(api: Api) -> None:
    made = make(api)
    forged = create_key(api, owner_id=made["id"])  # with the scope admin, past all rules
    with by(api, forged) as http:
        assert http.get("/admin/users").status_code == 403
        assert id_of(forged) in http.get("/api-keys").text
