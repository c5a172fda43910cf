"""How long requests took, as counts in fixed steps: they add up over rows, processes and time.

Ten steps to each power of ten (the preferred numbers R10 of ISO 3), from 100 µs to 100 s. A percentile is
told as the middle of its step, so within 13.2 % of the true one; what is quicker or slower than all steps
is told as their end.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, sqrt
from typing import Final

_R10: Final = (100, 125, 160, 200, 250, 315, 400, 500, 630, 800)
#: The upper end of each step in microseconds, itself included; a last step has no end. The step into which a
#: request falls is `bisect_left(EDGES, micros)`.
EDGES: Final[tuple[int, ...]] = (
    *(step * 10**power for power in range(6) for step in _R10),
    100_000_000,
)
#: How many counts make a histogram.
STEPS: Final[int] = len(EDGES) + 1
#: How far a percentile between the ends may lie from the true one, as a share of it.
ERROR: Final[float] = max(sqrt(high / low) for low, high in pairwise(EDGES)) - 1


def percentile(counts: Sequence[int], part: float) -> float | None:
    """In milliseconds; `None` without a request.

    Args:
        counts: `STEPS` of them.
        part: 0.5 for the median. By nearest rank: the least value that so many are not above.
    """
    total = sum(counts)
    if not total:
        return None
    rank = max(1, ceil(part * total))
    seen = 0
    for step, count in enumerate(counts):
        seen += count
        if seen >= rank:
            return _middle(step) / 1000
    raise AssertionError("unreachable")


def _middle(step: int) -> float:
    """In microseconds: what is as far, as a ratio, from either end."""
    if step == 0:
        return EDGES[0]
    if step == len(EDGES):
        return EDGES[-1]
    return sqrt(EDGES[step - 1] * EDGES[step])
