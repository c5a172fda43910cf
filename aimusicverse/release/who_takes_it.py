"""Who would take a release, who would not, and why: by what is publicly known of stores and distributors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from aimusicverse.release.outlets import OUTLETS
from aimusicverse.release.targets import UnknownTarget
from aimusicverse.types.outlet import Outlet, Place, Verdict
from aimusicverse.types.release import AiDisclosure, Release

#: How much of the music a machine made; `not_said`: the answers do not tell.
Degree = Literal["none", "partly", "wholly", "not_said"]

#: Best first.
_ORDER: Final[tuple[Verdict, ...]] = (
    "takes", "takes_with_disclosure", "may_refuse", "not_known", "refuses",
)  # fmt: skip
_ASPECTS: Final = ("lyrics", "composition", "vocals", "instruments")


def where(about: Release | AiDisclosure, stores: Sequence[str] = ()) -> list[Place]:
    """Stores and distributors, the best first, each with what it would say.

    Args:
        about: the release; or its answers alone, when there is none yet: then nothing is missing of it.
        stores: where it is to go, by id; none: all stores.

    Raises:
        UnknownTarget: there is no such store.
    """
    asked = list(dict.fromkeys(stores))
    for store in asked:
        if store not in OUTLETS or OUTLETS[store].kind != "store":
            there = ", ".join(one.id for one in OUTLETS.values() if one.kind == "store")
            raise UnknownTarget(f"no store is called {store!r}; there are: {there}")
    release = about if isinstance(about, Release) else None
    made = degree(_answers(about))
    places = [
        _place(outlet, made, release, asked)
        for outlet in OUTLETS.values()
        if outlet.kind != "store" or not asked or outlet.id in asked
    ]
    return sorted(places, key=lambda place: (place.kind != "store", _ORDER.index(place.verdict)))


def degree(answers: Sequence[AiDisclosure]) -> Degree:
    """How much of the music a machine made, over all tracks. The picture is told apart, and does not count.

    Wholly: what is composed and what is heard, or all that was answered with a voice or an instrument.
    """
    parts = [getattr(answer, aspect) for answer in answers for aspect in _ASPECTS]
    said = [part for part in parts if part is not None]
    if not said:
        return "not_said"
    if all(part == "none" for part in said):
        return "none" if None not in parts else "not_said"
    # Whoever sings nothing and writes no words answers `none` for both: they are no human part of the music.
    music = [getattr(answer, aspect) for answer in answers for aspect in ("composition", "instruments")]
    voices = [answer.vocals for answer in answers]
    if all(part == "all" for part in music) and not any(voice == "partly" for voice in voices):
        return "wholly"
    return "partly"


def _answers(about: Release | AiDisclosure) -> list[AiDisclosure]:
    """Those of each track, with those of the release where it has none."""
    if isinstance(about, AiDisclosure):
        return [about]
    general = about.ai.model_dump(exclude_none=True)
    return [
        AiDisclosure(**{**general, **(track.ai.model_dump(exclude_none=True) if track.ai else {})})
        for track in about.tracks
    ]


def _place(outlet: Outlet, made: Degree, release: Release | None, asked: list[str]) -> Place:
    verdict, why = _verdict(outlet, made)
    reaches = None
    if outlet.kind != "store" and outlet.reaches is not None:
        reaches = [store for store in outlet.reaches if not asked or store in asked]
    return Place(
        outlet=outlet.id,
        name=outlet.name,
        kind=outlet.kind,
        verdict=verdict,
        why=why,
        reaches=reaches,
        missing=_missing(outlet, release),
        needs=outlet.needs,
        delivered_by=outlet.delivered_by,
        lead_time=outlet.lead_time,
        source=outlet.ai.source,
        as_of=outlet.ai.as_of,
        evidence=outlet.ai.evidence,
        verified=outlet.ai.verified,
    )


def _verdict(outlet: Outlet, made: Degree) -> tuple[Verdict, str]:
    stance, note = outlet.ai.stance, outlet.ai.note
    if made == "none":
        return "takes", "No machine made any of it, so nothing of that stands in the way."
    if made == "not_said":
        return "not_known", f"The release does not say what a machine made. {note}"
    if stance == "yes":
        return "takes", note
    if stance == "with_disclosure":
        return "takes_with_disclosure", note
    if stance == "no":
        return "refuses", note
    if stance == "partly":
        return "may_refuse", note
    return "not_known", note


def _missing(outlet: Outlet, release: Release | None) -> list[str]:
    """Identifiers that it wants to be given. All else is the rules' to say."""
    if release is None:
        return []
    missing = []
    without = sum(1 for track in release.tracks if not track.isrc)
    if "isrc" in outlet.requires and without:
        missing.append(f"ISRC of {without} of {len(release.tracks)} tracks")
    if "upc" in outlet.requires and not release.upc and not release.grid:
        missing.append("UPC or EAN")
    return missing
