"""Where each value of a TOML file stands. `tomllib` tells values alone; to find them again its text, which
was accepted before, has only to be followed by its shape (TOML 1.0).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

#: Keys and indexes from the top: `("tracks", 0, "isrc")`.
Path = tuple[str | int, ...]

_BLANK: Final = " \t"
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SPACE: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
#: Numbers, dates, booleans: up to what cannot be part of one. A date and its time may have one blank between.
_PLAIN: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,#\]}]*|[^\s,#\]}]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A value, by where it stands in the text.

    Args:
        line: of its key, 1 is the first; of the value itself in a list.
        column: likewise.
        key_start: where its key begins; in a list where the value begins; at a header its bracket.
        start: where the value begins; behind a header.
        end: behind the value.
        kind: `value`, `inline` (a table in braces) or `header` (`[table]`, `[[tables]]`, or what dots imply).
    """

    line: int
    column: int
    key_start: int
    start: int
    end: int
    kind: str = "value"


@dataclass
class Places:
    """All of a file's.

    Args:
        text: of the file, which `tomllib` accepts.
        by_path: where each value stands.
        root_end: behind the last statement above the first header.
    """

    text: str
    by_path: dict[Path, Place] = field(default_factory=dict)
    root_end: int = 0

    @cached_property
    def lines(self) -> list[str]:
        """Of the text, without their ends."""
        return self.text.split("\n")

    def nearest(self, path: Path) -> Place | None:
        """Of a value, or of the nearest thing around it that is written; `None`: nothing is."""
        while path and path not in self.by_path:
            path = path[:-1]
        return self.by_path.get(path)


def places(text: str) -> Places:
    """Follow a text from its first to its last statement.

    Args:
        text: that `tomllib.loads` accepts; what it says of another one has no meaning.
    """
    found = Places(text)
    _Scanner(text, found).run()
    return found


def parsed(path: str) -> Path:
    """`tracks[1].isrc` → `("tracks", 1, "isrc")`."""
    return tuple(int(index) if index else key for index, key in re.findall(r"\[(\d+)\]|([^.\[\]]+)", path))


def spelled(path: Path) -> str:
    """`("tracks", 1, "isrc")` → `tracks[1].isrc`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


class _Scanner:
    def __init__(self, text: str, found: Places) -> None:
        self._text = text
        self._found = found
        self._at = 0
        #: How many tables each list of tables has by now.
        self._lengths: dict[Path, int] = {}
        #: Where lines begin. Found once: a list of many values may stand on one line, and in no order.
        self._lines = array("Q", (0, *(end.end() for end in re.finditer("\n", text))))

    def run(self) -> None:
        table: Path = ()
        in_root = True
        while self._skip() < len(self._text):
            if self._text[self._at] == "[":
                in_root = False
                table = self._header()
            else:
                self._key_and_value(table)
                if in_root:
                    self._found.root_end = self._at

    def _skip(self) -> int:
        """Over blanks, ends of lines and comments."""
        self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
        return self._at

    def _blanks(self) -> None:
        while self._at < len(self._text) and self._text[self._at] in _BLANK:
            self._at += 1

    def _header(self) -> Path:
        start = self._at
        double = self._text.startswith("[[", start)
        self._at += 2 if double else 1
        keys = self._keys()
        self._at = self._text.index("]", self._at) + (2 if double else 1)
        path: Path = ()
        for place, key in enumerate(keys):
            path = (*path, key)
            if double and place == len(keys) - 1:
                self._lengths[path] = self._lengths.get(path, 0) + 1
                self._remember(path, start, self._at, self._at, "header")
                path = (*path, self._lengths[path] - 1)
            elif path in self._lengths:
                path = (*path, self._lengths[path] - 1)
            self._remember(path, start, self._at, self._at, "header")
        return path

    def _keys(self) -> list[str]:
        """A key with its dots; what stands behind it is not touched."""
        keys = []
        while True:
            self._blanks()
            if self._text[self._at] in "\"'":
                start = self._at
                self._string()
                keys.append(_value_of(self._text[start : self._at]))
            else:
                start = self._at
                self._at = _BARE.match(self._text, start).end()  # type: ignore[union-attr]
                keys.append(self._text[start : self._at])
            self._blanks()
            if not self._text.startswith(".", self._at):
                return keys
            self._at += 1

    def _key_and_value(self, table: Path) -> None:
        start = self._at
        keys = self._keys()
        self._at += 1  # =
        self._blanks()
        path = table
        for key in keys[:-1]:
            path = (*path, key)
            self._remember(path, start, self._at, self._at, "header")
        self._value((*path, keys[-1]), start)

    def _value(self, path: Path, key_start: int) -> None:
        start = self._at
        first = self._text[start]
        if first == "[":
            self._at += 1
            for index in self._items("]"):
                self._value((*path, index), self._at)
        elif first == "{":
            self._at += 1
            for _ in self._items("}"):
                self._key_and_value(path)
        elif first in "\"'":
            self._string()
        else:
            self._at = _PLAIN.match(self._text, start).end()  # type: ignore[union-attr]
        kind = "inline" if first == "{" else "value"
        self._found.by_path.pop(path, None)
        self._remember(path, key_start, start, self._at, kind)

    def _items(self, closing: str) -> Iterator[int]:
        """Stop at each item of a list or inline table, then behind its bracket."""
        index = 0
        while True:
            self._skip()
            if self._text[self._at] == closing:
                self._at += 1
                return
            if self._text[self._at] == ",":
                self._at += 1
                continue
            yield index
            index += 1

    def _string(self) -> None:
        quote = self._text[self._at]
        if self._text.startswith(quote * 3, self._at):
            self._at += 3
            end = self._closing(quote * 3)
            # Up to two quotes may stand right before the three that close.
            while self._text.startswith(quote, end + 3) and end + 3 < len(self._text):
                end += 1
            self._at = end + 3
        else:
            self._at += 1
            self._at = self._closing(quote) + 1

    def _closing(self, quotes: str) -> int:
        at = self._at
        while not self._text.startswith(quotes, at):
            at += 2 if quotes[0] == '"' and self._text[at] == "\\" else 1
        return at

    def _remember(self, path: Path, key_start: int, start: int, end: int, kind: str) -> None:
        if path in self._found.by_path:
            return  # a table that dots go on with stands where it began
        self._found.by_path[path] = Place(*self._position(key_start), key_start, start, end, kind)

    def _position(self, at: int) -> tuple[int, int]:
        """Line and column."""
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1


def _value_of(quoted: str) -> str:
    import tomllib

    value: Any = tomllib.loads(f"k = {quoted}")["k"]
    return str(value)
