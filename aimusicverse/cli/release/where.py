"""`amv release where`: who would take a release, and who would not. No server, no sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.release import told_answers

if TYPE_CHECKING:
    from aimusicverse.types.outlet import Place

app: Final = CommandSet()

_WORDS: Final = {
    "takes": "takes it",
    "takes_with_disclosure": "takes it, and asks",
    "may_refuse": "may refuse",
    "refuses": "refuses",
    "not_known": "not known",
}


@app.command()
def where(
    ctx: Context,
    file: told_answers.File = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="STORES", help="Only these: spotify,deezer,…; repeatable. Else all."),
    ] = None,
    ai: told_answers.Ai = None,
    instrumental: told_answers.Instrumental = False,
) -> None:
    """Show which stores and distributors would take a release, and why others would not.

    From public pages, each with its date; what nobody confirmed says so. Not whether it is right in every
    detail: that is amv release check.

    Example:
        amv release where --ai composition=all,instruments=all --instrumental
        amv release where album/release.toml --to spotify,apple_music
    """
    from aimusicverse.release.targets import UnknownTarget
    from aimusicverse.release.who_takes_it import unsaid
    from aimusicverse.release.who_takes_it import where as places_of

    in_words = bool(ai) or instrumental
    release = told_answers.told(file, ai, None, instrumental=instrumental)
    about = release.ai if in_words else release
    try:
        places = places_of(about, told_answers.names(to), instrumental=instrumental)
    except UnknownTarget as error:
        raise UsageProblem(f"--to: {error}") from None
    ctx.show_page(
        {"data": places, "next_cursor": None},
        {
            "who": lambda place: place.name,
            "verdict": lambda place: _WORDS.get(place.verdict, place.verdict),
            "reaches": _reaches,
            "as of": lambda place: f"{place.as_of}{'' if place.verified else ', not verified'}",
            "why": _why,
        },
        gives_way="why",
    )
    if unsaid(about, instrumental=instrumental):
        ctx.output.note("It is not said of everything how much a machine made: more is known when it is.")
    if any(not place.verified for place in places):
        ctx.output.note("What is not verified comes from third parties: look before you pay. Sources: --json")


def _reaches(place: Place) -> str:
    if place.kind == "store":
        return "store"
    return "not known" if place.reaches is None else ", ".join(place.reaches) or "none of them"


def _why(place: Place) -> str:
    return place.why if not place.missing else f"{place.why} Missing: {'; '.join(place.missing)}."
