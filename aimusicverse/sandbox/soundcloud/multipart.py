"""Forms with files (RFC 7578), read as they come: one piece is in memory, however large a file is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_MOST_HEADER_BYTES: Final = 8 * 1024
_BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_QUOTED: Final = re.compile(r';\s*(name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)


class MultipartError(ValueError):
    """A body is no such form."""


@dataclass(frozen=True, slots=True)
class Part:
    """The head of a part.

    Args:
        name: of the field.
        file_name: of a file; `None`: it is a plain field.
    """

    name: str
    file_name: str | None


#: A part begins, or more of its content came.
Piece = Part | bytes


def boundary_of(content_type: str) -> bytes:
    """What separates parts.

    Raises:
        MultipartError: the type is not `multipart/form-data`, or names none.
    """
    kind, *parameters = content_type.split(";")
    if kind.strip().lower() != "multipart/form-data":
        raise MultipartError("it is no multipart/form-data")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.strip().lower() == "boundary":
            bare = value.strip().removeprefix('"').removesuffix('"')
            if _BOUNDARY.fullmatch(bare):
                return bare.encode("ascii")
    raise MultipartError("it names no boundary")


class MultipartReader:
    """Takes bytes in any pieces, gives parts and their content.

    for piece in reader.feed(chunk): …
    reader.finish()
    """

    def __init__(self, boundary: bytes) -> None:
        """Nothing was read yet."""
        self._delimiter = b"\r\n--" + boundary
        self._left = b"\r\n"  # so that the first delimiter looks like the others
        self._where = "preamble"

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        """What these bytes complete.

        Raises:
            MultipartError: they belong to no such form.
        """
        self._left += chunk
        while (step := self._step()) is not None:
            if step != b"":
                yield step

    def finish(self) -> None:
        """No more comes.

        Raises:
            MultipartError: the form is not at its end.
        """
        if self._where != "end":
            raise MultipartError("it breaks off")

    def _step(self) -> Piece | None:
        """One step: a piece, `b""` (gone on without one), or `None` (more bytes are needed)."""
        if self._where in ("preamble", "content"):
            return self._until_delimiter()
        if self._where == "delimiter":
            return self._after_delimiter()
        if self._where == "headers":
            return self._head()
        self._left = b""  # an epilogue means nothing
        return None

    def _until_delimiter(self) -> Piece | None:
        content = self._where == "content"
        found = self._left.find(self._delimiter)
        if found >= 0:
            before, self._left = self._left[:found], self._left[found + len(self._delimiter) :]
            self._where = "delimiter"
            return before if content else b""
        # The end may be the beginning of a delimiter.
        safe = len(self._left) - len(self._delimiter) + 1
        if safe <= 0:
            return None
        before, self._left = self._left[:safe], self._left[safe:]
        if not content:
            raise MultipartError("it does not begin with its boundary")
        return before

    def _after_delimiter(self) -> Piece | None:
        if len(self._left) < 2:
            return None
        mark, self._left = self._left[:2], self._left[2:]
        if mark == b"--":
            self._where = "end"
        elif mark == b"\r\n":
            self._where = "headers"
        else:
            raise MultipartError("there is something behind a boundary")
        return b""

    def _head(self) -> Piece | None:
        end = self._left.find(b"\r\n\r\n")
        if (end if end >= 0 else len(self._left)) > _MOST_HEADER_BYTES:
            raise MultipartError("the head of a part is too long")
        if end < 0:
            return None
        head, self._left = self._left[:end], self._left[end + 4 :]
        self._where = "content"
        return _part(head)


def _part(head: bytes) -> Part:
    try:
        lines = head.decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        raise MultipartError("the head of a part is no UTF-8") from None
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            if not value.strip().lower().startswith("form-data"):
                break
            words = {key.lower(): _bare(text) for key, text in _QUOTED.findall(value)}
            if "name" in words:
                return Part(words["name"], words.get("filename"))
    raise MultipartError("a part has no name")


def _bare(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).replace("%22", '"')
