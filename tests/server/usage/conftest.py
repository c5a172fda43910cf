"""What the tests of usage share."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aimusicverse.server import agreement
from tests.server.conftest import Api


@pytest.fixture
def at(api: Api) -> Callable[[str], None]:
    """Move server time forward to a moment of the year 2031; where a test needs an hour or a day by name."""

    def move(moment: str) -> None:
        wanted = datetime.fromisoformat(f"2031-{moment}").replace(tzinfo=UTC)
        clock = api.server.services.clock
        api.server.services.store.write_now(agreement.set_clock_offset, wanted - datetime.now(UTC))
        assert abs(clock.now() - wanted) < timedelta(seconds=5)

    return move


def stats(api: Api, **query: Any) -> dict[str, Any]:
    """What the API tells of usage."""
    answer = api.get("/usage/stats", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def after(api: Api, requests: int, **query: Any) -> dict[str, Any]:
    """The same, once so many requests have ended: an answer may be there a moment before its request ends."""
    deadline = time.monotonic() + 30
    while (found := stats(api, **query))["total"]["requests"] < requests:
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    return found


def by(api: Api, group: str, **query: Any) -> dict[str, int]:
    """Requests by what they are grouped by."""
    name = {"key": "key_name", "endpoint": "endpoint"}.get(group, "start")
    return {one[name]: one["requests"] for one in stats(api, group_by=group, **query)["data"]}
