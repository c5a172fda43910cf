"""Which events are wanted, as options say it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from aimusicverse.cli.errors import UsageProblem

ALL = "*"


def complete(incomplete: str) -> list[str]:
    """Types of events, and all of a kind."""
    from aimusicverse.types.event import EVENT_TYPES

    kinds = dict.fromkeys(f"{type.partition('.')[0]}.*" for type in EVENT_TYPES)
    return [name for name in (*kinds, *EVENT_TYPES) if name.startswith(incomplete)]


Events = Annotated[
    list[str] | None,
    typer.Option(
        "--events",
        metavar="TYPE",
        autocompletion=complete,
        help="Such as generation.completed or 'generation.*'; repeatable, or with commas. All by default.",
    ),
]


def checked(given: Sequence[str] | None) -> list[str]:
    """Each once; all, if there is none.

    Raises:
        UsageProblem: no event fits one of them.
    """
    from aimusicverse.types.webhook_request import known_patterns

    named = [name.strip() for text in given or () for name in text.split(",")]
    try:
        return known_patterns([name for name in named if name] or [ALL])
    except ValueError as error:
        raise UsageProblem(f"--events: {error}") from None


def arguments(patterns: Sequence[str]) -> list[str]:
    """The options that say the same again."""
    return [] if list(patterns) == [ALL] else ["--events", ",".join(patterns)]
