"""The way out of every run: the exit code, and one line about what went wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.debug import wants_debug
from aimusicverse.cli.errors import Interrupted, MissingCommand
from aimusicverse.cli.interrupts import as_exceptions
from aimusicverse.cli.output import let_go_of_stdout, to_json
from aimusicverse.cli.safe_text import one_line
from aimusicverse.cli.streams import stand_in_for_closed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimusicverse.cli.failure import Failure


def run(root: Any, arguments: Sequence[str]) -> int:
    """Run a command line and give its exit code; nothing is raised."""
    stand_in_for_closed()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that knows no UTF-8 gets escapes, not a crash
            stream.reconfigure(errors="backslashreplace")
    with as_exceptions():
        return _told(root, arguments)


def _told(root: Any, arguments: Sequence[str]) -> int:
    try:
        return _run(root, arguments)
    except BrokenPipeError:  # `| head` has seen enough
        let_go_of_stdout()
        return exits.DONE
    except (typer.Abort, KeyboardInterrupt) as interrupt:
        return _tell(_first_interrupt(interrupt), arguments)
    except Exception as error:
        return _tell(error, arguments)


def _run(root: Any, arguments: Sequence[str]) -> int:
    code: int = exits.DONE
    try:
        with root.make_context("amv", list(arguments)) as ctx:
            root.invoke(ctx)
    except typer.Exit as leaving:
        code = leaving.exit_code
    sys.stdout.flush()  # while a failure can still be told
    return code


def _first_interrupt(interrupt: BaseException) -> Interrupted:
    """What was to be told before a second Ctrl-C cut the clearing up short: it has the line that goes on."""
    before: BaseException | None = interrupt
    while before is not None:
        if isinstance(before, Interrupted):
            return before
        before = before.__context__
    return Interrupted("interrupted", exit_code=getattr(interrupt, "exit_code", exits.INTERRUPTED))


def _tell(error: BaseException, arguments: Sequence[str]) -> int:
    from aimusicverse.cli.failure import failure

    if wants_debug():
        import traceback

        traceback.print_exception(error)
    told = failure(error)
    try:
        if wants_json(arguments):
            print(to_json(told.as_json()), file=sys.stderr)
        elif isinstance(error, MissingCommand):
            print(error.page, file=sys.stderr)
        else:
            for line in lines(told):
                print(line, file=sys.stderr)
    except OSError:  # the reader, or the terminal, has gone
        pass
    try:
        sys.stdout.flush()
    except OSError:
        let_go_of_stdout()
    return told.exit_code


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether `--json` was said. Read from the words themselves: the error may be that they do not parse."""
    words = list(arguments)
    return "--json" in (words[: words.index("--")] if "--" in words else words)


def lines(told: Failure) -> list[str]:
    """`error: what. hint`, and below it the fields that are to blame (one alone says it all), or what was
    found out.
    """
    blamed = [f"{one_line(name)}: {one_line(message)}" for name, message in told.fields]
    what = blamed.pop() if len(blamed) == 1 else one_line(told.message)
    line = f"error: {what.rstrip('.')}."
    if told.hint:
        line += f" {one_line(told.hint)}"
    if told.request_id and told.status and told.status >= 500:
        line += f" ({told.request_id})"
    found = (one_line(text) for _, text in told.findings)
    return [line, *(f"  {field}" for field in blamed), *(f"- {finding}" for finding in found)]
