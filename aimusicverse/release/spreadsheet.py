"""Tables for spreadsheet programs: RFC 4180, and no cell that such a program would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

#: A cell that begins so is a formula to Excel, LibreOffice and Google Sheets (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV, UTF-8 with a byte order mark, by which Excel knows that it is UTF-8.

    A cell that would be a formula, also behind blanks, has an apostrophe before it, which programs hide.
    What no file can hold, half a character, becomes a question mark.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig", "replace")


def harmless(cell: str) -> str:
    """A cell that is text to every program."""
    text = cell.replace("\0", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text
