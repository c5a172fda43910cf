"""Where entries stand: sparse integers, with room between neighbours for those to come.

A position (0, 1, 2, …) as the stored key would make an insertion rewrite all that follows; a linked list
could not be read from its middle; fractions or texts as keys need no rewriting but grow with each insertion
at one spot, for ever. Integers far apart cost one row for an insertion or a move. When a gap is used up,
entries around it are spread out, as few as have enough room together: some dozens, however long the list is.
"""

from __future__ import annotations

from typing import Final

#: Between neighbours at the ends of a list: halved 32 times before a gap is used up.
STEP: Final = 2**32
#: What a spread leaves between neighbours at least, so that it is not needed again soon.
ROOMY: Final = 2**16
#: Half of what the column holds.
_EDGE: Final = 2**62


def places(low: int | None, high: int | None, count: int, *, room: int = 1) -> list[int] | None:
    """`count` places in order, strictly between two that are taken; `None` where they do not fit.

    Args:
        low: the one before, or `None` at the beginning of the list.
        high: the one after, or `None` at its end.
        count: how many.
        room: how far apart they must be.
    """
    if low is not None and high is not None:
        if high - low < room * (count + 1):
            return None
        return [low + (high - low) * number // (count + 1) for number in range(1, count + 1)]
    if low is not None:
        first = low + STEP
    elif high is not None:
        first = high - STEP * count
    else:
        first = -STEP * (count // 2)
    if first < -_EDGE or first + STEP * count > _EDGE:
        return None
    return [first + STEP * number for number in range(count)]
