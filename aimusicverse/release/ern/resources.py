"""The `ResourceList`: recordings `A1`, `A2`, …, and the cover after them."""

from __future__ import annotations

from typing import Final

from aimusicverse.release import identifiers
from aimusicverse.release.ai_parts import contained
from aimusicverse.release.ern import ai_disclosure
from aimusicverse.release.ern.credits import credits_of
from aimusicverse.release.ern.delivered_files import write_cover, write_sound
from aimusicverse.release.ern.draft import Draft
from aimusicverse.release.ern.people import write_artists, write_contributors
from aimusicverse.release.ern.titles import write_titles, write_version_type
from aimusicverse.release.ern.tree import Element, branch, duration_of, fixed, leaf
from aimusicverse.release.owner_lines import owner_line
from aimusicverse.release.rules.case import Track
from aimusicverse.release.start_time import day

#: What parents are told of words.
WARNINGS: Final = {"explicit": "Explicit", "clean": "ExplicitContentEdited", "none": "NotExplicit"}


def write_resources(parent: Element, draft: Draft) -> None:
    """All recordings, and the cover."""
    listed = branch(parent, "ResourceList")
    for track in draft.tracks:
        _recording(listed, track, draft)
    _cover(listed, draft)


def write_owner_line(parent: Element, kind: str, given: str, field: str) -> None:
    """A `PLine` or `CLine`: the year by itself where it has one, and the whole without its sign."""
    line = owner_line(given)
    element = branch(parent, kind)
    if line.year:
        fixed(element, "Year", line.year)
    leaf(element, f"{kind}Text", line.text, field)


def _recording(parent: Element, track: Track, draft: Draft) -> None:
    recording, where = track.recording, f"tracks[{track.index}]."
    people = credits_of(track)
    element = branch(parent, "SoundRecording")
    fixed(element, "ResourceReference", f"A{track.number}")
    fixed(element, "Type", "MusicalWorkSoundRecording")
    edition = branch(element, "SoundRecordingEdition")
    isrc = identifiers.plain_isrc(recording.isrc or "")
    leaf(branch(edition, "ResourceId"), "ISRC", isrc, f"{where}isrc")
    write_owner_line(edition, "PLine", track.p_line or "", track.path("p_line"))
    if draft.files:
        write_sound(edition, track.number, draft.files.tracks[track.index], draft)
    if recording.iswc:
        leaf(branch(element, "WorkId"), "ISWC", identifiers.plain(recording.iswc), f"{where}iswc")
    write_titles(element, recording.title, recording.version, where)
    write_version_type(element, recording.version)
    write_artists(element, people, draft)
    write_contributors(element, track, people, draft)
    fixed(element, "Duration", duration_of(draft.milliseconds(track)))
    if recording.original_release_date:
        first = day(recording.original_release_date, f"{where}original_release_date")
        fixed(element, "FirstPublicationDate", first.isoformat())
    if recording.recording_country:
        session = branch(element, "LocationAndDateOfSession")
        fixed(session, "SessionType", "Recording")
        fixed(branch(session, "Venue"), "TerritoryCode", recording.recording_country)
    fixed(element, "ParentalWarningType", WARNINGS[track.explicit or "none"])
    if recording.clean_of and draft.version.clean_of:
        related = branch(element, "RelatedResource")
        fixed(related, "ResourceRelationshipType", draft.version.clean_of)
        original = identifiers.plain_isrc(recording.clean_of)
        leaf(branch(related, "ResourceId"), "ISRC", original, f"{where}clean_of")
    if draft.version.has_ai and (part := contained(track)):
        fixed(element, "ContainsAI", ai_disclosure.NAMES[part])
    fixed(element, "IsCover", "true" if recording.is_cover else "false")
    fixed(element, "IsInstrumental", "true" if track.is_instrumental else "false")
    if track.language:
        leaf(element, "LanguageOfPerformance", track.language, track.path("language"))


def _cover(parent: Element, draft: Draft) -> None:
    release = draft.release
    element = branch(parent, "Image")
    fixed(element, "ResourceReference", draft.cover_reference)
    fixed(element, "Type", "FrontCoverImage")
    identified = branch(element, "ResourceId")
    leaf(identified, "ProprietaryId", f"{draft.name}_cover", "upc", Namespace=draft.sender)
    warned = "Explicit" if release.cover.parental_advisory else "NotExplicit"
    fixed(element, "ParentalWarningType", warned)
    if draft.version.has_ai and release.ai.artwork:
        fixed(element, "ContainsAI", ai_disclosure.NAMES[release.ai.artwork])
    if draft.files and draft.files.cover:
        write_cover(element, len(draft.tracks) + 1, draft.files.cover, draft)
