"""Forms with files (RFC 7578), written piece by piece: no file is ever in memory."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aimusicverse.platforms.http import Body

_PIECE: Final = 256 * 1024


class FileChanged(Exception):
    """A file is shorter or longer than it was said to be."""


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file in a form.

    Args:
        path: where it is.
        size: in bytes, as it was when it was looked into.
        name: under which it is sent; ASCII.
        content_type: of it.
    """

    path: Path
    size: int
    name: str
    content_type: str


def form(
    fields: Mapping[str, str],
    files: Mapping[str, FormFile],
    passed: Callable[[int, int], None] = lambda sent, whole: None,
) -> Body:
    """A form to send.

    Args:
        fields: by name.
        files: by name.
        passed: told how many bytes are about to have gone, and of how many, before each piece.
    """
    boundary = secrets.token_hex(16)  # random: no file can have it
    heads = {
        name: (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file.name}"\r\n'
            f"Content-Type: {file.content_type}\r\n\r\n"
        ).encode("ascii")
        for name, file in files.items()
    }
    begin = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ).encode()
    end = f"--{boundary}--\r\n".encode("ascii")
    length = len(begin) + len(end) + sum(len(heads[name]) + file.size + 2 for name, file in files.items())

    def pieces() -> Iterator[bytes]:
        if begin:
            yield begin
        for name, file in files.items():
            yield heads[name]
            yield from _content(file)
            yield b"\r\n"
        yield end

    def told() -> Iterator[bytes]:
        sent = 0
        for piece in pieces():
            sent += len(piece)
            passed(sent, length)
            yield piece

    return Body(f"multipart/form-data; boundary={boundary}", length, told)


def _content(file: FormFile) -> Iterator[bytes]:
    left = file.size
    with file.path.open("rb") as opened:
        while piece := opened.read(_PIECE):
            left -= len(piece)
            if left < 0:
                break
            yield piece
    if left:
        raise FileChanged(str(file.path))
