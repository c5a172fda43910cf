"""What cannot be undone asks first, on a terminal; elsewhere it needs --yes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError, UsageProblem

if TYPE_CHECKING:
    from aimusicverse.cli.context import Context

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def need_a_yes(ctx: Context, yes: bool, *, to: str = "deleting") -> None:
    """See that there is a yes, or somebody to ask.

    Args:
        ctx: of the command.
        yes: whether it was said.
        to: what it is for, as the message says it.

    Raises:
        UsageProblem: neither.
    """
    if not yes and not (sys.stdin.isatty() and ctx.output.with_person):
        raise UsageProblem(f"{to} needs a yes, and there is no terminal to ask on", hint="Add --yes.")


def ask(title: str, identifier: str, *, to: str = "Delete", declined: str | None = None) -> None:
    """Ask for a yes.

    Args:
        title: of the thing.
        identifier: its id.
        to: what is to be done to it, as the question says it.
        declined: what is said after a no; by default "not deleted", of "Delete".

    Raises:
        CommandError: the answer was another one.
    """
    from aimusicverse.cli.safe_text import one_line

    sys.stderr.write(f"{to} {one_line(title)!r} ({identifier})? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CommandError(declined or f"not {to.lower()}d", exit_code=exits.FAILED, code="declined")
