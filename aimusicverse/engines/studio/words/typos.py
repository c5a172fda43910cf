"""The word of the tables that a mistyped one was meant to be."""

from __future__ import annotations

from functools import cache

from aimusicverse.engines.studio.words.filler import REAL
from aimusicverse.engines.studio.words.lexicon import aliases, lexicon

#: Shorter words are too near to each other, and to names of keys.
_LEAST_TYPED, _LEAST_MEANT = 5, 6
#: From this length on, two letters may be wrong.
_LONG = 10
_UNCORRECTED = frozenset({"filler", "no", "only", "alone"})


def meant(typed: str) -> str | None:
    """The one phrase of the tables within one letter of `typed` (two in a long one), beginning alike.

    A letter too many, too few, wrong, or two that changed places count as one each. `None` when nothing is as
    near, or when `typed` is too short to tell.
    """
    if len(typed) < _LEAST_TYPED or typed in REAL or not typed[0].isalpha():
        return None
    allowed = 2 if len(typed) >= _LONG else 1
    mask, best, answer = _letters(typed), allowed + 1, None
    for length in range(max(_LEAST_MEANT, len(typed) - allowed), len(typed) + allowed + 1):
        for phrase, letters in _candidates().get((typed[0], length), ()):
            if (mask ^ letters).bit_count() <= 2 * allowed:
                far = _distance(typed, phrase, best - 1)
                if far < best:
                    best, answer = far, phrase
    return answer


@cache
def _candidates() -> dict[tuple[str, int], tuple[tuple[str, int], ...]]:
    """Phrases by their first letter and length, with the set of their letters as bits."""
    found: dict[tuple[str, int], list[tuple[str, int]]] = {}
    table = lexicon()
    meanings = {**table, **{foreign: table[english] for foreign, english in aliases().items()}}
    for phrase in sorted(meanings):
        if len(phrase) >= _LEAST_MEANT and meanings[phrase][0].kind not in _UNCORRECTED:
            found.setdefault((phrase[0], len(phrase)), []).append((phrase, _letters(phrase)))
    return {place: tuple(phrases) for place, phrases in found.items()}


def _letters(word: str) -> int:
    bits = 0
    for char in word:
        bits |= 1 << (ord(char) % 61)
    return bits


def _distance(one: str, two: str, most: int) -> int:
    """Edits between two words, neighbours that changed places as one; `most` + 1 when there are more.

    Source: optimal string alignment, G. Navarro, "A guided tour to approximate string matching" (2001).
    """
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, char in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(two, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != other))
            if i > 1 and j > 1 and char == two[j - 2] and one[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
