"""A server that is killed before and after each step of a delivery: every event arrives, and none as two.

Each time another server takes up what the dead one left, and is killed at the next step.
"""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse.secret import Secret
from aimusicverse.types.event import EVENT_TYPES
from tests.server.deliveries import process_to_kill
from tests.server.deliveries.process_to_kill import PLACES
from tests.server.deliveries.receiver import Receiver, answer_with
from tests.server.processes import until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a signal that kills is POSIX's")

#: A type of events for each place, so that a server dies at one and not at what others have left.
OF = dict(zip(PLACES, (type for type in EVENT_TYPES if not type.startswith("endpoint.")), strict=False))


class Servers:
    """One after the other, on one folder and one database."""

    def __init__(self, folder: Path, url: Secret | None) -> None:
        self.folder, self.url = folder, url
        self.now: BaseProcess | None = None

    def begin(self, **how: Any) -> httpx.Client:
        """The next one."""
        process = self.now = process_to_kill.begin(self.folder, self.url, **how)
        where = until(lambda: self._where(process))
        return httpx.Client(
            base_url=where["url"] + "/api/v1", headers={"X-API-Key": where["api_key"]}, timeout=20
        )

    def _where(self, process: BaseProcess) -> dict[str, Any] | None:
        assert process.exitcode is None, self._log(process)
        try:
            found: dict[str, Any] = json.loads((self.folder / "server.json").read_text())
        except (OSError, ValueError):
            return None
        return found if found["pid"] == process.pid else None

    def _log(self, process: BaseProcess) -> str:
        return (self.folder.parent / f"log-{process.pid}").read_text()

    def dies(self) -> None:
        """It was killed where it was to be."""
        assert self.now is not None
        self.now.join(20)
        assert self.now.exitcode == -signal.SIGKILL, self._log(self.now)

    def end(self) -> None:
        if self.now is not None and self.now.exitcode is None:
            self.now.terminate()
            self.now.join(20)


@pytest.fixture
def servers(tmp_path: Path, database_url: Secret | None) -> Iterator[Servers]:
    found = Servers(tmp_path / "server", database_url)
    yield found
    found.end()


def make(http: httpx.Client, place: str) -> str | None:
    """The event that is to be lost; its id, or None when whoever asked got no answer."""
    try:
        answer = http.post(
            "/events/trigger",
            json={"type": OF[place]},
            headers={"Idempotency-Key": place.replace(" ", "-")},
        )
    except httpx.TransportError:
        return None
    assert answer.status_code == 201, answer.text
    identifier: str = answer.json()["id"]
    return identifier


def test_every_event_outlives_a_server_that_is_killed_at_each_step(
    servers: Servers, receiver: Receiver
) -> None:
    failed_once: set[str] = set()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        came = receiver.received[-1] if len(receiver.received) == 1 else find(handler)
        type = json.loads(came.body)["type"]
        if type == OF["while it is received"] and type not in failed_once:
            failed_once.add(type)
            assert servers.now is not None
            assert servers.now.pid is not None
            os.kill(servers.now.pid, signal.SIGKILL)
            return
        first = type not in failed_once and type in OF.values()
        failed_once.add(type)
        answer_with(500 if first else 200)(handler)

    def find(handler: BaseHTTPRequestHandler) -> Any:
        return next(one for one in reversed(receiver.received) if one.headers is handler.headers)

    receiver.usual = answer
    made: dict[str, str | None] = {}
    hook = None
    for place in PLACES:
        with servers.begin(dies=place, of=OF[place]) as http:
            if hook is None:
                hook = http.post("/webhooks", json={"url": receiver.url}).json()
            made[place] = make(http, place)
            servers.dies()

    with servers.begin() as http:
        for place, identifier in made.items():
            again = make(http, place)  # whoever got no answer asks again: it happens once
            assert identifier in (None, again)
            made[place] = again
        path = f"/webhooks/{hook['id']}/deliveries?limit=100"

        def all_arrived() -> bool:
            found = http.get(path).json()["data"]
            return {one["status"] for one in found} == {"succeeded"} and len(found) == len(PLACES) + 1

        until(all_arrived)
        log = http.get("/events?limit=100").json()["data"]
        deliveries = {one["event_id"]: one for one in http.get(path).json()["data"]}
    assert Counter(one["type"] for one in log) == Counter([*OF.values(), "endpoint.test"])
    assert set(deliveries) == {one["id"] for one in log}
    seen = Counter(one.id for one in receiver.received)
    assert set(seen) == set(deliveries)
    for deaths_before, (place, identifier) in enumerate(made.items()):
        assert identifier is not None
        tries = [one["status_code"] for one in deliveries[identifier]["attempts"]]
        assert tries[-1] == 200, place
        # At least once; and a try is lost by a death alone, its own or that of the next server that had it.
        assert len(tries) <= seen[identifier] <= len(tries) + len(PLACES) - deaths_before, place
        same = {one.body for one in receiver.received if one.id == identifier}
        assert len(same) == 1, place
