"""Text from elsewhere, made safe for a terminal: a title must not move the cursor or turn letters around."""

from __future__ import annotations

import re
from functools import cache

# C0 and C1 controls (ESC and CSI among them), lone surrogates, line and paragraph separators, and what
# reorders or hides text: Unicode's bidirectional controls (UAX #9), zero-width and tag characters.
_DANGEROUS = (
    "\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f"
)


@cache
def _anywhere() -> re.Pattern[str]:
    return re.compile(f"[{_DANGEROUS}]")


@cache
def _in_json() -> re.Pattern[str]:
    return re.compile(f"[{_DANGEROUS}]".replace("\x00-\x1f", ""))


def one_line(text: str) -> str:
    """`text` with everything that could steer a terminal, tabs and line breaks too, as visible escapes."""
    return _anywhere().sub(lambda match: match.group().encode("unicode_escape").decode("ascii"), text)


def in_json(text: str) -> str:
    """Serialised JSON, with the same characters as JSON escapes: the same value, but harmless to look at."""
    return _in_json().sub(_json_escape, text)


def _json_escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
