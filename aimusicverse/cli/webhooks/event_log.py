"""The log of events of a running server, followed over its absences: none is missed, none comes twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Protocol

from aimusicverse.client import Client
from aimusicverse.credentials.address import is_loopback
from aimusicverse.credentials.sources import Endpoint, resolve
from aimusicverse.errors import (
    AMVError,
    APIConnectionError,
    AuthenticationError,
    ConfigurationError,
    InternalServerError,
    RateLimitError,
)
from aimusicverse.transport.deadline import Deadline
from aimusicverse.transport.options import RequestOptions
from aimusicverse.types import Event, EventPage

#: Seconds for which the server is asked to hold back its answer, and what else that answer may take.
_HELD = 30
_ANSWER = 10.0
_MOST = 100
#: Seconds before it is tried again to reach a server that is away: at first, and at most. Whoever restarts
#: one on this machine looks on, and nobody else is in its way.
_FIRST_PAUSE, _LONGEST_PAUSE, _LONGEST_HERE = 0.25, 10.0, 1.0
#: Seconds between two calls at least, should the server not hold them back.
_BREATH = 0.25
#: When the allowance is used up and the server does not say until when.
_USED_UP = 60.0


class Watcher(Protocol):
    """Who is told how it goes."""

    def reconnecting(self, reason: str, *, attempt: int, seconds: float) -> None:
        """The server is away; it is tried again after so many seconds."""
        ...

    def waiting(self, seconds: float) -> None:
        """The allowance is used up; it goes on after so many seconds."""
        ...

    def another_log(self, after: int) -> None:
        """What came back has a log of its own, in which it goes on after that number."""
        ...

    def caught_up(self, after: int, *, events: int) -> None:
        """What was missed has been told: so many events, up to that number."""
        ...


class TimeIsUp(Exception):
    """The deadline has passed."""


class EventLog:
    """The log, from some place on.

    Attributes:
        after: the number up to which everything was dealt with.
    """

    def __init__(
        self,
        base_url: str | None,
        wanted: Callable[[str], bool],
        *,
        deadline: Deadline,
        watcher: Watcher,
    ) -> None:
        """Nothing is asked yet.

        Args:
            base_url: the server; None for the one that `AMV_BASE_URL` names, or that runs here.
            wanted: whether events of a type are.
            deadline: when to give up.
            watcher: is told how it goes.

        Raises:
            ConfigurationError: no server is known, or no key for it.
        """
        self.after = 0
        self._base_url = base_url
        self._wanted = wanted
        self._deadline = deadline
        self._watcher = watcher
        self._endpoint: Endpoint = resolve(None, base_url)
        self._client = self._opened()

    @property
    def url(self) -> str:
        """The server's address."""
        return self._endpoint.url

    def close(self) -> None:
        """Let go of the server."""
        self._client.close()

    def begin(self, *, after: int | None, since: datetime | None) -> None:
        """Find the place to begin: a number, a time, or, without either, the end.

        Raises:
            AMVError: the server cannot be reached, or refuses.
        """
        usual = RequestOptions()
        newest = self._newest(usual)
        if since is not None:
            newest = self._before(since, newest, usual)
        self.after = newest if after is None else min(after, newest)

    def follow(self, *, behind: bool) -> Iterator[Event]:
        """What comes, for ever. Whoever has dealt with an event says so (`done`) before he asks for the next.

        Args:
            behind: whether there may be much already, at whose end `caught_up` is told.

        Raises:
            TimeIsUp: the deadline has passed.
            AMVError: the server refuses.
        """
        told = failures = 0
        lost: datetime | None = None
        while True:
            try:
                if lost is not None:
                    self._look_again(lost)
                    lost, behind, told = None, True, 0
                page = self._page(held=not behind)
                failures = 0
            except RateLimitError as error:
                seconds = error.retry_after or _USED_UP
                self._watcher.waiting(seconds)
                self._pause(seconds)
                continue
            except (APIConnectionError, InternalServerError) as error:
                self._check_the_time()
                lost = lost or datetime.now(UTC)
                failures += 1
                seconds = self._pause_after(failures)
                self._watcher.reconnecting(_reason(error), attempt=failures, seconds=seconds)
                self._pause(seconds)
                continue
            except AuthenticationError:
                if not self._has_moved():
                    raise
                lost = datetime.now(UTC)
                continue
            for event in page.data:
                if self._wanted(event.type):
                    yield event
                    told += 1
                else:
                    self.done(event)
            self.after = max(self.after, page.last_seq)
            if behind and len(page.data) < _MOST:
                self._watcher.caught_up(self.after, events=told)
                behind = False

    def done(self, event: Event) -> None:
        """An event was dealt with."""
        self.after = event.seq

    def _page(self, *, held: bool) -> EventPage:
        wait = max(1, int(min(_HELD, self._deadline.left()))) if held else 0
        began = time.monotonic()
        page = self._client.webhooks.events(
            after=self.after, wait=wait or None, limit=_MOST, options=self._options(wait)
        )
        if not page.data and time.monotonic() - began < wait - 1:
            self._pause(_BREATH)  # it is stopping, perhaps, and holds nothing back
        return page

    def _look_again(self, lost: datetime) -> None:
        """Find the server that went away. One that runs here may be back elsewhere, with another key, or over
        another folder: then the log is another one, and goes on from when the server was lost.
        """
        if self._has_moved():
            self._client.close()
            self._endpoint = resolve(None, self._base_url)
            self._client = self._opened()
        newest = self._newest(self._options())
        if newest < self.after:
            self.after = self._before(lost, newest, self._options())
            self._watcher.another_log(self.after)

    def _has_moved(self) -> bool:
        try:
            return resolve(None, self._base_url) != self._endpoint
        except ConfigurationError:
            return False  # none is there yet

    def _newest(self, options: RequestOptions) -> int:
        return self._client.webhooks.events(after="latest", options=options).last_seq

    def _before(self, since: datetime, newest: int, options: RequestOptions) -> int:
        """The number before that of the first event from a time on.

        Args:
            since: the time.
            newest: the end of the log, looked for before: what has happened meanwhile counts.
            options: of the call.
        """
        found = self._client.webhooks.events(since=since, limit=1, options=options).data
        return found[0].seq - 1 if found else newest

    def _options(self, held: float = 0) -> RequestOptions:
        self._check_the_time()
        return RequestOptions(timeout=max(0.001, min(held + _ANSWER, self._deadline.left())), retries=0)

    def _pause_after(self, failures: int) -> float:
        longest = _LONGEST_HERE if is_loopback(self.url) else _LONGEST_PAUSE
        jitter = random.uniform(0.8, 1.2)  # noqa: S311 - no secret
        return min(_FIRST_PAUSE * (1 << min(failures - 1, 10)), longest) * jitter

    def _opened(self) -> Client:
        return Client(self._endpoint.api_key, self._endpoint.url)

    def _check_the_time(self) -> None:
        if self._deadline.passed:
            raise TimeIsUp

    def _pause(self, seconds: float) -> None:
        time.sleep(min(seconds, self._deadline.left()))
        self._check_the_time()


def _reason(error: AMVError) -> str:
    """Without the request, which says nothing to whoever listens."""
    return error.message.split(": ", 1)[-1]
