"""Text in requests: what may stand in it."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

#: Turn around what stands beside them (Unicode's Bidi_Control, UAX #9): a name must look like what it is.
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def no_control_characters(value: str) -> str:
    """Raise ValueError for control characters and lone surrogates; line breaks and tabs pass."""
    for position, char in enumerate(value):
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t":
            raise ValueError(f"control character U+{ord(char):04X} at position {position}")
    return value


def one_line(value: str) -> str:
    """As `no_control_characters`, and no line breaks or tabs."""
    no_control_characters(value)
    if "\n" in value or "\t" in value:
        raise ValueError("line breaks and tabs are not allowed here")
    return value


def left_as_written(value: str) -> str:
    """Raise ValueError for what turns letters around, or breaks lines, unseen."""
    for position, char in enumerate(value):
        if char in _BIDIRECTIONAL or char in "\u2028\u2029":
            named = f"U+{ord(char):04X} at position {position}"
            raise ValueError(f"bidirectional or separating character {named}")
    return value


Text: AfterValidator = AfterValidator(no_control_characters)
Line: AfterValidator = AfterValidator(one_line)
LeftAsWritten: AfterValidator = AfterValidator(left_as_written)

#: A name that others will read: one line of 1 to 200 characters.
Title = Annotated[str, Field(min_length=1, max_length=200), Line, LeftAsWritten]
