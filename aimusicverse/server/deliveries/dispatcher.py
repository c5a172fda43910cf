"""Sends what is due: a thread of its own with an event loop, beside the worker of jobs.

It goes in turns: what came of tries is written down, what is due next is claimed, endpoint by endpoint, and
what was claimed is sent, each message by a task of its own; meanwhile the next turn begins.
A process that dies leaves claims that are freed, and what it sent may be sent again: at least once.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Final

from aimusicverse.egress import Rules
from aimusicverse.server.deliveries import fan_out, outcome, queries
from aimusicverse.server.deliveries.lanes import Lanes
from aimusicverse.server.deliveries.outcome import Outcome
from aimusicverse.server.deliveries.queries import Claimed
from aimusicverse.server.deliveries.seldom import Seldom
from aimusicverse.server.deliveries.sender import Message, Sender
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction

log: Final = logging.getLogger("aimusicverse.server.deliveries")

#: Whatever is said or not said, there is a look after so long: a claim of somebody who died may have run out,
#: or the clock may have been set back.
LONGEST_SLEEP: Final = 10.0
_AFTER_TROUBLE_SECONDS: Final = 1.0
#: How long messages may still be on their way when the server stops.
GRACE_SECONDS: Final = 10.0


class Dispatcher:
    """Sends until it is stopped."""

    def __init__(self, store: Store, rules: Rules, sealer: Sealer, *, name: str) -> None:
        """Nothing begins before `start`.

        Args:
            store: whose events are sent.
            rules: where they may go.
            sealer: opens the endpoints' secrets.
            name: under which deliveries are claimed; nobody else may have it.
        """
        self._store = store
        self._rules = rules
        self._sealer = sealer
        self._name = name
        self._lanes = Lanes()
        self._sender: Sender | None = None
        self._outcomes: list[Outcome] = []
        self._on_their_way: dict[asyncio.Task[None], Claimed] = {}
        self._stopping = threading.Event()
        self._next_look = 0.0
        self._is_time_to_tell = Seldom()
        self._wake: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="amv-deliveries", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def wake(self) -> None:
        """Look now: the server clock was moved, perhaps."""
        self._wake()

    def stop(self) -> None:
        """Claim no more; wait for what is on its way, but not for ever: the rest is put back."""
        self._stopping.set()
        self._wake()
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        loop = asyncio.get_running_loop()
        news = asyncio.Event()
        self._wake = lambda: _set_in(loop, news)
        with self._store.signals.listen(fan_out.TOPIC, self._wake):
            async with AsyncExitStack() as undo:
                while not self._stopping.is_set():
                    news.clear()
                    timeout = await self._take_a_turn(undo, news)
                    await _woken(news, timeout)
                await self._finish()

    async def _ready_to_send(self, undo: AsyncExitStack) -> Sender:
        """Made for the first message: what it needs takes 0.2 s to load, and many servers send nothing."""
        if self._sender is None:
            from aimusicverse.egress import Egress

            egress = await undo.enter_async_context(Egress(self._rules))
            self._sender = Sender(egress, self._sealer, self._store.clock)
        return self._sender

    async def _take_a_turn(self, undo: AsyncExitStack, news: asyncio.Event) -> float:
        """Write down, claim, and begin to send; how long there will be nothing to do.

        Each by itself: as one transaction PostgreSQL would have all of it run again whenever another process
        claims at the same time.
        """
        settled, self._outcomes = self._outcomes, []
        try:
            if time.monotonic() >= self._next_look:
                await self._store.write_statement(queries.bring_back)
                self._next_look = time.monotonic() + LONGEST_SLEEP
            if settled:
                await self._store.write(_settle, settled)
                settled = []
            # Who has no room is looked at again when something has come back.
            ready, due = await self._store.read(_look)
            plan = self._lanes.plan(ready)
            messages = await self._store.write(_claim, plan.shares, self._name) if plan.shares else []
        except StoreError as error:
            if self._is_time_to_tell("store"):
                log.error("deliveries cannot be claimed or settled", extra={"error": str(error)})
            self._outcomes[:0] = settled
            return _AFTER_TROUBLE_SECONDS
        except Exception as error:
            # A defect must not end all deliveries in silence, nor one outcome hold up the others.
            self._tell("deliveries met a defect", error)
            await self._settle_one_by_one(settled)
            return _AFTER_TROUBLE_SECONDS
        for message in messages:
            sender = await self._ready_to_send(undo)
            self._lanes.begin(message.claimed.webhook_id)
            task = asyncio.create_task(self._deliver(sender, message, news))
            self._on_their_way[task] = message.claimed
            task.add_done_callback(self._on_their_way.pop)
        waits = [LONGEST_SLEEP]
        if plan.again_in is not None:
            waits.append(plan.again_in)
        if due is not None:
            waits.append(max(0.0, (due - self._store.clock.now()).total_seconds()))
        return min(waits)

    async def _deliver(self, sender: Sender, message: Message, news: asyncio.Event) -> None:
        began = time.monotonic()
        succeeded = False
        try:
            found = await sender.send(message)
            succeeded = found.succeeded
            self._outcomes.append(found)
        finally:
            self._lanes.end(message.claimed.webhook_id, succeeded=succeeded, seconds=time.monotonic() - began)
            news.set()

    async def _settle_one_by_one(self, outcomes: Sequence[Outcome]) -> None:
        for found in outcomes:
            try:
                await self._store.write(outcome.settle, found)
            except StoreError:
                self._outcomes.append(found)
            except Exception as error:
                # Its claim runs out, and it is sent again.
                self._tell("a try could not be written down", error, delivery=found.claimed.id)

    def _tell(self, message: str, error: Exception, **more: str) -> None:
        """A defect: where it happened once a minute, each time that it did."""
        kind = type(error).__name__
        log.error(message, extra={**more, "error": kind}, exc_info=self._is_time_to_tell(message + kind))

    async def _finish(self) -> None:
        """Wait for what is on its way; put back what takes too long."""
        left: dict[asyncio.Task[None], Claimed] = {}
        if self._on_their_way:
            _, late = await asyncio.wait(list(self._on_their_way), timeout=GRACE_SECONDS)
            left = {task: self._on_their_way[task] for task in late}
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            await self._store.write(_last_turn, self._outcomes, list(left.values()))
        except StoreError as error:
            # The claims run out by themselves; the rows are still there.
            log.error("deliveries could not be put back", extra={"error": str(error)})
        except Exception as error:
            self._tell("deliveries met a defect", error)
            await self._settle_one_by_one(list(self._outcomes))


def _settle(tx: Transaction, settled: Sequence[Outcome]) -> None:
    for found in settled:
        outcome.settle(tx, found)


def _look(tx: Transaction) -> tuple[list[str], datetime | None]:
    """For which endpoints something is due, and when the next one falls due that is not yet."""
    return queries.ready(tx), queries.next_due(tx)


def _claim(tx: Transaction, shares: Sequence[tuple[str, int]], who: str) -> list[Message]:
    claimed: list[Claimed] = []
    for webhook_id, share in shares:
        claimed += queries.claim(tx, webhook_id, who=who, limit=share)
    endpoints = queries.endpoints(tx, {one.webhook_id for one in claimed}) if claimed else {}
    events = queries.events(tx, {one.event_id for one in claimed}) if claimed else {}
    return [Message(one, endpoints[one.webhook_id], events[one.event_id]) for one in claimed]


def _last_turn(tx: Transaction, settled: Sequence[Outcome], left: Sequence[Claimed]) -> None:
    _settle(tx, settled)
    outcome.put_back(tx, left)


async def _woken(news: asyncio.Event, timeout: float) -> None:
    try:
        async with asyncio.timeout(timeout):
            await news.wait()
    except TimeoutError:
        pass


def _set_in(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    try:
        loop.call_soon_threadsafe(event.set)
    except RuntimeError:
        if not loop.is_closed():
            raise
