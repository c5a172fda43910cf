"""Whether a call may pass, and what its answer says of the next ones."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from aimusicverse.clock import ServerClock
from aimusicverse.server.security.allowance import Allowance
from aimusicverse.server.security.limits import buckets
from aimusicverse.server.security.limits.addresses import AddressBuckets
from aimusicverse.server.security.limits.alone import LoneLedger
from aimusicverse.server.security.limits.buckets import BOUNDLESS, DAY, HOUR, ROUNDING, Sizes
from aimusicverse.server.security.limits.excess import Excess, Suspend
from aimusicverse.server.security.limits.ledger import Ledger, Taken
from aimusicverse.server.security.limits.shared import SharedLedger
from aimusicverse.server.security.principal import Principal
from aimusicverse.server.store.base import Store
from aimusicverse.types import Quota, Quotas

Headers = list[tuple[bytes, bytes]]
Period = Literal["hour", "day"]


class Verdict(NamedTuple):
    """Whether a call may pass.

    Attributes:
        passed: whether it may.
        headers: what its answer says, either way.
        limit: which one is over.
        calls: how many that one allows.
        wait: seconds until a call passes again.
    """

    passed: bool
    headers: Headers
    limit: Period | None = None
    calls: int = 0
    wait: float = 0.0


#: Without a limit, nothing is said of one.
UNLIMITED: Final = Verdict(True, [])


class Limiter:
    """The limits of one server: of users, and of addresses from which somebody calls without a key."""

    def __init__(
        self, store: Store, clock: ServerClock, *, suspend: Suspend, address_limit: int, wrong_key_limit: int
    ) -> None:
        """Nothing is read yet.

        Args:
            store: where users' buckets are kept.
            clock: server time, by which they fill.
            suspend: what happens to a key that goes on calling over the limit.
            address_limit: calls an hour without a key, from one address; 0 for no limit.
            wrong_key_limit: wrong keys an hour, from one address; 0 for no limit.
        """
        self._clock = clock
        self._ledger: Ledger = LoneLedger(store) if store.is_ours_alone else SharedLedger(store)
        self._excess = Excess(store, suspend)
        self._addresses = AddressBuckets(address_limit) if address_limit else None
        self._wrong_keys = AddressBuckets(wrong_key_limit) if wrong_key_limit else None

    def close(self) -> None:
        """Write down what is not written yet. Called when the event loop has ended."""
        self._ledger.close()

    def take(self, principal: Principal) -> Verdict | None:
        """Count a call of a user; `None` when that cannot be said at once, so that one must `ask`."""
        allowance = principal.allowance
        if allowance.hour is None and allowance.day is None:
            return UNLIMITED
        sizes = _sizes(allowance)
        now = self._clock.unix()
        taken = self._ledger.take(principal.owner.id, sizes, now)
        return None if taken is None else self._verdict(principal, sizes, taken, now)

    async def ask(self, principal: Principal) -> Verdict:
        """Count a call of a user, with the database.

        Raises:
            StoreError: it does not answer.
        """
        sizes = _sizes(principal.allowance)
        taken = await self._ledger.ask(principal.owner.id, sizes)
        return self._verdict(principal, sizes, taken, self._clock.unix())

    def quotas_left(self, principal: Principal) -> Quotas:
        """What is left to a user who has just called, of his hour and of his day."""
        allowance = principal.allowance
        sizes, now = _sizes(allowance), self._clock.unix()
        level = self._ledger.look(principal.owner.id, sizes, now)
        return Quotas(
            hour=_quota(allowance.hour, level.hour, HOUR, now),
            day=_quota(allowance.day, level.day, DAY, now),
        )

    def take_from_address(self, address: str) -> Verdict:
        """Count a call without a key that holds."""
        if self._addresses is None:
            return UNLIMITED
        now = self._clock.unix()
        given = self._addresses.take(address, now)
        size = int(self._addresses.size)
        headers = _headers(size, given.used, now + self._addresses.full_in(given.used))
        return Verdict(given.passed, headers, None if given.passed else "hour", size, given.wait)

    def try_key(self, address: str) -> Verdict:
        """Count a try with a key that is not known yet. When it was right, say `key_was_right`.

        What passes is counted before it is known to be wrong, or many at once would all pass.
        """
        if self._wrong_keys is None:
            return UNLIMITED
        given = self._wrong_keys.take(address, self._clock.unix())
        return Verdict(
            given.passed, [], None if given.passed else "hour", int(self._wrong_keys.size), given.wait
        )

    def key_was_right(self, address: str) -> None:
        """The last try is not to count."""
        if self._wrong_keys is not None:
            self._wrong_keys.give_back(address, self._clock.unix())

    def _verdict(self, principal: Principal, sizes: Sizes, taken: Taken, now: float) -> Verdict:
        level = taken.level
        headers: Headers = []
        if sizes.hour < BOUNDLESS:
            reset = now + buckets.full_in(level.hour, sizes.hour, HOUR)
            headers = _headers(int(sizes.hour), level.hour, reset)
        if taken.passed:
            return Verdict(True, headers)
        self._excess.add(principal.key_id)
        hour = buckets.wait(level.hour, sizes.hour, HOUR)
        day = buckets.wait(level.day, sizes.day, DAY)
        if day > hour:
            return Verdict(False, headers, "day", int(sizes.day), day)
        return Verdict(False, headers, "hour", int(sizes.hour), hour)


@lru_cache(maxsize=1_000)
def _sizes(allowance: Allowance) -> Sizes:
    return buckets.sizes_of(allowance)


def _headers(limit: int, used: float, full_at: float) -> Headers:
    remaining = int(limit - used + ROUNDING)
    return [
        (b"x-ratelimit-limit", b"%d" % limit),
        (b"x-ratelimit-remaining", b"%d" % (remaining if remaining > 0 else 0)),
        (b"x-ratelimit-reset", b"%d" % math.ceil(full_at)),
    ]


def _quota(limit: int | None, used: float, period: float, now: float) -> Quota:
    if limit is None:
        return Quota()
    full_at = math.ceil(now + buckets.full_in(used, float(limit), period))
    remaining = max(0, int(limit - used + ROUNDING))
    return Quota(limit=limit, remaining=remaining, resets_at=datetime.fromtimestamp(full_at, UTC))
