"""`GET /admin/usage`: everybody's requests for admins alone, and the keys that deserve a look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from aimusicverse.server.usage import admin_service
from aimusicverse.server.usage.recorder import Recorder
from tests.server.conftest import Api
from tests.server.security.keys import another_owner, change_key, create_key, id_of, new_owner
from tests.server.security.keys import by as client_by
from tests.server.usage.records import at_once, principal, request


def told(api: Api, **query: Any) -> dict[str, Any]:
    answer = api.get("/admin/usage", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def add(api: Api, *records: Any) -> None:
    """Requests, as if they had been made."""
    recorder = Recorder(api.server.services.store, ahead=at_once)
    for each in records:
        recorder.take(*each)
    recorder.flush()


def test_all_users_are_added_up_and_told_apart(api: Api) -> None:
    other = another_owner(api)
    with client_by(api, other) as theirs:
        for _ in range(3):
            theirs.get("/tracks")
        theirs.get("/tracks/trk_unknown")
    api.get("/tracks")
    httpx.get(f"{api.server.url}/api/v1/tracks")
    found = told(api)
    assert (found["users"], found["active_users"]) == (2, 2)
    assert (found["total"]["requests"], found["total"]["errors"]) == (6, 2)
    assert [(one["user_name"], one["requests"], one["errors"]) for one in found["by_user"]] == [
        ("other", 4, 1),
        *sorted([("local", 1, 0), (None, 1, 1)], key=lambda one: one[0] is not None),
    ]
    assert {one["endpoint"]: one["requests"] for one in found["endpoints"]} == {
        "GET /tracks": 5,
        "GET /tracks/{track_id}": 1,
    }
    assert found["statuses"] == {"200": 4, "401": 1, "404": 1}
    assert sum(one["requests"] for one in found["volume"]) == 6
    assert {one["seconds"] for one in found["volume"]} == {3600}


def test_a_user_who_is_no_admin_sees_none_of_it_even_with_the_scope(api: Api) -> None:
    key = create_key(api, owner_id=new_owner(api))
    for path in ("/admin/usage", "/admin/health", "/admin/alerts"):
        with client_by(api, key) as theirs:
            refused = theirs.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing"), path


def test_more_than_two_days_are_told_by_the_day(api: Api) -> None:
    api.get("/tracks")
    now = api.server.services.clock.now()
    found = told(api, **{"from": (now - timedelta(days=5)).isoformat(), "to": now.isoformat()})
    assert [one["seconds"] for one in found["volume"]] == [86_400]
    refused = api.get("/admin/usage", params={"from": now.isoformat(), "to": now.isoformat()})
    assert refused.json()["errors"][0]["field"] == "query.from"


def test_slow_endpoints_are_those_that_were_asked_often_enough(api: Api) -> None:
    at = api.server.services.clock.unix()
    slow, quick, rare = "/api/v1/slow", "/api/v1/quick", "/api/v1/rare"
    add(api, *(request(at=at, route=slow, seconds=2) for _ in range(20)))
    add(api, *(request(at=at, route=quick, seconds=0.002) for _ in range(40)))
    add(api, *(request(at=at, route=rare, seconds=60) for _ in range(19)))
    found = told(api)["slow_endpoints"]
    assert [one["endpoint"] for one in found] == ["GET /slow", "GET /quick"]
    assert found[0]["latency_ms"]["p95"] == pytest.approx(2_000, rel=0.14)


def test_no_more_users_are_told_than_asked_for(api: Api) -> None:
    at = api.server.services.clock.unix()
    add(api, *(request(at=at, who=principal(f"usr_{number}", f"key_{number}")) for number in range(5)))
    found = told(api, limit=2)
    assert len(found["by_user"]) == 2
    assert found["active_users"] == 5
    assert api.get("/admin/usage?limit=0").status_code == 422


def reasons(api: Api) -> dict[str, str]:
    return {one["key_name"]: one["reason"] for one in told(api)["keys"]}


def test_keys_that_nobody_used_and_old_keys_are_named_until_they_are_dealt_with(api: Api) -> None:
    now = api.server.services.clock.now()
    unused = create_key(api, name="unused")
    used = create_key(api, name="used", last_used_at=now)
    expired = create_key(api, name="expired", expires_at=now + timedelta(days=1))
    assert expired
    assert reasons(api) == {}
    api.advance(timedelta(days=8))
    assert reasons(api) == {"unused": "never_used"}
    api.advance(timedelta(days=83))
    assert reasons(api) == {"unused": "never_used", "used": "old"}
    [old] = [one for one in told(api)["keys"] if one["reason"] == "old"]
    assert (old["key_id"], old["user_name"], old["detail"]) == (id_of(used), "local", "made 91 days ago")
    for key in (unused, used):
        change_key(api, key, revoked_at=api.server.services.clock.now())
    assert reasons(api) == {}


def test_a_key_that_makes_far_more_requests_than_usual_is_named_first(api: Api) -> None:
    usual, steady = create_key(api, name="bursts"), create_key(api, name="steady")
    at = api.server.services.clock.unix()

    def asked(key: str, count: int, hours_ago: float) -> list[Any]:
        who = principal(_owner(api), id_of(key))
        return [request(at=at - hours_ago * 3_600, who=who)] * count

    for hours_ago in (10, 30, 50):
        add(api, *asked(usual, 50, hours_ago), *asked(steady, 600, hours_ago))
    add(api, *asked(usual, 600, 0), *asked(steady, 700, 0))
    assert reasons(api) == {"bursts": "bursting"}
    [burst] = told(api)["keys"]
    assert burst["detail"] == "600 requests in an hour, 50 in a usual one"
    assert admin_service.BURST_TIMES * 50 < 600
    api.advance(timedelta(hours=4))
    assert reasons(api) == {}


def _owner(api: Api) -> str:
    from tests.server.security.keys import first_owner

    return first_owner(api)


def test_on_either_database_the_admin_sees_rows_that_his_own_calls_would_not(
    api: Api, start: Callable[..., Api]
) -> None:
    other = another_owner(api)
    with client_by(api, other) as theirs:
        theirs.get("/tracks")
    mine = api.get("/usage/stats").json()["total"]["requests"]
    assert mine == 0
    assert told(api)["total"]["requests"] == 2
