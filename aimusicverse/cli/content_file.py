"""Something small that was fetched, into a file that is whole or not there at all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aimusicverse.cli.destination import folder_of, try_out
from aimusicverse.cli.errors import OutputProblem, UsageProblem
from aimusicverse.cli.output import let_go_of_stdout
from aimusicverse.cli.save import reserved

if TYPE_CHECKING:
    from pydantic import BaseModel

    from aimusicverse.cli.context import Context


def check(output: str | None, *, what: str, example: str, suffixes: tuple[str, ...] = ()) -> None:
    """See whether the place can be written to, before anything is fetched.

    Args:
        output: what `-o` said: a file, a folder, `-`, or nothing (the current folder).
        what: it is, for errors: "a picture".
        example: a file's name.
        suffixes: one of which the name of a file must have; none: any.

    Raises:
        UsageProblem: a folder that does not exist, another suffix, `-` where that is a terminal.
        OutputProblem: a place where nothing can be written.
    """
    if output is not None and (not output or "\0" in output):
        raise UsageProblem("-o needs a name that a file can have")
    if output == "-":
        if sys.stdout.isatty():
            raise UsageProblem(
                f"{what} is not written to a terminal", hint=f"Pipe it on, or name a file: -o {example}"
            )
        return
    folder = folder_of(output)
    if folder is None and suffixes and Path(str(output)).suffix.lower() not in suffixes:
        # So that no slip of the hand replaces a recording.
        raise UsageProblem(f"{output} does not end in {' or '.join(suffixes)}")
    try_out(Path(str(output)) if folder is None else folder / example)


def write(content: bytes, output: str | None, *, name: str) -> Path | None:
    """Write it where `-o` says; the file's name, or None for standard output.

    A name that is made up (`name`, in a folder) replaces no file. One that was given does.

    Raises:
        OutputProblem: it could not be written; nothing of it is left.
    """
    from aimusicverse.resources.sink import sink_for

    if output == "-":
        try:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        except OSError:
            let_go_of_stdout()
            raise
        return None
    folder = folder_of(output)
    path = Path(str(output)) if folder is None else folder / name
    try:
        if folder is None:
            with sink_for(path) as sink:
                sink.restart()
                sink.write(content)
                sink.finish()
            return path
        with reserved(path) as free:
            free.write_bytes(content)
            return free
    except OSError as error:
        raise OutputProblem(
            f"{path} could not be written: {error.strerror or error}", hint="Choose another place with -o."
        ) from error


def report(ctx: Context, about: BaseModel, file: Path | None) -> None:
    """Tell where it is, with --json also what it is of; what went to standard output speaks for itself."""
    if file is None:
        return
    if ctx.output.json:
        ctx.output.object({**about.model_dump(mode="json"), "files": [str(file)]})
    else:
        ctx.output.line(str(file))
