"""A server, or somebody who only sends, in a process of its own that can be told where it is to die.

The processes are forked from one that has loaded everything: each is there in a moment.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from aimusicverse.secret import Secret
from aimusicverse.server.deliveries import dispatcher, fan_out, queries, sender
from aimusicverse.server.deliveries.dispatcher import Dispatcher
from aimusicverse.server.deliveries.outcome import Outcome
from aimusicverse.server.deliveries.sender import Message, Sender
from aimusicverse.server.log_lines import log_to_stderr
from aimusicverse.server.running import RunningServer, RunningWorker
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.signals import Signals
from tests.server.quick_engine import QuickEngine

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


def begin(
    folder: Path,
    url: Secret | None,
    *,
    dies: str = "never",
    of: str = "",
    lease: float = queries.LEASE_SECONDS,
    look_every: float = dispatcher.LONGEST_SLEEP,
    only_sends: bool = False,
) -> BaseProcess:
    """Start one.

    Args:
        folder: its data.
        url: its database; None: in the folder.
        dies: one of `PLACES`.
        of: the type of events at which it dies.
        lease: seconds.
        look_every: seconds.
        only_sends: it answers no requests.
    """
    database = None if url is None else url.get_secret_value()
    what = (folder, database, dies, of, lease, look_every, only_sends)
    process = _CONTEXT.Process(target=_run, args=what, daemon=True)
    process.start()
    return process


def _run(
    folder: Path, url: str | None, dies: str, of: str, lease: float, look_every: float, only_sends: bool
) -> None:
    log = (folder.parent / f"log-{os.getpid()}").open("w")
    os.dup2(log.fileno(), sys.stderr.fileno())
    log_to_stderr("info", "to-kill")
    queries.LEASE_SECONDS = lease  # type: ignore[misc]
    dispatcher.LONGEST_SLEEP = look_every  # type: ignore[misc]
    if dies != "never":
        PLACES[dies](of)
    settings = Settings.from_environment(
        {}, data_dir=folder, port=0, database_url=None if url is None else Secret(url)
    )
    engine = QuickEngine()
    engines = {engine.name: engine}
    running = (
        RunningWorker(settings, engines=engines)
        if only_sends
        else RunningServer(settings, engines=engines, mode="test")
    )
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
    (folder.parent / f"ready-{os.getpid()}").touch()
    while not stopped:
        time.sleep(0.02)
    running.close()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _around(owner: Any, name: str, concerned: Callable[..., bool], *, before: bool) -> None:
    """Die before or after a function that is called about what we are to die at."""
    real = getattr(owner, name)

    def function(*args: Any, **named: Any) -> Any:
        if before and concerned(*args, **named):
            _die()
        result = real(*args, **named)
        if not before and concerned(*args, **named):
            _die()
        return result

    setattr(owner, name, function)


def _insert(before: bool) -> Callable[[str], None]:
    def place(of: str) -> None:
        _around(queries, "insert", lambda *_, event_type, **__: event_type == of, before=before)

    return place


def _committed(of: str) -> None:
    written: list[str] = []
    real = queries.insert

    def insert(*args: Any, **named: Any) -> None:
        real(*args, **named)
        written.append(named["event_type"])

    queries.insert = insert
    _around(Signals, "wake", lambda _, topics: of in written and fan_out.TOPIC in topics, before=True)


def _send(before: bool) -> Callable[[str], None]:
    def place(of: str) -> None:
        real = Sender.send

        async def send(self: Sender, message: Message) -> Outcome:
            if before and message.event.type == of:
                _die()
            found = await real(self, message)
            if not before and message.event.type == of:
                _die()
            return found

        sender.Sender.send = send  # type: ignore[method-assign]

    return place


def _written(name: str, before: bool) -> Callable[[str], None]:
    """Around a statement about a try, which knows only the delivery."""

    def place(of: str) -> None:
        tried: list[str] = []
        real = Sender.send

        async def send(self: Sender, message: Message) -> Outcome:
            if message.event.type == of:
                tried.append(message.claimed.id)
            return await real(self, message)

        sender.Sender.send = send  # type: ignore[method-assign]
        _around(queries, name, lambda _, claimed, **__: claimed.id in tried, before=before)

    return place


def _settled(of: str) -> None:
    """After the commit in which a try was written down, and the next one put off."""
    real = Dispatcher._take_a_turn
    tried: list[str] = []
    send = Sender.send

    async def noted(self: Sender, message: Message) -> Outcome:
        if message.event.type == of:
            tried.append(message.claimed.id)
        return await send(self, message)

    async def turn(self: Dispatcher, *args: Any) -> float:
        concerned = any(found.claimed.id in tried for found in self._outcomes)
        slept = await real(self, *args)
        if concerned:
            _die()
        return slept

    sender.Sender.send = noted  # type: ignore[method-assign]
    Dispatcher._take_a_turn = turn  # type: ignore[method-assign]


#: Where it may die. `while it is received` is up to the receiver, who kills it.
PLACES: dict[str, Callable[[str], None]] = {
    "before persist": _insert(before=True),
    "after persist, before the commit": _insert(before=False),
    "after the commit": _committed,
    "before send": _send(before=True),
    "while it is received": lambda of: None,
    "after response": _send(before=False),
    "before reschedule": _written("settle", before=True),
    "after reschedule": _written("settle", before=False),
    "before log": _written("insert_attempt", before=True),
    "after log": _written("insert_attempt", before=False),
    "after the commit of a try": _settled,
}
