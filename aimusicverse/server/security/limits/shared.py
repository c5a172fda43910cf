"""The buckets of users where several processes may serve them: in the database, debited by one statement.

Whoever has few calls left asks it for each. Of a user with many, who calls often, a process takes some ahead,
at most a hundredth of what is left, and gives back what it has not used within two seconds. So never does one
call too many pass; and the last calls of a bucket are given one by one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from time import monotonic
from typing import Final

from aimusicverse.server.security.limits import queries
from aimusicverse.server.security.limits.buckets import DAY, HOUR, Level, Sizes, at_time, left, wait
from aimusicverse.server.security.limits.ledger import KEPT, Ledger, Taken
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError

log: Final = logging.getLogger("aimusicverse.server.limits")

#: At most this part of what is left is taken ahead, and at most so many calls.
_PART, _MOST_AHEAD = 100, 1_000
#: Who asks again within this time is given more ahead; what lies unused for as long goes back.
_SOON_SECONDS = 1.0


class _Account:
    """What this process knows of a user's buckets."""

    __slots__ = (
        "ahead",
        "asked_at",
        "asking",
        "empty_from",
        "empty_until",
        "held",
        "level",
        "owed",
        "sizes",
        "used",
        "waiting",
    )

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        #: As the database said last; what is held counts as used there.
        self.level: Level | None = None
        #: Calls taken ahead, and whether one was used since somebody looked.
        self.held = 0
        self.used = False
        #: Calls that go back before the next question.
        self.owed = 0
        #: How many the next question takes ahead, and when the last was, in real time.
        self.ahead = 0
        self.asked_at = 0.0
        #: From when to when, in server time, it needs no question to say no.
        self.empty_from = self.empty_until = 0.0
        self.waiting: deque[asyncio.Future[Taken]] = deque()
        self.asking = False

    def shown(self, now: float) -> Level:
        """The buckets as whoever calls is to see them."""
        level = at_time(self.level or Level(0.0, 0.0, now), self.sizes, now)
        return Level(max(0.0, level.hour - self.held), max(0.0, level.day - self.held), level.at)

    def take(self, now: float) -> Taken | None:
        """A call from those held, or a no that is known already."""
        if self.held:
            self.held -= 1
            self.used = True
            return Taken(True, self.shown(now))
        if self.empty_from <= now < self.empty_until:
            return Taken(False, self.shown(now))
        return None

    def learn(self, asked: int, debit: queries.Debit, now: float) -> None:
        """Take in what the database gave when it was asked for so many calls."""
        self.level = level = debit.level
        self.held += debit.granted
        if debit.granted < asked:
            told = max(wait(level.hour, self.sizes.hour, HOUR), wait(level.day, self.sizes.day, DAY))
            self.empty_from, self.empty_until = now, now + told

    def next_ahead(self) -> int:
        """How many calls to take ahead: twice as many each time, while it is asked again soon."""
        now = monotonic()
        since, self.asked_at = now - self.asked_at, now
        if since < _SOON_SECONDS:
            self.ahead = max(1, 2 * self.ahead)
        elif since > 2 * _SOON_SECONDS:
            self.ahead = 0
        room = 0 if self.level is None else left(self.level, self.sizes) // _PART
        self.ahead = min(self.ahead, room, _MOST_AHEAD)
        return self.ahead

    @property
    def is_idle(self) -> bool:
        """Whether nothing is lost when it is forgotten."""
        return not (self.held or self.asking)


class SharedLedger(Ledger):
    """In the database, with a little of it here."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._accounts: dict[str, _Account] = {}
        self._timer: asyncio.TimerHandle | None = None
        #: The users of whom some are held.
        self._holders: set[str] = set()

    def take(self, owner_id: str, sizes: Sizes, now: float) -> Taken | None:
        """Take a call from a user's buckets; `None` when the database must be asked."""
        self._are_as_written()
        account = self._accounts.get(owner_id)
        if account is None or account.sizes != sizes:
            return None
        return account.take(now)

    async def ask(self, owner_id: str, sizes: Sizes) -> Taken:
        """Take a call by the database. Those who come while it is asked are asked for together."""
        account = self._account(owner_id, sizes)
        answer: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        account.waiting.append(answer)
        if not account.asking:
            account.asking = True
            self._begin(self._serve(owner_id, account))
        return await answer

    def look(self, owner_id: str, sizes: Sizes, now: float) -> Level:
        """A user's buckets, as the database last told this process: at his call, or a second or two ago."""
        self._are_as_written()
        account = self._accounts.get(owner_id)
        return Level(0.0, 0.0, now) if account is None else account.shown(now)

    def close(self) -> None:
        """Give back what was taken ahead."""
        super().close()
        self._are_as_written()
        for owner_id, account in self._accounts.items():
            if calls := account.held + account.owed:
                try:
                    self._store.write_now(queries.give_back, owner_id, calls)
                except StoreError as error:
                    _lost(calls, error)

    def _start_over(self) -> None:
        self._accounts.clear()
        self._holders.clear()

    def _account(self, owner_id: str, sizes: Sizes) -> _Account:
        account = self._accounts.get(owner_id)
        if account is None:
            if len(self._accounts) >= KEPT:
                self._accounts = {name: other for name, other in self._accounts.items() if not other.is_idle}
            account = self._accounts[owner_id] = _Account(sizes)
        elif account.sizes != sizes:  # the user has another tier now
            account.owed, account.held = account.owed + account.held, 0
            account.sizes, account.empty_until = sizes, 0.0
        return account

    async def _serve(self, owner_id: str, account: _Account) -> None:
        """Ask the database as long as somebody waits for it."""
        waiting = account.waiting
        try:
            while waiting:
                if account.owed:  # first: there may be too little without it
                    owed, account.owed = account.owed, 0
                    await self._given_back(owner_id, owed)
                calls = len(waiting) + account.next_ahead()
                debit = await self._store.write_statement(queries.debit, owner_id, account.sizes, calls)
                now = self._store.clock.unix()
                account.learn(calls, debit, now)
                while waiting and (taken := account.take(now)) is not None:
                    _tell(waiting.popleft(), taken)
            if account.held:
                self._holders.add(owner_id)
                if self._timer is None:
                    self._set_timer()
        except Exception as error:
            while waiting:
                if not (answer := waiting.popleft()).done():
                    answer.set_exception(error)
        finally:
            account.asking = False

    def _set_timer(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(_SOON_SECONDS, self._look_for_unused)

    def _look_for_unused(self) -> None:
        self._timer = None
        for owner_id in list(self._holders):
            account = self._accounts.get(owner_id)
            if account is not None and not account.used:
                self._give_back(owner_id, account)
            if account is None or not account.held:
                self._holders.discard(owner_id)
            else:
                account.used = False
        if self._holders:
            self._set_timer()

    def _give_back(self, owner_id: str, account: _Account) -> None:
        calls, account.held = account.held, 0
        if calls:
            if (level := account.level) is not None:
                account.level = Level(max(0.0, level.hour - calls), max(0.0, level.day - calls), level.at)
            self._begin(self._given_back(owner_id, calls))

    async def _given_back(self, owner_id: str, calls: int) -> None:
        try:
            await self._store.write_statement(queries.give_back, owner_id, calls)
        except StoreError as error:
            _lost(calls, error)


def _tell(answer: asyncio.Future[Taken], taken: Taken) -> None:
    if not answer.done():  # else he has hung up, after it was taken for him
        answer.set_result(taken)


def _lost(calls: int, error: StoreError) -> None:
    log.warning("calls that were taken ahead are not given back", extra={"calls": calls, "error": str(error)})
