"""`amv serve --workers N`: a parent that binds the socket, and children that answer on it or do jobs.

The parent prepares the folder and the database, and then only looks after its children: one that ends is
started again. Each child is a fresh interpreter with the listening socket handed down, and ends when its
standard input does, which the operating system sees to even when the parent is killed.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import IO, Final, NamedTuple

from aimusicverse.errors import ConfigurationError
from aimusicverse.server import listener as listeners
from aimusicverse.server.api_side import GRACE_SECONDS
from aimusicverse.server.fair_share import Shares, shared_memory
from aimusicverse.server.ground import held_folder, standing
from aimusicverse.server.settings import Settings
from aimusicverse.server.signals_to_stop import Stop

log: Final = logging.getLogger("aimusicverse.server")

CHILD_MODULE = "aimusicverse.server.child"
#: How long a child may take to end in order before it is killed.
_END_SECONDS = GRACE_SECONDS + 20
#: A child that lived for longer is started again at once.
_LIVED_SECONDS = 10.0
_LONGEST_PAUSE = 10.0


def check(settings: Settings) -> None:
    """See that several processes can share this work.

    Raises:
        ConfigurationError: they cannot.
    """
    if settings.database_url is None:
        raise ConfigurationError(
            "several processes (--workers, AMV_WORKERS) need PostgreSQL: name a database in "
            "AMV_DATABASE_URL, because on SQLite one process has the data folder alone"
        )
    if settings.dev:
        raise ConfigurationError(
            "--dev goes with one process (--workers 1, AMV_WORKERS): what /_local does lives in one"
        )
    if sys.platform == "win32":
        raise ConfigurationError(
            "Windows cannot hand a listening socket to several processes here: use --workers 1, and several "
            "servers behind a proxy"
        )


class Family:
    """The parent of a server's processes."""

    def __init__(self, settings: Settings) -> None:
        """Prepare folder and database, listen, and start the children.

        Raises:
            ConfigurationError: the folder, the database or the port cannot be used.
        """
        with ExitStack() as undo:
            folder = undo.enter_context(held_folder(settings))
            listener = undo.enter_context(listeners.listen(settings.host, settings.port))
            with standing(
                folder, settings
            ) as ground:  # schema, master key and owner's key are there from now on
                key, started_at = ground.key, ground.clock.now()
            self.url: str = listeners.url_of(listener)
            memory = undo.enter_context(shared_memory(settings.workers))
            self._children = [
                Child(f"api-{number + 1}", settings, Place(listener, memory, number))
                for number in range(settings.workers)
            ]
            if settings.jobs:
                self._children.append(Child("worker", settings))
            undo.callback(self._end)
            for child in self._children:
                child.start()
            folder.announce(self.url, key, started_at)
            self._undo = undo.pop_all()

    def keep_until(self, stop: Stop) -> None:
        """Start again whoever ends, until `stop`."""
        while not stop.wait(0.1):
            for child in self._children:
                child.look_after()

    def __enter__(self) -> Family:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._undo.close()

    def _end(self) -> None:
        for child in self._children:
            child.ask_to_end()
        deadline = time.monotonic() + _END_SECONDS
        for child in self._children:
            child.wait(deadline)


class Place(NamedTuple):
    """Where a child answers, and as which one of how many."""

    listener: socket.socket
    memory: IO[bytes]
    number: int


class Child:
    """A process that is there again after it has ended."""

    def __init__(self, name: str, settings: Settings, place: Place | None = None) -> None:
        """Nothing begins before `start`.

        Args:
            name: `api-1`, `worker`: what the process is called in its log lines.
            settings: handed down by the environment.
            place: where it answers; without one it does jobs.
        """
        self._name = name
        self._environment = {**os.environ, **settings.as_environment()}
        self._place = place
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._short_lives = 0
        self._start_at: float | None = None

    def start(self) -> None:
        """Begin a life."""
        descriptors: tuple[int, ...] = ()
        words = [sys.executable, "-P", "-m", CHILD_MODULE, self._name]
        if self._place is not None:
            descriptors = (self._place.listener.fileno(), self._place.memory.fileno())
            words += map(str, (*descriptors, self._place.number))
            self._leave()  # until it is ready
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,  # its end tells the child that this process is gone
            pass_fds=descriptors,
            env=self._environment,
        )
        self._started = time.monotonic()
        self._start_at = None
        log.info("child started", extra={"child": self._name, "child_pid": self._process.pid})

    def look_after(self) -> None:
        """Start again what has ended; the more often it ended early, the later."""
        if self._start_at is None:
            if self._process is None or (code := self._process.poll()) is None:
                return
            self._close_input()
            self._leave()
            now = time.monotonic()
            self._short_lives = self._short_lives + 1 if now - self._started < _LIVED_SECONDS else 0
            # The first early end may be an accident; a second one soon after looks like a rule.
            pause = 0.0 if self._short_lives < 2 else min(0.1 * 2.0**self._short_lives, _LONGEST_PAUSE)
            self._start_at = now + pause
            extra = {
                "child": self._name,
                "child_pid": self._process.pid,
                "exit_code": code,
                "again_in": pause,
            }
            log.error("child ended; it is started again", extra=extra)
        if time.monotonic() >= self._start_at:
            try:
                self.start()
            except OSError as error:  # no memory, no process free: they will be again
                self._start_at = time.monotonic() + _LONGEST_PAUSE
                log.error("child cannot be started", extra={"child": self._name, "error": str(error)})

    def ask_to_end(self) -> None:
        """In order: as by SIGTERM."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, deadline: float) -> None:
        """Until it has ended; after `deadline` (`time.monotonic`) it is killed."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.error("child did not end and is killed", extra={"child": self._name})
            self._process.kill()
            self._process.wait()
        self._close_input()

    def _leave(self) -> None:
        """Nobody is to leave it connections that it cannot take."""
        if self._place is not None:
            Shares(self._place.memory.fileno(), self._place.number).leave()

    def _close_input(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()


def end_with_parent(stop: Stop) -> None:
    """For a child: want the end when standard input ends, and end without order if that takes too long."""

    def watch() -> None:
        with suppress(OSError):
            while os.read(0, 4096):
                pass
        stop.want()
        time.sleep(_END_SECONDS)
        os._exit(70)

    threading.Thread(target=watch, name="amv-parent", daemon=True).start()
