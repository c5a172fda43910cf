"""Lengths of time as people write them: `90`, `90s`, `1:30`, `1m30s`, `2 min`, `90d`."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)", re.ASCII)
_UNITS = re.compile(
    r"(?:(\d+(?:\.\d+)?)\s*d(?:ays?)?)?\s*(?:(\d+(?:\.\d+)?)\s*h(?:ours?)?)?\s*"
    r"(?:(\d+(?:\.\d+)?)\s*m(?:in(?:utes?)?)?)?\s*(?:(\d+(?:\.\d+)?)\s*s(?:ec(?:onds?)?)?)?",
    re.ASCII,
)
_SECONDS = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


def parse(text: str) -> float:
    """Seconds. Whether so many make sense is for whoever takes them.

    Raises:
        ValueError: not a length of time.
    """
    text = text.strip().lower()
    if _SECONDS.fullmatch(text):
        return float(text)
    if text and (match := _CLOCK.fullmatch(text) or _UNITS.fullmatch(text)):
        *days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return sum(days) * 86400 + hours * 3600 + minutes * 60 + seconds
    raise ValueError(f"{text!r} is no length of time; write seconds (90), 1:30 or 1m30s")


def clock(seconds: float) -> str:
    """`1:30`, `1:02:03`."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
