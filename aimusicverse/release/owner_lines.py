"""P and C lines: who owns the recording, and the rest of a release, since which year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SIGN: Final = re.compile(r"\s*(?:[℗©Ⓟⓒ]|\((?:P|C)\))\s*", re.IGNORECASE)
_LINE: Final = re.compile(r"((?:19|20)[0-9]{2}) (\S.*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """A line without its sign, which stores add.

    Args:
        text: `2026 Owner`, or whatever else was written.
        year: `None`: the line is not a year and an owner.
        owner: likewise.
    """

    text: str
    year: str | None = None
    owner: str | None = None


def owner_line(given: str) -> OwnerLine:
    """What a P or C line says; `℗`, `©`, `(P)` and `(C)` before it are taken off."""
    sign = _SIGN.match(given)
    text = (given[sign.end() :] if sign else given).strip()
    written = _LINE.fullmatch(text)
    return OwnerLine(text, written[1], written[2]) if written else OwnerLine(text)
