"""A server in whose name a test makes endpoints and events."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.server.deliveries.receiver import PATIENCE

if TYPE_CHECKING:
    from tests.server.conftest import Api


class Sending:
    """A server in dev mode, and what a test does with its webhooks."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.store = api.server.services.store

    def webhook(self, url: str, **fields: Any) -> dict[str, Any]:
        """A new endpoint, whose first test event is on its way."""
        made = self.api.post("/webhooks", json={"url": url, **fields})
        assert made.status_code == 201, made.text
        answer: dict[str, Any] = made.json()
        return answer

    def trigger(self, type: str = "generation.completed", **data: Any) -> dict[str, Any]:
        """A made-up event."""
        made = self.api.post("/events/trigger", json={"type": type, "data": data})
        assert made.status_code == 201, made.text
        answer: dict[str, Any] = made.json()
        return answer

    def deliveries(self, webhook: dict[str, Any], **query: str) -> list[dict[str, Any]]:
        """Those to an endpoint, newest first, but for the first test event."""
        page = self.api.get(f"/webhooks/{webhook['id']}/deliveries", params={"limit": "100", **query})
        assert page.status_code == 200, page.text
        return [one for one in page.json()["data"] if one["event_type"] != "endpoint.test"]

    def delivery(self, delivery_id: str) -> dict[str, Any]:
        """One, with what was answered."""
        answer: dict[str, Any] = self.api.get(f"/deliveries/{delivery_id}").json()
        return answer

    def until(self, look: Callable[[], Any]) -> Any:
        """What `look` finds, once it finds something."""
        end = time.monotonic() + PATIENCE
        while not (found := look()):
            assert time.monotonic() < end, "it never came to be"
            time.sleep(0.01)
        return found

    def settled(self, webhook: dict[str, Any], status: str, count: int = 1) -> list[dict[str, Any]]:
        """The deliveries to an endpoint of a status, once there are `count`."""

        def look() -> list[dict[str, Any]] | None:
            found = self.deliveries(webhook, status=status)
            return found if len(found) >= count else None

        found: list[dict[str, Any]] = self.until(look)
        return found

    def tried(self, webhook: dict[str, Any], times: int = 1) -> dict[str, Any]:
        """The newest delivery to an endpoint, once it was tried so often."""

        def look() -> dict[str, Any] | None:
            found = self.deliveries(webhook)
            return found[0] if found and len(found[0]["attempts"]) >= times else None

        found: dict[str, Any] = self.until(look)
        return found

    def let_it_die(self, webhook: dict[str, Any]) -> dict[str, Any]:
        """The newest delivery to an endpoint, after all tries that it has."""
        for times in range(1, 7):
            self.tried(webhook, times)
            self.api.advance(timedelta(seconds=18))
        [found, *_] = self.settled(webhook, "dead")
        return found

    def forget_endpoints(self) -> None:
        """Remove all that this test has made."""
        for webhook in self.api.get("/webhooks?limit=100").json()["data"]:
            assert self.api.delete(f"/webhooks/{webhook['id']}").status_code == 204
