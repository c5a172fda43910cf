"""P and C lines: who owns the recording, and the rest of a release, since which year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SIGN: Final = re.compile(r"^\s*(?:[℗©Ⓟⓒ]|\((?:P|C)\))\s*", re.IGNORECASE)
_YEAR: Final = re.compile(r"((?:19|20)[0-9]{2})\s+\S", re.ASCII)


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """A line without its sign, which stores add: `2026 Owner`, and the year by itself where it has one."""

    text: str
    year: str | None


def owner_line(given: str) -> OwnerLine:
    """What a P or C line says; `℗`, `©`, `(P)` and `(C)` before it are taken off."""
    text = _SIGN.sub("", given).strip()
    year = _YEAR.match(text)
    return OwnerLine(text, year[1] if year else None)
