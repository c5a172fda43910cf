"""Letters without what nobody sees: marks that join, turn or strike through them."""

from __future__ import annotations

import unicodedata

_MARKS = range(0x300, 0x370)  # Unicode's block of combining diacritical marks
_JOINERS = "\u200c\u200d"  # they part and join letters in Arabic, Persian and Indic words, and emoji


def seen(text: str) -> str:
    """The text as it is read: composed, without format characters (category Cf) and marks that stay apart.

    "ho\\u200buse", with a space of no width, is "house"; so is one whose letters are struck through.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        char
        for char in composed
        if char in _JOINERS or not (ord(char) in _MARKS or unicodedata.category(char) == "Cf")
    )
