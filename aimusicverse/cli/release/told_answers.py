"""A release as it is asked about: its file, or a few words where there is none yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.release import opened

if TYPE_CHECKING:
    from aimusicverse.types.release import Release

_ASPECTS = ("lyrics", "composition", "vocals", "instruments", "artwork", "video")
_PARTS = ("none", "partly", "all")
_MOST_TRACKS = 500

File = Annotated[
    str | None,
    typer.Argument(metavar="[FILE]", help="The release; release.toml, where there is one."),
]
Ai = Annotated[
    list[str] | None,
    typer.Option(
        "--ai",
        metavar="ANSWERS",
        help="Instead of a file, what a machine made: composition=all,vocals=none (none, partly or all of "
        "lyrics, composition, vocals, instruments).",
    ),
]
Tracks = Annotated[
    int | None,
    typer.Option("--tracks", min=1, max=_MOST_TRACKS, help="Instead of a file, how many songs there are."),
]
Instrumental = Annotated[bool, typer.Option("--instrumental", help="Instead of a file: nobody sings.")]


def told(
    file: str | None, ai: list[str] | None, tracks: int | None, *, instrumental: bool = False
) -> Release:
    """The release that is meant.

    Raises:
        UsageProblem: a file and words at once, or answers that cannot be any.
        Unreadable: the file is no release.
    """
    from pathlib import Path

    in_words = ai or tracks is not None or instrumental
    if file is not None or (not in_words and Path(opened.NAME).exists()):
        if in_words:
            raise UsageProblem(
                "a file and --ai, --tracks or --instrumental contradict each other",
                hint="The file says all that.",
            )
        return opened.opened(file or opened.NAME).value
    from aimusicverse.types.release import AiDisclosure, Recording, Release

    return Release(
        title="-",
        language="zxx" if instrumental else None,
        ai=AiDisclosure.model_validate(answers(ai or [])),
        tracks=[Recording(title=f"- {number}") for number in range(1, (tracks or 1) + 1)],
    )


def answers(texts: list[str]) -> dict[str, str]:
    """`composition=all,vocals=none`, aspect by aspect.

    Raises:
        UsageProblem: there is no such aspect or answer, or one has two.
    """
    found: dict[str, str] = {}
    for pair in (one.strip() for text in texts for one in text.split(",")):
        if not pair:
            continue
        aspect, _, part = (word.strip().lower() for word in pair.partition("="))
        if aspect not in _ASPECTS or part not in _PARTS:
            raise UsageProblem(
                f"--ai: {pair!r} is no answer",
                hint=f"One of {', '.join(_ASPECTS)}, then = and one of {', '.join(_PARTS)}.",
            )
        if found.setdefault(aspect, part) != part:
            raise UsageProblem(f"--ai: {aspect} has two answers, {found[aspect]} and {part}")
    return found


def names(texts: list[str] | None) -> list[str]:
    """`spotify,apple_music`, repeated or not, each once.

    Raises:
        UsageProblem: the option is there, and empty as an unset variable is; that never means all of them.
    """
    plain = (name.strip().lower() for text in texts or () for name in text.split(","))
    found = list(dict.fromkeys(name for name in plain if name))
    if texts and not found:
        raise UsageProblem(f"{texts[0]!r:.40} names nothing", hint="Name something, or leave the option out.")
    return found
