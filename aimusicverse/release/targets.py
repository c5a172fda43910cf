"""Stores and distributors that rules know, and which rules each of them brings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

T = TypeVar("T")


class Scope(StrEnum):
    """Whom a rule concerns."""

    ALL = "ALL"
    #: Whoever is paid to bring a release to stores.
    DISTRIBUTOR = "DISTRIBUTOR"
    SPOTIFY = "SP"
    APPLE = "AP"
    #: YouTube Data API: one's own channel.
    YOUTUBE = "YT"
    #: YouTube's partner feed, by which art tracks come about.
    YOUTUBE_PARTNER = "YTD"
    SOUNDCLOUD = "SC"
    DISTROKID = "DK"
    LABELGRID = "LG"
    #: Any ERN 4.3 or 4.3.2 message.
    ERN = "DX"
    #: ERN 4.3.2 alone, which has fields for AI.
    ERN_432 = "DX432"
    #: ERN 4.3 alone, which has none.
    ERN_43 = "DX43"


@dataclass(frozen=True, slots=True)
class Store:
    """Where people listen, and what a release must be when it comes there.

    Args:
        id: as in `platforms`: `spotify`.
        name: as it is written.
        direct: scopes of a release that its owner delivers himself.
        by_distributor: scopes of one that a distributor delivers.
    """

    id: str
    name: str
    direct: frozenset[Scope]
    by_distributor: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Distributor:
    """Who brings releases to stores.

    Args:
        id: as in `via`: `distrokid`.
        name: as it is written.
        scopes: of his own rules.
        assigns: identifiers that he gives where there are none: `isrc`, `upc`.
    """

    id: str
    name: str
    scopes: frozenset[Scope] = frozenset({Scope.ALL, Scope.DISTRIBUTOR})
    assigns: frozenset[str] = frozenset({"isrc", "upc"})


class UnknownTarget(ValueError):
    """No such store or distributor."""


def _store(key: str, name: str, direct: Iterable[Scope], by_distributor: Iterable[Scope]) -> Store:
    return Store(key, name, frozenset({Scope.ALL, *direct}), frozenset({Scope.ALL, *by_distributor}))


_ERN: Final = (Scope.ERN, Scope.ERN_432)
STORES: Final[dict[str, Store]] = {
    store.id: store
    for store in (
        _store("spotify", "Spotify", (Scope.SPOTIFY, *_ERN), (Scope.SPOTIFY,)),
        _store("apple_music", "Apple Music", (Scope.APPLE,), (Scope.APPLE,)),
        _store("youtube_music", "YouTube Music", (Scope.YOUTUBE,), (Scope.YOUTUBE_PARTNER,)),
        _store("soundcloud", "SoundCloud", (Scope.SOUNDCLOUD,), (Scope.SOUNDCLOUD,)),
        _store("ddex", "any DDEX receiver (ERN 4.3.2)", _ERN, ()),
        _store("ddex_43", "any DDEX receiver (ERN 4.3)", (Scope.ERN, Scope.ERN_43), ()),
    )
}


def _distributor(key: str, name: str, *own: Scope) -> Distributor:
    return Distributor(key, name, frozenset({Scope.ALL, Scope.DISTRIBUTOR, *own}))


DISTRIBUTORS: Final[dict[str, Distributor]] = {
    distributor.id: distributor
    for distributor in (
        _distributor("distrokid", "DistroKid", Scope.DISTROKID),
        _distributor("tunecore", "TuneCore"),
        _distributor("cd_baby", "CD Baby"),
        _distributor("ditto", "Ditto"),
        _distributor("routenote", "RouteNote"),
        _distributor("unitedmasters", "UnitedMasters"),
        _distributor("awal", "AWAL"),
        _distributor("once", "ONCE"),
        _distributor("labelgrid", "LabelGrid", Scope.LABELGRID),
        _distributor("beatchain", "Beatchain"),
        _distributor("landr", "LANDR"),
        _distributor("amuse", "Amuse"),
        _distributor("soundcloud_for_artists", "SoundCloud for Artists"),
    )
}


def store_of(name: str) -> Store:
    """The store with this id.

    Raises:
        UnknownTarget: there is none.
    """
    return _one_of(STORES, name, "store")


def distributor_of(name: str) -> Distributor:
    """The distributor with this id.

    Raises:
        UnknownTarget: there is none.
    """
    return _one_of(DISTRIBUTORS, name, "distributor")


def _one_of(known: dict[str, T], name: str, kind: str) -> T:
    found = known.get(name)
    if found is None:
        raise UnknownTarget(f"no {kind} is called {name!r}; there are: {', '.join(known)}")
    return found
