"""Who would take a release, who would not, and why: by what is publicly known of stores and distributors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aimusicverse.release.ai_parts import RECORDED, contained
from aimusicverse.release.ai_stance import AiStance
from aimusicverse.release.outlets import OUTLETS, STANCES
from aimusicverse.release.rules.case import Case
from aimusicverse.release.targets import UnknownTarget
from aimusicverse.types.outlet import Outlet, Place, Verdict
from aimusicverse.types.release import AiDisclosure, Recording, Release

#: Best first.
_ORDER: Final[tuple[str, ...]] = (
    "takes", "takes_with_disclosure", "may_refuse", "not_known", "refuses",
)  # fmt: skip
_HEARD: Final = frozenset({"vocals", "instruments"})


@dataclass(frozen=True, slots=True)
class _Made:
    """What a machine made of the music.

    Args:
        aspects: that it made, wholly or partly, of some track.
        wholly: numbers of the tracks that it made alone.
        unsaid: whether answers are missing that could matter.
    """

    aspects: tuple[str, ...]
    wholly: tuple[int, ...]
    unsaid: bool


def where(
    about: Release | AiDisclosure, stores: Sequence[str] = (), *, instrumental: bool = False
) -> list[Place]:
    """Stores, then distributors, the best first, each with what it would say.

    Args:
        about: the release; or the answers alone, when there is none yet: then nothing is missing of it.
        stores: where it is to go, by id; none: all stores.
        instrumental: of the answers alone: nobody sings. A release says so by its language, `zxx`.

    Raises:
        UnknownTarget: there is no such store.
    """
    asked = list(dict.fromkeys(stores))
    for store in asked:
        if store not in OUTLETS or OUTLETS[store].kind != "store":
            there = ", ".join(one.id for one in OUTLETS.values() if one.kind == "store")
            raise UnknownTarget(f"no store is called {store!r}; there are: {there}")
    release = about if isinstance(about, Release) else None
    made = _made(release or _of_answers(about, instrumental))  # type: ignore[arg-type]
    places = [
        _place(outlet, made, release, asked)
        for outlet in OUTLETS.values()
        if outlet.kind != "store" or not asked or outlet.id in asked
    ]
    return sorted(places, key=lambda place: (place.kind != "store", _ORDER.index(place.verdict)))


def unsaid(about: Release | AiDisclosure, *, instrumental: bool = False) -> bool:
    """Whether an answer is missing that verdicts hang on: without it nobody can say who takes it.

    Args:
        about: as for `where`.
        instrumental: as for `where`.
    """
    release = about if isinstance(about, Release) else _of_answers(about, instrumental)
    return _made(release).unsaid


def _of_answers(answers: AiDisclosure, instrumental: bool) -> Release:
    language = "zxx" if instrumental else None
    return Release(title="-", language=language, ai=answers, tracks=[Recording(title="-")])


def _made(release: Release) -> _Made:
    tracks = Case(release, datetime.now(UTC), frozenset()).tracks
    parts = {track.number: contained(track) for track in tracks}
    return _Made(
        aspects=tuple(
            aspect
            for aspect in RECORDED
            if any(getattr(track.ai, aspect) in ("partly", "all") for track in tracks)
        ),
        wholly=tuple(number for number, part in parts.items() if part == "all"),
        unsaid=None in parts.values(),
    )


def _place(outlet: Outlet, made: _Made, release: Release | None, asked: list[str]) -> Place:
    verdict, why = _verdict(outlet, made)
    reaches = None
    if outlet.reaches is not None:
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


def _verdict(outlet: Outlet, made: _Made) -> tuple[Verdict, str]:
    if not made.aspects and not made.unsaid:
        return "takes", "No machine made any of the music, so nothing of that stands in the way."
    refusal = _refusal(outlet, STANCES.get(outlet.id), made)
    if refusal is not None:
        return refusal
    note = outlet.ai.note
    if made.unsaid:
        return "not_known", note
    by_stance: dict[str, Verdict] = {
        "yes": "takes",
        "with_disclosure": "takes_with_disclosure",
        "partly": "may_refuse",
        "no": "refuses",
    }
    return by_stance.get(outlet.ai.stance, "not_known"), note


def _refusal(outlet: Outlet, stance: AiStance | None, made: _Made) -> tuple[Verdict, str] | None:
    """What a distributor refuses for sure, by what was answered so far."""
    if stance is None or not stance.refuses:
        return None
    heard = [aspect for aspect in made.aspects if aspect in _HEARD]
    if "any" in stance.refuses and made.aspects:
        return "refuses", f"A machine has a part in {', '.join(made.aspects)}. {outlet.ai.note}"
    if "any_audio" in stance.refuses and heard:
        return "refuses", f"A machine has a part in {', '.join(heard)}. {outlet.ai.note}"
    if "wholly" in stance.refuses and made.wholly:
        tracks = "track" if len(made.wholly) == 1 else "tracks"
        numbers = ", ".join(str(number) for number in made.wholly[:5])
        more = f" and {len(made.wholly) - 5} more" if len(made.wholly) > 5 else ""
        return "refuses", f"A machine made {tracks} {numbers}{more} alone. {outlet.ai.note}"
    return None


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
