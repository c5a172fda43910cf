"""Printing: data on standard output, everything else on standard error.

Plain when piped, with colour and columns on a terminal; `NO_COLOR`, `--quiet` and `--json` are honoured
here and nowhere else. rich is imported for terminals only.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

from aimusicverse.cli.safe_text import in_json, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from rich.console import Console


def to_json(value: Any) -> str:
    """One line of JSON, harmless on a terminal. Models of the contract are dumped on the way."""
    import json

    return in_json(json.dumps(value, ensure_ascii=False, default=_plain, separators=(", ", ": ")))


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json")


def let_go_of_stdout() -> None:
    """Send what is still buffered for standard output nowhere: its reader has gone, or its disk is full."""
    _let_go_of(sys.stdout)


def let_go_of_the_terminal() -> None:
    """Its window was closed: what anything still says on the way out would only spoil the exit code."""
    for stream in (sys.stdout, sys.stderr):
        _let_go_of(stream)


def _let_go_of(stream: TextIO) -> None:
    with suppress(OSError, ValueError):  # ValueError: it is no file at all, as in a test
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Output:
    """The two streams of one run."""

    def __init__(self, *, json: bool = False, quiet: bool = False, color: bool = True) -> None:
        self.json = json
        self.quiet = quiet
        self.color: bool = color and not os.environ.get("NO_COLOR")

    @property
    def to_terminal(self) -> bool:
        """Whether data goes to a person."""
        return sys.stdout.isatty()

    @property
    def with_person(self) -> bool:
        """Whether somebody reads along on standard error."""
        return sys.stderr.isatty()

    @property
    def chatty(self) -> bool:
        """Whether notes and progress are wanted. With `--json`, a program may be reading standard error for
        the one error object, so it gets nothing else there.
        """
        return not self.quiet and (self.with_person or not self.json)

    def console(self, stream: TextIO) -> Console:
        """rich, for a terminal."""
        from rich.console import Console

        return Console(file=stream, no_color=not self.color, highlight=False, soft_wrap=False, emoji=False)

    def object(self, value: Any) -> None:
        """One JSON object, on one line when piped and indented on a terminal."""
        if self.to_terminal:
            import json

            text = in_json(json.dumps(value, ensure_ascii=False, default=_plain, indent=2))
        else:
            text = to_json(value)
        self.line(text)

    def line(self, text: str) -> None:
        """A line of data, as it is: text from elsewhere passes `one_line` first."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()  # the reader of a pipe may be waiting, and a closed pipe is noticed here

    def table(
        self, headings: Sequence[str], rows: Iterable[Sequence[str]], *, gives_way: str | None = None
    ) -> None:
        """On a terminal columns under headings; in a pipe one row a line, tabs between, no headings.

        `gives_way` is the column that is cut where the terminal ends.
        """
        safe = [[one_line(cell) for cell in row] for row in rows]
        if not self.to_terminal:
            for row in safe:
                self.line("\t".join(row))
        elif not safe:
            self.note("Nothing yet.")
        else:
            import shutil

            from aimusicverse.cli.table import fitted

            first, *others = fitted(
                [[heading.upper() for heading in headings], *safe],
                width=shutil.get_terminal_size().columns,
                gives_way=list(headings).index(gives_way) if gives_way else None,
            )
            self.line(self.styled(first, "1", sys.stdout))
            for line in others:
                self.line(line)

    def record(self, fields: Iterable[tuple[str, str | None]]) -> None:
        """One thing: a label and a value a line; tabs between when piped. What is `None` is left out."""
        pairs = [(label, one_line(value)) for label, value in fields if value is not None]
        width = max((len(label) for label, _ in pairs), default=0)
        for label, value in pairs:
            if self.to_terminal:
                self.line(f"{self.styled(label.ljust(width), '2', sys.stdout)}  {value}")
            else:
                self.line(f"{label}\t{value}")

    def note(self, text: str) -> None:
        """Something to know, on standard error."""
        if self.chatty:
            self.tell(text)

    def warning(self, text: str) -> None:
        """Something that was accepted but will not be as asked. `--quiet` does not hide it."""
        if self.chatty or not self.json:
            self.tell(f"{self.styled('warning:', '33', sys.stderr)} {one_line(text)}")

    def next_step(self, command: str) -> None:
        """What one would type now; for people only."""
        if self.chatty and self.with_person and not self.json:
            self.tell(self.styled(f"next: {command}", "2", sys.stderr))

    def tell(self, text: str) -> None:
        """A line on standard error, come what may. A reader or terminal that has gone is no error."""
        with suppress(OSError):
            sys.stderr.write(text + "\n")
            sys.stderr.flush()

    def styled(self, text: str, code: str, stream: TextIO) -> str:
        """Text in a colour or weight (SGR, ECMA-48), where a terminal shows it and nobody declined."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and stream.isatty() else text
