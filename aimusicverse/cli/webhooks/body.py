"""The bytes of a message: as they are, whatever they are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from aimusicverse.cli.input_files import STDIN, read_bytes

if TYPE_CHECKING:
    from aimusicverse.cli.context import Context

Body = Annotated[
    str | None,
    typer.Option("--body", metavar="FILE", help="The raw bytes of the message; by default standard input."),
]
#: Receivers take a few megabytes. What has no end is not read to the end.
_LARGEST = 256 * 2**20


def read(ctx: Context, name: str | None) -> bytes:
    """All of it.

    Raises:
        UsageProblem: it cannot be read, or has no end.
    """
    if from_stdin(name):
        if sys.stdin.isatty():
            ctx.output.note("The body is read from here: end it with Ctrl-D, or name a file with --body.")
        return read_bytes(STDIN, "--body", most=_LARGEST)
    return read_bytes(str(name), "--body", most=_LARGEST)


def from_stdin(name: str | None) -> bool:
    """Whether the body comes from standard input."""
    return name in (None, STDIN)
