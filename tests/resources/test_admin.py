from __future__ import annotations

import json

import pytest
import respx

from aimusicverse import ConfigurationError, PermissionDeniedError, User
from tests.resources.test_api_keys import KEY, TEXT
from tests.transport.samples import AT
from tests.transport.worlds import URL

API = f"{URL}/api/v1"
USER = {
    "id": "usr_1",
    "created_at": AT,
    "updated_at": AT,
    "etag": "1-a",
    "name": "Ann",
    "role": "user",
    "tier": "free",
    "hourly_limit": 10,
    "daily_limit": 100,
}
SEEN = User.model_validate(USER)
PROFILE = {
    **USER,
    "quotas": {"hour": {"limit": 10, "remaining": 3, "resets_at": AT}, "day": {}},
    "key": {"id": "key_1", "name": "x", "mode": "live", "scopes": ["a:new-one"]},
}


def sent(route, number=-1):
    return json.loads(route.calls[number].request.content)


@respx.mock
def test_a_new_user_comes_with_a_secret_that_never_prints(world):
    made = {**USER, "api_key": {**KEY, "key": TEXT}}
    route = respx.post(f"{API}/admin/users").respond(201, json=made)
    user = world(world.client().admin.create_user("Ann"))
    assert user.api_key.key.get_secret_value() == TEXT
    assert TEXT not in repr(user) + user.model_dump_json()
    assert sent(route) == {"name": "Ann", "tier": "free", "role": "user"}
    world(
        world.client().admin.create_user(
            "Ann", tier="custom", hourly_limit=5, daily_limit=6, scopes=("tracks:read",), mode="test"
        )
    )
    assert sent(route) == {
        "name": "Ann", "tier": "custom", "role": "user", "hourly_limit": 5, "daily_limit": 6,
        "scopes": ["tracks:read"], "mode": "test",
    }  # fmt: skip


@respx.mock
def test_only_what_is_given_is_changed(world):
    route = respx.patch(f"{API}/admin/users/usr_1").respond(json=USER)
    assert world(world.client().admin.update_user(SEEN, suspended=False, if_match=SEEN)) == SEEN
    assert sent(route) == {"suspended": False}
    assert route.calls[-1].request.headers["if-match"] == '"1-a"'


@respx.mock
def test_users_and_their_keys_are_listed(world):
    page = {"data": [USER], "next_cursor": None}
    respx.get(f"{API}/admin/users").respond(json=page)
    respx.get(f"{API}/admin/users/usr_1").respond(json=USER)
    respx.get(f"{API}/admin/users/usr_1/api-keys").respond(json={"data": [KEY], "next_cursor": None})
    admin = world.client().admin
    assert world.items(admin.users()) == [SEEN]
    assert world(admin.user(SEEN)) == SEEN
    assert [key.id for key in world.items(admin.api_keys(SEEN, include_revoked=True))] == ["key_1"]


@respx.mock
def test_a_key_of_another_user_is_made_and_suspended(world):
    route = respx.post(f"{API}/admin/users/usr_1/api-keys").respond(201, json={**KEY, "key": TEXT})
    made = world(world.client().admin.create_api_key(SEEN, "found", scopes=["tracks:read"], mode="live"))
    assert made.key.get_secret_value() == TEXT
    assert sent(route) == {"name": "found", "scopes": ["tracks:read"], "mode": "live"}
    patched = respx.patch(f"{API}/admin/api-keys/key_1").respond(json=KEY)
    world(world.client().admin.suspend_api_key(made))
    world(world.client().admin.suspend_api_key("key_1", suspended=False))
    assert [sent(patched, number) for number in (0, 1)] == [{"suspended": True}, {"suspended": False}]


@respx.mock
def test_the_profile_is_read_and_changed(world):
    respx.get(f"{API}/user/profile").respond(json=PROFILE)
    profile = world(world.client().account.profile())
    assert (profile.quotas.hour.remaining, profile.quotas.day.limit, profile.key.name) == (3, None, "x")
    route = respx.patch(f"{API}/user/profile").respond(json=PROFILE)
    account = world.client().account
    for arguments in ({"name": "Bo"}, {"avatar_url": None}, {}):
        world(account.update_profile(**arguments, if_match=profile))
        assert sent(route) == arguments
    assert route.calls[-1].request.headers["if-match"] == '"1-a"'


@respx.mock
def test_who_is_no_admin_is_told_which_scope_is_missing(world):
    problem = {"title": "no", "status": 403, "code": "scope_missing", "detail": "This needs the scope admin."}
    respx.get(f"{API}/admin/users").respond(403, json=problem)
    with pytest.raises(PermissionDeniedError, match="admin"):
        world.items(world.client().admin.users())
    with pytest.raises(ConfigurationError):
        world(world.client().admin.user("../user/profile"))
