"""What options say of a release where there is no release.toml: the short form of a single."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Annotated, Any

import typer

from aimusicverse.cli.release import told_answers


class Explicit(StrEnum):
    """Whether the words are."""

    EXPLICIT = "explicit"
    CLEAN = "clean"
    NONE = "none"


def options(
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="Of the release; the track's by default.")
    ] = None,
    artist: Annotated[str | None, typer.Option("--artist", metavar="NAME", help="Whose it is.")] = None,
    composers: Annotated[
        list[str] | None,
        typer.Option("--composer", metavar="NAME", help="Legal name of who wrote it; repeatable."),
    ] = None,
    isrc: Annotated[str | None, typer.Option("--isrc", metavar="CODE", help="Of the recording.")] = None,
    upc: Annotated[str | None, typer.Option("--upc", metavar="CODE", help="Of the release.")] = None,
    genre: Annotated[str | None, typer.Option("--genre", metavar="NAME", help="Its genre.")] = None,
    label: Annotated[str | None, typer.Option("--label", metavar="NAME", help="Its label.")] = None,
    p_line: Annotated[
        str | None, typer.Option("--p-line", metavar="TEXT", help="Whose recording: 2026 Maren Okafor")
    ] = None,
    c_line: Annotated[
        str | None, typer.Option("--c-line", metavar="TEXT", help="Whose work: 2026 Maren Okafor")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="CODE", help="Of the vocals: en, de, …; zxx: none.")
    ] = None,
    explicit: Annotated[Explicit | None, typer.Option("--explicit", help="Whether the words are.")] = None,
    ai: Annotated[
        list[str] | None,
        typer.Option(
            "--ai",
            metavar="ANSWERS",
            help="What a machine made: composition=all,vocals=none,…; of a track of the server it is known.",
        ),
    ] = None,
) -> None:
    """The options, for `with_options`."""


def short_form(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, as a release in its short form has it.

    Raises:
        UsageProblem: answers about AI that cannot be any.
    """
    found = {
        name: value.value if isinstance(value, Enum) else value
        for name, value in said.items()
        if value not in (None, [], ())
    }
    if "ai" in found:
        found["ai"] = told_answers.answers(found["ai"])
    return found
