"""Token buckets: pure arithmetic, without a clock and without I/O.

A bucket of n calls is full with n, loses one with each call and gets them back evenly, n in its period.
What is kept of it is how many are used up, and when that was so: one number and one time, whatever the number
of calls (the generic cell rate algorithm, ITU-T I.371, in calls instead of times). Kept so, a bucket that
becomes larger or smaller remembers what was used, and a clock that is set back takes nothing away.

A user has two, an hour's and a day's. A call takes one from both, or from neither.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from aimusicverse.server.security.allowance import Allowance

HOUR: Final = 3600.0
DAY: Final = 86400.0
#: The size of a bucket without a bound: numbers of this size are still counted exactly.
BOUNDLESS: Final = 1e15
#: What adding and taking away fractions of a call may have lost.
ROUNDING: Final = 1e-6
#: Times that come in the wrong order by less are those of processes side by side, whose calls overtake each
#: other: nothing is refilled until time has caught up. By more, the clock was set back, and goes on there.
SIDE_BY_SIDE: Final = 60.0


class Sizes(NamedTuple):
    """How many calls a user's buckets hold."""

    hour: float
    day: float


class Level(NamedTuple):
    """How many calls of each bucket are used up.

    Attributes:
        hour: of the hour's.
        day: of the day's.
        at: when, in unix seconds of server time.
    """

    hour: float
    day: float
    at: float


def sizes_of(allowance: Allowance) -> Sizes:
    """The buckets for an allowance; `None` in it has no bound."""
    return Sizes(
        BOUNDLESS if allowance.hour is None else float(allowance.hour),
        BOUNDLESS if allowance.day is None else float(allowance.day),
    )


def refilled(used: float, size: float, period: float, seconds: float) -> float:
    """What is used up of a bucket `seconds` after `used` were; never below nothing, nor above all of it."""
    left = used - seconds * size / period
    if left <= 0.0:
        return 0.0
    return left if left < size else size


def at_time(level: Level, sizes: Sizes, now: float) -> Level:
    """The same buckets at another time. Set back, the clock neither fills nor empties them."""
    elapsed = now - level.at
    if elapsed < 0.0:
        at, elapsed = (now if elapsed < -SIDE_BY_SIDE else level.at), 0.0
    else:
        at = now
    return Level(
        refilled(level.hour, sizes.hour, HOUR, elapsed), refilled(level.day, sizes.day, DAY, elapsed), at
    )


def left(level: Level, sizes: Sizes) -> int:
    """How many calls both buckets have left."""
    return max(0, int(min(sizes.hour - level.hour, sizes.day - level.day) + ROUNDING))


def take(level: Level, sizes: Sizes, now: float, calls: int = 1) -> tuple[int, Level]:
    """Take `calls` from both buckets, or as many as both have.

    Returns:
        How many were taken, and the buckets then.
    """
    then = at_time(level, sizes, now)
    taken = min(calls, left(then, sizes))
    if taken <= 0:
        return 0, then
    return taken, Level(then.hour + taken, then.day + taken, then.at)


def wait(used: float, size: float, period: float) -> float:
    """Seconds until a bucket has a call again, 0 when it has one; of a bucket that holds none, its period."""
    missing = used + 1.0 - size
    if missing <= ROUNDING:
        return 0.0
    return missing * period / size if size >= 1.0 else period


def full_in(used: float, size: float, period: float) -> float:
    """Seconds until a bucket is full again."""
    return used * period / size if size >= 1.0 else 0.0
