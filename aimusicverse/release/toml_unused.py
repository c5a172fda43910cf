"""Where a key that a `release.toml` does not use is to be written: its line behind a `#`, as `init` and
`prepare` put it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimusicverse.release.toml_places import Path, Places

_KEY: Final = re.compile(r"#\s?([A-Za-z0-9_-]+) = ")
_HEADING: Final = re.compile(r"#\s?(\[{1,2})([A-Za-z0-9_.-]+)\]{1,2}\s*")
#: A real heading, and no list that goes over several lines.
_REAL: Final = re.compile(r"\[{1,2}[^\[\]\"',]+\]{1,2}\s*(?:#.*)?")
#: What the short form calls a key of the long one.
SHORT: Final = {"artists": "artist", "writers": "composers"}


def unused_line(places: Places, path: Path) -> int | None:
    """The line that is to be freed from its `#` so that a value can stand at a path.

    Args:
        places: of the file's values.
        path: as the file spells it, like `("tracks", 0, "isrc")`.

    Returns:
        The line, 1 is the first; `None`: nobody put it there.
    """
    *table, key = [step for step in path if isinstance(step, str)] or [""]
    names = {key, SHORT.get(key, key)}
    inside = _inside(places, path)
    for number, heading, text in inside:
        word = _KEY.match(text)
        if word and word.group(1) in names and (heading is None or heading == ".".join(table)):
            return number
    for number, heading, text in inside:
        if _HEADING.match(text) and heading == ".".join((*table, key)):
            return number
    return None


def _inside(places: Places, path: Path) -> list[tuple[int, str | None, str]]:
    """The lines of the nearest table around a path that is written: number, heading behind a `#`, text."""
    around = path[:-1]
    while around and around not in places.by_path:
        around = around[:-1]
    first = places.by_path[around].line + 1 if around else 1
    return list(_lines(places.lines, first, is_whole=around == path[:-1]))


def _lines(lines: list[str], first: int, *, is_whole: bool) -> Iterator[tuple[int, str | None, str]]:
    """Up to the next heading.

    Args:
        lines: of the file.
        first: line to begin with.
        is_whole: whether it is the table itself, so that its keys stand under no heading of their own.
    """
    heading: str | None = None
    for number, line in enumerate(lines[first - 1 :], first):
        if _REAL.fullmatch(line):
            return
        if unused := _HEADING.fullmatch(line):
            heading = unused.group(2)
        if heading is not None or is_whole:
            yield number, heading, line
