"""Deliveries of webhooks: how many a second, how soon, beside a dead host, and a day of retries at once.

The server and whoever receives run in processes of their own, and so does whoever lets things happen. How
soon is counted from an event's `timestamp`, which is when its transaction began.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.deliveries import fan_out
from aimusicverse.server.events import queries as events
from aimusicverse.server.ids import new_id
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.tables import delivery
from aimusicverse.server.store.transaction import Transaction
from benchmarks.processes import PYTHON, environment
from benchmarks.reads import Server, amv_serve, offered
from benchmarks.table import Row

ENDPOINTS = 10
RATE = 300
SECONDS = 10
P95_MS, P99_MS = 500, 5_000
#: Waiting for a host that is dead, while a live endpoint gets so many a second.
PENDING = 100_000
LIVE_RATE = 50
GROWTH = 1.10
#: Rounds of each, in turn, beside the dead host and without.
ROUNDS = 16
ROUND_SECONDS = 3
#: A day of retries.
EVENTS = 100
HOURS = 24
RETRIES_SECONDS = 2.0

_TYPE = "generation.completed"


def measure() -> list[Row]:
    """All three."""
    return [*_sustained(), *_beside_a_dead_host(), *_a_day_of_retries()]


def _sustained() -> list[Row]:
    with tempfile.TemporaryDirectory() as name, _receiver() as receiver:
        folder = Path(name) / "data"
        with amv_serve(folder) as (server, key):
            test_key = _test_key(server.port, key)
            # Each has a type of its own, so that an event is one delivery: the most events for them.
            types = [
                f"generation.{what}" for what in ("started", "progress", "completed", "failed", "cancelled")
            ]
            types += ["track.created", "track.updated", "track.deleted", "playlist.updated", "alert.raised"]
            for type in types:
                _webhook(server.port, key, f"{receiver.url}/{type}", type)
            _offer(server.port, test_key, types, rate=RATE, seconds=2)
            receiver.settled()
            before, began = server.cpu(), time.monotonic()
            asked = _offer(server.port, test_key, types, rate=RATE, seconds=SECONDS)
            busy = (server.cpu() - before) / (time.monotonic() - began)
            came = receiver.settled()
    latencies = sorted(found[2] for found in came)
    return [
        Row(
            f"webhooks: deliveries/s over {ENDPOINTS} endpoints, one SQLite process, {RATE} events offered",
            len(came) / SECONDS if len({found[1] for found in came}) == len(came) else 0,
            0.99 * RATE,
            at_least=True,
            note=f"server {busy:.0%} of a core, {asked['errors']} errors",
        ),
        Row("…first try, p95 from the event, ms", _part(latencies, 0.95), P95_MS),
        Row("…first try, p99 from the event, ms", _part(latencies, 0.99), P99_MS),
    ]


def _beside_a_dead_host() -> list[Row]:
    """Two servers, one with deliveries that wait for a dead host. They are asked in turn, a moment each, so
    that what else goes on in the machine meets both alike; who is not asked stands still.
    """
    found: dict[bool, list[float]] = {True: [], False: []}
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory())
        receiver, dead = stack.enter_context(_receiver()), stack.enter_context(_nobody())
        servers: dict[bool, tuple[Server, str]] = {}
        for loaded in found:
            folder = Path(name) / f"data-{loaded}"
            _fill(folder, dead, PENDING if loaded else 0)
            server, key = stack.enter_context(amv_serve(folder))
            stack.callback(server.process.send_signal, signal.SIGCONT)  # or it could not be ended
            _webhook(server.port, key, f"{receiver.url}/live", _TYPE)
            servers[loaded] = server, _test_key(server.port, key)
            _offer(server.port, servers[loaded][1], [_TYPE], rate=LIVE_RATE, seconds=2)
            receiver.settled()
            server.process.send_signal(signal.SIGSTOP)
        for number in range(ROUNDS):
            for loaded in (True, False) if number % 2 else (False, True):
                server, test_key = servers[loaded]
                server.process.send_signal(signal.SIGCONT)
                _offer(server.port, test_key, [_TYPE], rate=LIVE_RATE, seconds=1)
                receiver.settled()
                _offer(server.port, test_key, [_TYPE], rate=LIVE_RATE, seconds=ROUND_SECONDS)
                found[loaded] += [one[2] for one in receiver.settled()]
                server.process.send_signal(signal.SIGSTOP)
    with_it, without = (_part(sorted(found[loaded]), 0.95) for loaded in (True, False))
    middle = [_part(sorted(found[loaded]), 0.5) for loaded in (True, False)]
    return [
        Row(
            f"webhooks: a live endpoint's p95 beside {PENDING:,} for a dead host, × without",
            with_it / without,
            GROWTH,
            note=f"{with_it:.1f} against {without:.1f} ms (half within {middle[0]:.1f} and {middle[1]:.1f}), "
            f"{LIVE_RATE}/s, {ROUNDS} rounds of each in turn",
        )
    ]


def _a_day_of_retries() -> list[Row]:
    """All tries of the extended schedule, by moving server time; the endpoint answers 500."""
    with tempfile.TemporaryDirectory() as name, _nobody() as dead:
        server = RunningServer(
            Settings.from_environment({}, data_dir=Path(name) / "data", port=0, dev=True), mode="test"
        )
        try:
            port, key = int(server.url.rpartition(":")[2]), server.api_key.get_secret_value()
            made = _webhook(port, key, f"http://127.0.0.1:{dead}/", _TYPE, retry_schedule="extended")
            for _ in range(EVENTS):
                _call(port, key, "POST", "/events/trigger", {"type": _TYPE})
            store = server.services.store
            began, moves = time.monotonic(), 0
            end = store.clock.now() + timedelta(hours=HOURS)
            while True:
                _until(lambda: not store.read_now(_is_any_due))
                # To where the last one falls due: those that failed together are apart by the jitter.
                due = store.read_now(_last_due, end)
                if due is None:
                    break
                step = due - store.clock.now()
                _call(port, key, "POST", "/clock", {"seconds": step.total_seconds()}, prefix="/_local")
                moves += 1
            took = time.monotonic() - began
            found = _call(port, key, "GET", f"/webhooks/{made}/deliveries?status=pending&limit=100")["data"]
            tries = sorted({len(one["attempts"]) for one in found})
        finally:
            server.close()
    return [
        Row(
            f"webhooks: {HOURS} virtual hours of retries for {EVENTS} events, s",
            took if len(found) == EVENTS else float("inf"),
            RETRIES_SECONDS,
            note=f"{len(found)} with {tries} tries each, {moves} moves of the clock",
        )
    ]


def _last_due(tx: Transaction, end: datetime) -> datetime | None:
    pending = (delivery.c.status == "pending") & (delivery.c.due_at <= end)
    last: datetime | None = tx.scalar(sa.select(sa.func.max(delivery.c.due_at)).where(pending))
    return last


def _is_any_due(tx: Transaction) -> bool:
    """Something is due, or on its way."""
    due = sa.select(delivery.c.id).where(delivery.c.status == "pending", delivery.c.due_at <= tx.now)
    return tx.one_or_none(due.limit(1)) is not None


class _Receiver:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdout is not None
        self.url = f"http://127.0.0.1:{int(process.stdout.readline())}"

    def settled(self) -> list[list[Any]]:
        """What came since the last time, once nothing more comes; without the test events."""
        found: list[list[Any]] = []
        while True:
            time.sleep(0.5)
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write("\n")
            self._process.stdin.flush()
            more: list[list[Any]] = json.loads(self._process.stdout.readline())
            if not more:
                return found
            found += more


@contextmanager
def _receiver() -> Iterator[_Receiver]:
    command = [*PYTHON, "-m", "benchmarks.webhook_receiver"]
    with subprocess.Popen(
        command,
        env=environment(),
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield _Receiver(process)
        finally:
            process.kill()


@contextmanager
def _nobody() -> Iterator[int]:
    """A port on which nobody listens, and nobody will."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def _fill(folder: Path, dead: int, count: int) -> None:
    """A data folder with so many deliveries that are due for a host that is dead."""
    server = RunningServer(Settings.from_environment({}, data_dir=folder, port=0, jobs=False))
    try:
        port, key = int(server.url.rpartition(":")[2]), server.api_key.get_secret_value()
        webhook_id = _webhook(
            port, key, f"http://127.0.0.1:{dead}/", "track.updated", retry_schedule="extended"
        )
        store = server.services.store
        owner_id = store.read_now(api_keys.first_owner)
        assert owner_id is not None

        def add(tx: Transaction, number: int) -> None:
            for _ in range(number):
                event_id = new_id("evt")
                data = {"id": new_id("trk")}
                events.insert(tx, owner_id, event_id=event_id, type="track.updated", data=data, test=True)
                fan_out.deliver(tx, owner_id, event_id, "track.updated", webhook_id)

        for _ in range(count // 1_000):
            store.write_now(add, 1_000)
    finally:
        server.close()


def _offer(port: int, key: str, types: list[str], *, rate: int, seconds: int) -> dict[str, Any]:
    """Let things happen, so many a second."""
    once = [
        ["POST", "/api/v1/events/trigger", json.dumps({"type": types[number % len(types)]})]
        for number in range(rate * seconds)
    ]
    order = {
        "host": "127.0.0.1",
        "ports": [port],
        "headers": {"Authorization": f"Bearer {key}"},
        "seconds": seconds,
        "streams": [{"rate": rate, "once": once}],
    }
    return offered(order)[0]


def _test_key(port: int, key: str) -> str:
    made = _call(
        port, key, "POST", "/api-keys", {"name": "load", "scopes": ["webhooks:write"], "mode": "test"}
    )
    return str(made["key"])


def _webhook(port: int, key: str, url: str, type: str, **more: str) -> str:
    return str(_call(port, key, "POST", "/webhooks", {"url": url, "events": [type], **more})["id"])


def _call(
    port: int,
    key: str,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    prefix: str = "/api/v1",
) -> Any:
    answer = httpx.request(
        method,
        f"http://127.0.0.1:{port}{prefix}{path}",
        json=body,
        headers={"Authorization": f"Bearer {key}"},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json() if answer.content else None


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        if time.monotonic() > end:
            raise RuntimeError("it never came to be")
        time.sleep(0.002)


def _part(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("inf")
