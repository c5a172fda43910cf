"""Values as TOML writes them. What could turn a line around or hide in it is written as an escape."""

from __future__ import annotations

import re
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
#: Controls, separators of lines, and what reorders text (UAX #9), which an editor would not show.
_HIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_SHORT: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else text(name)


def value(of: Any) -> str:
    """Text, number, truth, list, or table (in braces), on one line."""
    if isinstance(of, bool):
        return "true" if of else "false"
    if isinstance(of, int | float):
        return repr(of)
    if isinstance(of, str):
        return text(of)
    if isinstance(of, dict):
        return (
            "{ " + ", ".join(f"{key(name)} = {value(inner)}" for name, inner in of.items()) + " }"
            if of
            else "{}"
        )
    return "[" + ", ".join(value(inner) for inner in of) + "]"


def text(of: str) -> str:
    """Text on one line, in quotes."""
    return '"' + _escaped(of.replace("\\", "\\\\").replace('"', '\\"'), _HIDDEN) + '"'


def lines(of: str) -> str:
    """Text of several lines, as lyrics are."""
    shown = of.replace("\\", "\\\\").replace('"""', '""\\"')
    if shown.endswith('"'):
        shown = shown[:-1] + '\\"'
    parts = [_escaped(part, _HIDDEN) for part in shown.split("\n")]
    return '"""\n' + "\n".join(parts) + '"""'


def _escaped(of: str, what: re.Pattern[str]) -> str:
    return what.sub(lambda match: _SHORT.get(match.group(), f"\\u{ord(match.group()):04x}"), of)
