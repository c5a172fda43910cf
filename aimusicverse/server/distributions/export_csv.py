"""The CSV of distributions (RFC 4180, UTF-8): a row for each store, and all that a distribution has.

What is of the distribution stands in each of its rows; what is long (metadata, quote, history) in the first
one alone. Nested values are JSON. All cells are quoted, and a text that a spreadsheet would take for a
formula gets an apostrophe before it, which reading takes away again.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

#: Begins a formula, or what a spreadsheet makes one of; also in full width.
_FORMULA: Final = "=+\\-@\t\r\n＝＋－＠"
_GUARDED: Final = re.compile(f"'+[{_FORMULA}]")
_TO_GUARD: Final = re.compile(f"'*[{_FORMULA}]")
#: A cell may hold a release of 500 tracks.
_LARGEST_CELL: Final = 64 * 2**20


class Column(NamedTuple):
    """A column: `text`, `json`, `integer` or `number`; of the distribution or of a delivery."""

    name: str
    field: str
    kind: str
    of_delivery: bool = False
    once: bool = False


def _of_distribution(names: str, kind: str = "text", *, once: bool = False) -> list[Column]:
    return [Column(name, name, kind, once=once) for name in names.split()]


def _of_delivery(names: str, kind: str = "text") -> list[Column]:
    own = {"status": "delivery_status", "updated_at": "delivery_updated_at"}
    return [Column(own.get(name, name), name, kind, of_delivery=True) for name in names.split()]


COLUMNS: Final[list[Column]] = [
    *_of_distribution("id mode status title"),
    *_of_delivery("platform connector status external_id external_url"),
    *_of_delivery("streams", "integer"),
    *_of_delivery("problem", "json"),
    *_of_delivery("step"),
    *_of_delivery("attempts", "integer"),
    *_of_delivery("next_attempt_at"),
    *_of_delivery("progress", "number"),
    *_of_delivery("paused_from"),
    *_of_delivery("delivered_revision", "integer"),
    *_of_delivery("updated_at journal"),
    *_of_distribution("via artwork_id release_at"),
    *_of_distribution("revision version", "integer"),
    *_of_distribution("created_at updated_at submitted_at completed_at"),
    *_of_distribution("track_ids", "json"),
    *_of_distribution("metadata quote events", "json", once=True),
]
_BY_NAME: Final = {column.name: column for column in COLUMNS}
#: Texts that are there, and may be empty.
_NEVER_NULL: Final = frozenset({"title", "journal"})


class CsvError(Exception):
    """A place in a CSV that cannot be read."""

    def __init__(self, line: int, column: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.line, self.column, self.message, self.hint = line, column, message, hint


class Record(NamedTuple):
    """A distribution as it was read, and where: the line of itself, and of each of its deliveries."""

    value: dict[str, Any]
    line: int
    lines: list[int]

    def place(self, path: tuple[str | int, ...]) -> tuple[int, str]:
        """Line and column of a value in it."""
        if path[:1] == ("deliveries",) and len(path) > 1 and isinstance(path[1], int):
            field = path[2] if len(path) > 2 else "platform"
            return self.lines[path[1]], _column(field, of_delivery=True)
        return self.line, _column(path[0] if path else "id", of_delivery=False)


def _column(field: str | int, *, of_delivery: bool) -> str:
    for column in COLUMNS:
        if column.field == field and column.of_delivery == of_delivery:
            return column.name
    return str(field)


# -- writing ----------------------------------------------------------------------------------------


class Writer:
    """Writes records as rows."""

    def head(self) -> bytes:
        """The names of the columns."""
        return _line(column.name for column in COLUMNS)

    def piece(self, one: dict[str, Any]) -> bytes:
        """The rows of one distribution."""
        return b"".join(
            _line(
                ""
                if number and column.once
                else _cell(column, (delivery if column.of_delivery else one)[column.field])
                for column in COLUMNS
            )
            for number, delivery in enumerate(one["deliveries"])
        )

    def foot(self) -> bytes:
        """Nothing."""
        return b""


def _line(cells: Iterable[str]) -> bytes:
    return (",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\r\n").encode()


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.kind == "text":
        return guarded(value)
    if column.kind == "json":
        from aimusicverse.server.distributions.exporting import as_json

        return as_json(value)
    return repr(value)


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguarded(text: str) -> str:
    """The text that was guarded; others as they are."""
    return text[1:] if _GUARDED.match(text) else text


# -- reading ----------------------------------------------------------------------------------------


def read(text: str) -> Iterator[Record]:
    """The distributions of a CSV, each where it first stands.

    Raises:
        CsvError: it is none, or a row is not.
    """
    csv.field_size_limit(_LARGEST_CELL)
    rows = _rows(text)
    line, names = next(rows, (1, []))
    columns = _header(line, names)
    found: dict[str, Record] = {}
    for line, cells in rows:
        if len(cells) != len(columns):
            message = f"there are {len(cells)} cells, and {len(columns)} columns"
            raise CsvError(line, columns[min(len(cells), len(columns)) - 1].name, message)
        own, delivery = _values(line, columns, cells)
        name = own.get("id")
        if not isinstance(name, str):
            raise CsvError(line, "id", "it is empty")
        known = found.get(name)
        if known is None:
            found[name] = Record({**own, "deliveries": [delivery]}, line, [line])
            continue
        for field, value in own.items():
            if known.value.setdefault(field, value) != value:
                message = f"line {known.line} says another one of the same distribution"
                raise CsvError(line, _column(field, of_delivery=False), message)
        known.value["deliveries"].append(delivery)
        known.lines.append(line)
    return iter(found.values())


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise CsvError(begins, "?", f"this is no CSV: {error}") from None
        if cells is None:
            return
        if cells:
            yield begins, cells
        begins = reader.line_num + 1


def _header(line: int, names: list[str]) -> list[Column]:
    for name in names:
        if name not in _BY_NAME:
            hint = f"there are: {', '.join(_BY_NAME)}"
            raise CsvError(line, name[:40] or "?", "there is no such column", hint=hint)
    if len(set(names)) != len(names):
        raise CsvError(line, next(one for one in names if names.count(one) > 1), "it is there twice")
    if "id" not in names or "platform" not in names:
        raise CsvError(line, "platform" if "id" in names else "id", "this column is missing")
    return [_BY_NAME[name] for name in names]


def _values(line: int, columns: list[Column], cells: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    own: dict[str, Any] = {}
    delivery: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=True):
        if cell == "" and column.name not in _NEVER_NULL:
            continue
        try:
            value = _READ[column.kind](cell)
        except (ValueError, RecursionError):
            raise CsvError(line, column.name, f"this is no {_KINDS[column.kind]}") from None
        (delivery if column.of_delivery else own)[column.field] = value
    return own, delivery


def _nothing(name: str) -> Any:
    raise ValueError(name)


_READ: Final[dict[str, Callable[[str], Any]]] = {
    "text": unguarded,
    "integer": int,
    "number": float,
    "json": lambda cell: json.loads(cell, parse_constant=_nothing),
}
_KINDS: Final = {"text": "text", "integer": "whole number", "number": "number", "json": "JSON"}
