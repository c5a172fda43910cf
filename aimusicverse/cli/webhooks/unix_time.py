"""Points in time as people write them, in unix seconds, which is what messages have."""

from __future__ import annotations

from datetime import datetime

from aimusicverse.cli.errors import UsageProblem

_MOST_DIGITS = 18


def parse(text: str, option: str) -> int:
    """Whole unix seconds; part of a second does not count.

    Args:
        text: unix seconds, or a time as RFC 3339 has it; without a zone it is meant where it is written.
        option: for errors.

    Raises:
        UsageProblem: it is no time, or one before 1970.
    """
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    try:
        seconds = datetime.fromisoformat(text).timestamp() // 1
    except (ValueError, OverflowError, OSError):
        seconds = -1
    if seconds < 0:
        raise UsageProblem(f"{option}: {text!r} is no time", hint="Write 1800000000 or 2027-01-15T08:00:00Z.")
    return int(seconds)
