"""Seeded chance that gives the same answers on every machine and Python version.

Only `random.Random.random` is promised to be stable between versions, so everything here is built on it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A source of choices; `Chance(seed, "drums")` and `Chance(seed, "bass")` do not disturb each other."""

    def __init__(self, *names: object) -> None:
        self._random = random.Random("/".join(map(str, names)))  # noqa: S311 - music, not secrets

    def unit(self) -> float:
        """0 ≤ x < 1."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """A number from a range."""
        return low + (high - low) * self._random.random()

    def below(self, count: int) -> int:
        """0, 1, … `count` - 1."""
        return int(self._random.random() * count)

    def pick(self, options: Sequence[T]) -> T:
        """One of them."""
        return options[self.below(len(options))]

    def happens(self, probability: float) -> bool:
        """True that often."""
        return self._random.random() < probability

    def bell(self) -> float:
        """Normally distributed, cut at ±2.5 (Box-Muller)."""
        radius = math.sqrt(-2 * math.log(1 - self._random.random()))
        return max(-2.5, min(2.5, radius * math.cos(2 * math.pi * self._random.random())))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All of them in another order."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]
