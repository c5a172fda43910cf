from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import respx

from aimusicverse import ApiKey, ConfigurationError
from tests.transport.samples import AT
from tests.transport.worlds import URL

API = f"{URL}/api/v1"
KEY = {
    "id": "key_1",
    "created_at": AT,
    "updated_at": AT,
    "etag": "1-a",
    "name": "nightly",
    "mode": "live",
    "scopes": ["tracks:read", "a:new-one"],
    "status": "active",
}
TEXT = "amv_live_1_secret"
SEEN = ApiKey.model_validate(KEY)
END = datetime(2027, 1, 31, tzinfo=UTC)


def sent(route, number=-1):
    return json.loads(route.calls[number].request.content)


@respx.mock
def test_a_new_key_is_a_secret_that_never_prints(world):
    route = respx.post(f"{API}/api-keys").respond(201, json={**KEY, "key": TEXT})
    made = world(
        world.client().api_keys.create("nightly", scopes=iter(["tracks:read"]), expires_at=END, mode="test")
    )
    assert made.key.get_secret_value() == TEXT
    for shown in (repr(made), str(made), made.model_dump_json(), str(made.model_dump())):
        assert TEXT not in shown
    assert sent(route) == {
        "name": "nightly",
        "scopes": ["tracks:read"],
        "mode": "test",
        "expires_at": "2027-01-31T00:00:00+00:00",
    }
    world(world.client().api_keys.create("nightly", scopes=["tracks:read"]))
    assert sent(route) == {"name": "nightly", "scopes": ["tracks:read"]}


@respx.mock
def test_only_what_is_given_is_changed(world):
    route = respx.patch(f"{API}/api-keys/key_1").respond(json=KEY)
    keys = world.client().api_keys
    for arguments, body in (
        ({"name": "x"}, {"name": "x"}),
        ({"scopes": ("tracks:read",)}, {"scopes": ["tracks:read"]}),
        ({"expires_at": None}, {"expires_at": None}),
        ({"expires_at": END}, {"expires_at": "2027-01-31T00:00:00+00:00"}),
        ({}, {}),
    ):
        assert world(keys.update(SEEN, **arguments)) == SEEN
        assert sent(route) == body
    world(keys.update("key_1", name="x", if_match=SEEN))
    assert route.calls[-1].request.headers["if-match"] == '"1-a"'
    with pytest.raises(ConfigurationError, match="zone"):
        world(keys.update("key_1", expires_at=datetime(2027, 1, 31)))


@respx.mock
def test_a_rotation_says_how_long_the_old_one_works(world):
    route = respx.post(f"{API}/api-keys/key_1/rotate").respond(201, json={**KEY, "key": TEXT})
    keys = world.client().api_keys
    for overlap, body in (
        (None, {}),
        (0, {"overlap_seconds": 0}),
        (timedelta(hours=2), {"overlap_seconds": 7200}),
        (90.4, {"overlap_seconds": 90}),
    ):
        assert world(keys.rotate(SEEN, overlap=overlap)).key.get_secret_value() == TEXT
        assert sent(route) == body
    assert len({call.request.headers["idempotency-key"] for call in route.calls}) == 4


@respx.mock
def test_keys_are_listed_read_and_revoked(world):
    route = respx.get(f"{API}/api-keys").respond(json={"data": [KEY], "next_cursor": None})
    assert world.items(world.client().api_keys.list()) == [SEEN]
    assert "include_revoked" not in route.calls[-1].request.url.params
    world.items(world.client().api_keys.list(include_revoked=True))
    assert route.calls[-1].request.url.params["include_revoked"] == "true"
    respx.get(f"{API}/api-keys/key_1").respond(json=KEY)
    assert world(world.client().api_keys.get("key_1")) == SEEN
    gone = respx.delete(f"{API}/api-keys/key_1").respond(204)
    world(world.client().api_keys.revoke(SEEN, if_match=SEEN))
    assert gone.called


def test_a_key_in_the_place_of_an_id_is_refused_and_not_repeated(world):
    with pytest.raises(ConfigurationError) as caught:
        world(world.client().api_keys.get("amv_live_abc_def"))
    assert "def" not in str(caught.value)
