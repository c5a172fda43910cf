from __future__ import annotations

from datetime import UTC, datetime

import pytest
import respx

from aimusicverse import (
    AdminUsage,
    AlertReport,
    ConfigurationError,
    PermissionDeniedError,
    ServerHealth,
    UsageStats,
)
from aimusicverse.types import ApiKey
from tests.resources.test_api_keys import KEY
from tests.transport.samples import AT
from tests.transport.worlds import URL

API = f"{URL}/api/v1"
FIGURES = {
    "requests": 3,
    "errors": 1,
    "server_errors": 0,
    "limit_hits": 0,
    "bytes_sent": 10,
    "latency_ms": {"p50": 1.0, "p95": 2.0, "p99": 2.0, "mean": 1.2},
}
USAGE = {
    "start": AT,
    "end": AT,
    "group_by": "minute-of-a-newer-server",
    "total": FIGURES,
    "data": [{**FIGURES, "endpoint": "GET /tracks", "of_tomorrow": 1}],
    "statuses": {"200": 2, "404": 1},
    "clients": [{"client": "aimusicverse", "version": "0.1.0", "requests": 3}],
    "sdk_share": 1.0,
}


@respx.mock
def test_usage_is_asked_for_a_stretch_a_group_and_a_key(world):
    route = respx.get(f"{API}/usage/stats").respond(json=USAGE)
    found = world(world.client().account.usage())
    assert isinstance(found, UsageStats)
    assert (found.total.requests, found.data[0].endpoint, found.clients[0].version) == (
        3,
        "GET /tracks",
        "0.1.0",
    )
    assert dict(route.calls[-1].request.url.params) == {}
    start = datetime(2026, 1, 31, tzinfo=UTC)
    key = ApiKey.model_validate(KEY)
    world(world.client().account.usage(from_=start, to="2026-02-01T00:00:00Z", group_by="day", api_key=key))
    assert dict(route.calls[-1].request.url.params) == {
        "from": "2026-01-31T00:00:00+00:00",
        "to": "2026-02-01T00:00:00Z",
        "group_by": "day",
        "key_id": "key_1",
    }
    world(world.client().account.usage(api_key="key_2"))
    assert dict(route.calls[-1].request.url.params) == {"key_id": "key_2"}
    assert route.call_count == 3


@respx.mock
def test_a_time_without_a_zone_is_refused_before_it_is_sent(world):
    for wrong in ({"from_": datetime(2026, 1, 31)}, {"to": datetime(2026, 1, 31)}):
        with pytest.raises(ConfigurationError, match="zone"):
            world(world.client().account.usage(**wrong))
        with pytest.raises(ConfigurationError, match="zone"):
            world(world.client().admin.usage(**wrong))


@respx.mock
def test_admins_see_usage_health_and_alerts(world):
    admin = world.client().admin
    asked = respx.get(f"{API}/admin/usage").respond(
        json={
            **{name: USAGE[name] for name in ("start", "end", "total", "statuses", "clients")},
            "users": 2,
            "active_users": 1,
            "volume": [],
            "by_user": [{**FIGURES, "user_id": "usr_1", "user_name": "Ann", "tier": "free"}],
            "endpoints": [],
            "slow_endpoints": [],
            "keys": [],
        }
    )
    found = world(admin.usage(limit=5))
    assert isinstance(found, AdminUsage)
    assert found.by_user[0].user_name == "Ann"
    assert dict(asked.calls[-1].request.url.params) == {"limit": "5"}
    respx.get(f"{API}/admin/health").respond(
        json={
            "status": "warning",
            "version": "9",
            "answered_by": "api-1",
            "server_time": AT,
            "checks": [{"name": "disk", "status": "on-fire", "detail": "x"}],
            "processes": [],
            "jobs": [],
            "disk": {"total_bytes": 2, "free_bytes": 1},
            "store_queue": {"writes": 0, "reads": 0},
        }
    )
    health = world(admin.health())
    assert isinstance(health, ServerHealth)
    assert health.checks[0].status == "on-fire"
    respx.get(f"{API}/admin/alerts").respond(json={"rules": [], "data": []})
    assert world(admin.alerts()) == AlertReport(rules=[], data=[])


@respx.mock
def test_who_is_no_admin_is_told_so(world):
    problem = {"title": "no", "status": 403, "code": "scope_missing", "detail": "This needs the scope admin."}
    respx.get(f"{API}/admin/health").respond(403, json=problem)
    with pytest.raises(PermissionDeniedError, match="admin"):
        world(world.client().admin.health())
