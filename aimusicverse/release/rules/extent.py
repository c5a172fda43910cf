"""How much is on a release: its type, how many tracks, and what cannot be changed any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aimusicverse.release import identifiers
from aimusicverse.release.release_type import usual_types
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import Scope
from aimusicverse.types.release import MOST_TRACKS

_TUNECORE_TRACKS: Final = 100
_TUNECORE_SECONDS: Final = 2.5 * 3600


def _type(case: Case) -> Iterator[Found]:
    given = case.release.type
    usual = usual_types([track.duration_seconds for track in case.tracks])
    if given is not None and given not in usual:
        minutes = sum(track.duration_seconds or 0.0 for track in case.tracks) / 60
        yield Found(
            "type",
            given,
            words={"usual": " or ".join(usual), "n": len(case.tracks), "minutes": f"{minutes:.0f}"},
            instead=usual[0] if len(usual) == 1 else None,
        )


def _apple_most(case: Case) -> Iterator[Found]:
    if len(case.tracks) > MOST_TRACKS:
        yield Found("tracks", str(len(case.tracks)), words={"most": MOST_TRACKS})


def _tunecore_most(case: Case) -> Iterator[Found]:
    if case.distributor is None or case.distributor.id != "tunecore" or case.store is not None:
        return
    seconds = sum(track.duration_seconds or 0.0 for track in case.tracks)
    if len(case.tracks) > _TUNECORE_TRACKS:
        yield Found("tracks", str(len(case.tracks)), words={"what": f"{len(case.tracks)} tracks"})
    elif seconds > _TUNECORE_SECONDS:
        yield Found("tracks", f"{seconds:.0f} s", words={"what": f"{seconds / 3600:.1f} hours of music"})


def _immutable(case: Case) -> Iterator[Found]:
    release, before = case.release, case.release.delivered
    if before is None:
        return
    if before.upc and _padded(release.upc) != _padded(before.upc):
        yield Found("upc", release.upc, words={"why": f"The UPC was {before.upc}"}, instead=before.upc)
    if before.vendor_id and release.vendor_id != before.vendor_id:
        why = f"The vendor id was {before.vendor_id}"
        yield Found("vendor_id", release.vendor_id, words={"why": why}, instead=before.vendor_id)
    known = {identifiers.plain_isrc(isrc) for isrc in before.isrcs}
    for track in case.tracks:
        isrc = track.recording.isrc
        if known and (not isrc or identifiers.plain_isrc(isrc) not in known):
            why = f"Track {track.number} was not there, or had another ISRC"
            yield Found(f"tracks[{track.index}].isrc", isrc, words={"why": why})


def _padded(upc: str | None) -> str:
    """A UPC is the EAN with a zero before it."""
    return identifiers.plain(upc or "").zfill(13)


RULES: Final = (
    Rule(
        id="REL-TYPE",
        group=Group.DATES,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="type",
        test=_type,
        message="With {n} tracks and {minutes} minutes it is usually called {usual}, not {value}.",
        passes="{usual}; or nothing: then it is as its tracks make it",
        fix="Leave type out, or set it to {usual}.",
        example='type = "single"',
        source="support.tunecore.com, single, EP or album (Apple's convention)",
        evidence=frozenset({Evidence.THIRD_PARTY}),
        term="release-type",
    ),
    Rule(
        id="REL-MAX",
        group=Group.DATES,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field="tracks",
        test=_apple_most,
        message="The release has {value} tracks; Apple takes {most}.",
        passes="at most {most} tracks",
        fix="Make several releases of it.",
        example="two releases of 300 tracks",
        source="itunespartner.apple.com",
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="REL-MAX-TUNECORE",
        group=Group.DATES,
        scopes=frozenset({Scope.DISTRIBUTOR}),
        severity="error",
        field="tracks",
        test=_tunecore_most,
        message="The release has {what}; TuneCore takes 100 tracks and two and a half hours.",
        passes="at most 100 tracks and 2.5 hours",
        fix="Make several releases of it, or choose another distributor.",
        example="two releases of 60 tracks",
        source="support.tunecore.com",
        evidence=frozenset({Evidence.THIRD_PARTY}),
        publisher=Scope.DISTRIBUTOR,
    ),
    Rule(
        id="REL-IMMUTABLE",
        group=Group.DATES,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field="delivered",
        test=_immutable,
        message="{why}, and Apple never changes that of a release it has.",
        passes="the same UPC, vendor id and ISRCs, and no further track",
        fix="Put back what it was; else take the release down and deliver a new one.",
        example='upc = "036000291452"',
        source="itunespartner.apple.com; help.apple.com/itc/musicspec 5.3.21",
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
)
