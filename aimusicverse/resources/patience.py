"""How long, and in which steps, to wait for a generation, a picture, stems, or a distribution."""

from __future__ import annotations

import math
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from aimusicverse.errors import APITimeoutError
from aimusicverse.transport.options import RequestOptions, check_timeout
from aimusicverse.transport.rate_limit import RateLimit

if TYPE_CHECKING:
    from aimusicverse.types.artwork import Artwork
    from aimusicverse.types.distribution import Distribution
    from aimusicverse.types.generation import Generation
    from aimusicverse.types.stems import StemSet

_LONG_POLL = 30
_WATCHED_POLL = 2
#: A poll costs a call. Below this many left, being shown progress is not worth them.
_SCARCE = 30
#: Seconds between two polls at least, should the server not hold them back.
_BREATH = 0.25


class Patience:
    """The time that a wait has, and the polls it is made of."""

    def __init__(self, timeout: float | None, *, watched: bool) -> None:
        if timeout is not None:
            check_timeout(timeout)
        self._timeout = math.inf if timeout is None else timeout
        self._watched = watched
        self._began = monotonic()
        self._asked: float | None = None

    @property
    def left(self) -> float:
        """Seconds left."""
        return self._began + self._timeout - monotonic()

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return self.left <= 0

    def breath(self, *, in_vain: int = 0) -> float:
        """Seconds to hold back the next poll.

        Args:
            in_vain: how many polls in a row brought nothing new: each doubles the time between two, for the
                server holds back none that is asked about what stays as it is for days.
        """
        if self._asked is None:
            return 0.0
        longest = _WATCHED_POLL if self._watched else _LONG_POLL
        between: float = min(_BREATH * 2.0 ** min(in_vain, 10), longest)
        return max(0.0, min(self._asked + between - monotonic(), self.left))

    def next_poll(self, allowance: RateLimit | None) -> int:
        """Seconds for which the server is asked to hold back its answer. The poll counts as begun."""
        self._asked = monotonic()
        can_watch = self._watched and (allowance is None or allowance.remaining >= _SCARCE)
        longest = _WATCHED_POLL if can_watch else _LONG_POLL
        return max(1, math.floor(min(longest, self.left)))

    def options(self, given: RequestOptions | None, default: float) -> RequestOptions:
        """The options of a poll: those given, within the time left. `default`: its seconds otherwise."""
        chosen = given or RequestOptions()
        seconds = default if chosen.timeout is None else chosen.timeout
        return replace(chosen, timeout=max(0.001, min(seconds, self.left)))

    def exhausted(
        self, name: str, last: Generation | Artwork | StemSet | Distribution | None
    ) -> APITimeoutError:
        """The error when the time is up."""
        state = f"is still {last.status}" if last else "has not been heard of"
        return APITimeoutError(f"{name} {state} after {self._timeout:g} s; the server goes on with it")
