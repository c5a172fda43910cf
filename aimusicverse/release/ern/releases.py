"""The `ReleaseList`: the release `R0`, and one of each recording by itself, `R1`, `R2`, …"""

from __future__ import annotations

from typing import Final

from aimusicverse.release import identifiers
from aimusicverse.release.ai_parts import contained, together
from aimusicverse.release.ern import ai_disclosure
from aimusicverse.release.ern.credits import artists_of
from aimusicverse.release.ern.draft import Draft
from aimusicverse.release.ern.people import write_artists
from aimusicverse.release.ern.resources import WARNINGS, write_owner_line
from aimusicverse.release.ern.titles import write_titles, write_version_type
from aimusicverse.release.ern.tree import Element, branch, duration_of, fixed, leaf
from aimusicverse.release.release_type import release_type
from aimusicverse.release.rules.case import Track
from aimusicverse.release.start_time import date_of, day
from aimusicverse.types.release import Explicit

_TYPES: Final = {"single": "Single", "ep": "EP", "album": "Album"}


def write_releases(parent: Element, draft: Draft) -> None:
    """The release, and its tracks."""
    listed = branch(parent, "ReleaseList")
    _release(listed, draft)
    for track in draft.tracks:
        _track(listed, track, draft)


def _release(parent: Element, draft: Draft) -> None:
    release = draft.release
    durations = [draft.milliseconds(track) for track in draft.tracks]
    element = branch(parent, "Release")
    fixed(element, "ReleaseReference", "R0")
    kind = release_type(release, [track.duration_seconds for track in draft.tracks])
    fixed(element, "ReleaseType", _TYPES[kind])
    _ids(element, draft)
    write_titles(element, release.title, release.version, "")
    write_version_type(element, release.version)
    write_artists(element, artists_of(release), draft)
    _label(element, draft)
    write_owner_line(element, "PLine", release.p_line or "", "p_line")
    write_owner_line(element, "CLine", release.c_line or "", "c_line")
    fixed(element, "Duration", duration_of(sum(durations)))
    _genre(element, release.genre or draft.tracks[0].genre, "genre", draft)
    fixed(element, "ReleaseDate", date_of(draft.begins).isoformat(), IsDefault="true")
    if release.original_release_date:
        first = day(release.original_release_date, "original_release_date")
        fixed(element, "OriginalReleaseDate", first.isoformat(), IsDefault="true")
    fixed(element, "ParentalWarningType", WARNINGS[_explicit(draft)])
    _contents(branch(element, "ResourceGroup"), draft)
    if draft.version.has_ai:
        whole = together([*map(contained, draft.tracks), release.ai.artwork])
        if whole is not None:
            fixed(element, "ContainsAI", ai_disclosure.NAMES[whole])


def _ids(parent: Element, draft: Draft) -> None:
    release = draft.release
    element = branch(parent, "ReleaseId")
    if release.grid:
        leaf(element, "GRid", identifiers.plain(release.grid).removeprefix("GRID:"), "grid")
    if release.upc:
        leaf(element, "ICPN", draft.icpn, "upc")
    if release.catalog_number:
        leaf(element, "CatalogNumber", release.catalog_number, "catalog_number", Namespace=draft.sender)


def _track(parent: Element, track: Track, draft: Draft) -> None:
    recording = track.recording
    element = branch(parent, "TrackRelease")
    fixed(element, "ReleaseReference", f"R{track.number}")
    own = f"{draft.name}_{identifiers.plain_isrc(recording.isrc or '')}"
    leaf(
        branch(element, "ReleaseId"),
        "ProprietaryId",
        own,
        f"tracks[{track.index}].isrc",
        Namespace=draft.sender,
    )
    write_titles(element, recording.title, recording.version, f"tracks[{track.index}].")
    fixed(element, "ReleaseResourceReference", f"A{track.number}")
    _label(element, draft)
    _genre(element, track.genre, track.path("genre"), draft)


def _contents(parent: Element, draft: Draft) -> None:
    fixed(parent, "SequenceNumber", "1")
    for track in draft.tracks:
        item = branch(parent, "ResourceGroupContentItem")
        fixed(item, "SequenceNumber", str(track.number))
        fixed(item, "ReleaseResourceReference", f"A{track.number}")
        if draft.preorder is not None and track.number in draft.release.preorder_tracks:
            fixed(item, "IsInstantGratificationResource", "true")
    fixed(parent, "LinkedReleaseResourceReference", draft.cover_reference, LinkDescription="CoverArt")


def _label(parent: Element, draft: Draft) -> None:
    label = draft.parties.named(draft.release.label or "", "label")
    attributes = {"ApplicableTerritoryCode": "Worldwide", "IsDefault": "true"}
    leaf(parent, "ReleaseLabelReference", label, "label", **attributes)


def _genre(parent: Element, genre: str | None, field: str, draft: Draft) -> None:
    element = branch(parent, draft.version.genre, ApplicableTerritoryCode="Worldwide", IsDefault="true")
    leaf(element, "GenreText", genre or "", field)


def _explicit(draft: Draft) -> Explicit:
    """One explicit track makes the release explicit; otherwise it is as it says, or as its tracks are."""
    tracks = [track.explicit for track in draft.tracks]
    if "explicit" in tracks:
        return "explicit"
    return draft.release.explicit or ("clean" if "clean" in tracks else "none")
