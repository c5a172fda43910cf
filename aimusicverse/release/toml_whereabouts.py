"""Says where in a `release.toml` something is to be changed, in the words that a person sees there."""

from __future__ import annotations

import re
from typing import Final

from aimusicverse.release.toml_file import TomlFile
from aimusicverse.release.toml_places import parsed
from aimusicverse.release.toml_unused import SHORT
from aimusicverse.types.release import Release

_KEY: Final = re.compile(r"#?\s?([A-Za-z0-9_-]+)\s*=")
_HEADING: Final = re.compile(r"#?\s?(\[{1,2}([A-Za-z0-9_.-]+)\]{1,2})")
_ODD: Final = re.compile(r"[^A-Za-z0-9_-]")


def whereabouts(file: TomlFile[Release], field: str) -> str:
    """As Markdown: line 16, `artist`.

    Args:
        file: that is to be edited.
        field: in the long form, like `tracks[0].writers`.
    """
    keys = [step for step in parsed(field) if isinstance(step, str)]
    key = _ODD.sub("", keys[-1])
    number = file.line(field)
    line = file.places.lines[number - 1]
    if found := _KEY.match(line):
        heading = _heading_above(file.places.lines, number) if line.startswith("#") else None
        if heading is not None:
            above, name = heading
            return f"lines {above} and {number}, `{name}` and `{found.group(1)}`"
        return f"line {number}, `{found.group(1)}`"
    if found := _HEADING.match(line):
        if found.group(2) == ".".join(keys):
            return f"line {number}, `{found.group(1)}`"
        return f"below `{found.group(1)}` in line {number}, `{SHORT.get(key, key)}`"
    return f"`{SHORT.get(key, key)}`"


def _heading_above(lines: list[str], number: int) -> tuple[int, str] | None:
    """That which has to be freed from its `#`, too: its line and how it is written."""
    for above in range(number - 1, 0, -1):
        line = lines[above - 1]
        if found := _HEADING.match(line):
            return (above, found.group(1)) if line.startswith("#") else None
        if not line.startswith("#"):
            return None
    return None
