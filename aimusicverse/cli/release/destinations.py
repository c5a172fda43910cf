"""`--to` and `--via`: where a release is to go, and who brings it there."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from aimusicverse.cli.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimusicverse.release.targets import Distributor, Store

_DEFAULT = ("spotify", "apple_music")
#: Who takes releases from approved providers only.
_BY_PROVIDERS = ("spotify", "apple_music")
NOBODY = "none"


def _stores(incomplete: str) -> list[str]:
    from aimusicverse.release.targets import STORES

    *before, last = incomplete.split(",")
    return [",".join([*before, store]) for store in STORES if store.startswith(last)]


def _distributors(incomplete: str) -> list[str]:
    from aimusicverse.release.targets import DISTRIBUTORS

    return [one for one in (*DISTRIBUTORS, NOBODY) if one.startswith(incomplete)]


To = Annotated[
    list[str] | None,
    typer.Option(
        "--to",
        metavar="STORES",
        autocompletion=_stores,
        help="spotify,apple_music,…; repeatable. By default these two.",
    ),
]
Via = Annotated[
    str | None,
    typer.Option(
        "--via",
        metavar="DISTRIBUTOR",
        autocompletion=_distributors,
        help="Who brings it there: distrokid, …; none. By default the one of your release-defaults.toml.",
    ),
]


class Destinations(NamedTuple):
    """Where to, and by whom."""

    stores: list[Store]
    via: Distributor | None


def destinations(to: Iterable[str] | None, via: str | None) -> Destinations:
    """What the options mean.

    Raises:
        UsageProblem: no such store or distributor.
        Unreadable: the user's defaults are needed, and cannot be read.
    """
    from aimusicverse.cli.release.opened import own_defaults
    from aimusicverse.release.targets import DISTRIBUTORS, STORES

    stores = [STORES[name] for name in named(to, STORES, "store", "--to") or _DEFAULT]
    by = (own_defaults().distributor if via is None else via) or NOBODY
    if by.strip().lower() == NOBODY:
        return Destinations(stores, None)
    said = "--via" if via is not None else "distributor in release-defaults.toml"
    return Destinations(
        stores, DISTRIBUTORS[one_known(by.strip().lower(), DISTRIBUTORS, "distributor", said)]
    )


def named(given: Iterable[str] | None, known: Iterable[str], kind: str, option: str) -> list[str]:
    """The ids that an option names, with commas or by being repeated; each once.

    Raises:
        UsageProblem: one is not known, or the option is there and names none.
    """
    names = [name.strip().lower() for one in given or () for name in one.split(",")]
    found = list(dict.fromkeys(one_known(name, known, kind, option) for name in names if name))
    if names and not found:  # an unset variable; that never means the default
        raise UsageProblem(f"{option} is empty", hint=f"Name a {kind}, or leave {option} out.")
    return found


def warning(where: Destinations) -> str | None:
    """What somebody should know who goes there so."""
    closed = [store.name for store in where.stores if store.id in _BY_PROVIDERS]
    if where.via is None and closed:
        return (
            f"{' and '.join(closed)} take releases from approved providers only: it is judged as theirs. "
            "You have a distributor? Name him: --via distrokid"
        )
    return None


def one_known(name: str, known: Iterable[str], kind: str, option: str) -> str:
    """The id that somebody means, however it is written.

    Raises:
        UsageProblem: there is none; what comes nearest is offered.
    """
    from aimusicverse.release.targets import DISTRIBUTORS

    names = list(known)
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    if plain in names:
        return plain
    close = difflib.get_close_matches(plain, names, 1, 0.5)
    hint = f"Did you mean {close[0]}? " if close else ""
    if kind == "store" and plain in DISTRIBUTORS:
        hint = f"It is a distributor: --via {plain}. "
    raise UsageProblem(
        f"{option}: no {kind} is called {name!r}", hint=f"{hint}There are: {', '.join(names)}."
    )
