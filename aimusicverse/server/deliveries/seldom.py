"""What happens a thousand times is told in full once a minute: a log must not grow by what others do."""

from __future__ import annotations

import time
from typing import Final

_EVERY_SECONDS: Final = 60.0
_MOST_REMEMBERED: Final = 1_000


class Seldom:
    """Whether it is time to tell of something again."""

    def __init__(self) -> None:
        self._told_at: dict[str, float] = {}

    def __call__(self, what: str) -> bool:
        """True at most once a minute for each `what`."""
        now = time.monotonic()
        if now - self._told_at.get(what, float("-inf")) < _EVERY_SECONDS:
            return False
        if len(self._told_at) >= _MOST_REMEMBERED:
            self._told_at.clear()
        self._told_at[what] = now
        return True
