"""A picture from a file, and into one that is whole or not there at all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from aimusicverse.cli import content_file
from aimusicverse.cli.destination import folder_of, slug
from aimusicverse.cli.errors import UsageProblem

#: How a file of a kind begins, and how its name may end; the first where we make it up.
_KINDS: Final = (
    (b"\xff\xd8\xff", ("jpg", "jpeg")),
    (b"\x89PNG", ("png",)),
    (b"RIFF", ("webp",)),
)
#: Suffixes that promise something else.
_OTHER_PICTURES: Final = frozenset({"avif", "bmp", "gif", "heic", "jxl", "svg", "tif", "tiff"})


def read(name: str, most: int) -> str | bytes:
    """What the client is to send: a path, or what comes from standard input for `-`; of that one byte more
    than the `most` that are taken."""
    if name != "-":
        return name
    return sys.stdin.buffer.read(most + 1)  # what has no end is not read to its end


def check(output: str | None) -> None:
    """See whether the place can be written to, before the picture is fetched.

    Raises:
        UsageProblem: a folder that does not exist, a picture to a terminal.
        OutputProblem: a place where nothing can be written.
    """
    content_file.check(output, what="a picture", example="cover.jpg")


def write(content: bytes, output: str | None, *, title: str) -> Path | None:
    """Write a picture where `-o` says; the file's name, or None for standard output.

    A name that is made up, from the title, replaces no file. One that was given does.

    Raises:
        UsageProblem: the name promises another kind of picture.
        OutputProblem: it could not be written; nothing of it is left.
    """
    suffixes = _suffixes(content)
    if output != "-" and folder_of(output) is None:
        _check_suffix(Path(str(output)), suffixes)
    return content_file.write(content, output, name=f"{slug(title, 'cover')}.{suffixes[0]}")


def _suffixes(content: bytes) -> tuple[str, ...]:
    """By the file itself: a playlist may have got another cover since it was asked for."""
    return next((suffixes for beginning, suffixes in _KINDS if content.startswith(beginning)), ("image",))


def _check_suffix(path: Path, right: tuple[str, ...]) -> None:
    suffix = path.suffix.removeprefix(".").lower()
    promised = {one for _, suffixes in _KINDS for one in suffixes} | _OTHER_PICTURES
    if suffix in promised and suffix not in right:
        raise UsageProblem(
            f"{path.name} ends in .{suffix}, but the picture is a .{right[0]} file",
            hint=f"Let it end in .{right[0]}, or name a folder.",
        )
