"""What a release must have before a message can be written of it: all that is missing, at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimusicverse.release import identifiers
from aimusicverse.release.chosen_territories import chosen_territories
from aimusicverse.release.ern import ai_disclosure
from aimusicverse.release.ern.credits import artists_of, credits_of
from aimusicverse.release.ern.draft import Draft
from aimusicverse.release.owner_lines import owner_line
from aimusicverse.release.package_error import CannotPackage, Obstacle
from aimusicverse.release.rules.case import Track
from aimusicverse.release.territories import COUNTRIES

#: Language tags that the schemas take, which are fewer than BCP 47 has.
_LANGUAGE: Final = re.compile(
    r"[a-zA-Z]{2,3}(-[a-zA-Z]+)?(-[a-zA-Z]{2}|-[0-9]{3})?(-[a-zA-Z][a-zA-Z0-9]{4}[a-zA-Z0-9]*)?", re.ASCII
)


def require(draft: Draft) -> None:
    """Nothing is missing.

    Raises:
        CannotPackage: with everything that is.
    """
    obstacles = [*_of_the_release(draft), *_of_deliveries(draft)]
    for track in draft.tracks:
        obstacles += _of_a_track(draft, track)
    if obstacles:
        raise CannotPackage(dict.fromkeys(obstacles))


def _of_the_release(draft: Draft) -> Iterator[Obstacle]:
    release = draft.release
    for name, what, fix in (
        ("title", "a title", "Give one."),
        ("label", "a label", "Give one; your artist name will do."),
        ("p_line", "a P line", "Write it as `2026 Owner of the recording`."),
        ("c_line", "a C line", "Write it as `2026 Owner of the rest`."),
        ("genre", "a genre", "Write one, in words."),
        ("explicit", "whether it is explicit", "Answer explicit, clean or none."),
    ):
        given = str(getattr(release, name) or "")
        said = owner_line(given).text if name.endswith("_line") else given.strip()
        if not said and not _all_tracks_have(draft, name):
            yield Obstacle(name, f"ERN asks for {what}.", fix)
    if not release.upc and not release.grid:
        yield Obstacle("upc", "ERN asks for a UPC, EAN or GRid.", "Get one from your label or from GS1.")
    if not any("MainArtist" in credit.artist_roles for credit in artists_of(release)):
        yield Obstacle("artists", "nobody is its main artist.", "Give one the role MainArtist.")
    if not _LANGUAGE.fullmatch(release.metadata_language):
        yield _no_language("metadata_language", release.metadata_language)
    yield from chosen_territories(release.territories, release.excluded_territories)[2]
    if draft.version.has_ai and release.ai.artwork is None:
        yield Obstacle(
            "ai.artwork", "it is not said how much of it a machine made.", "Answer none, partly or all."
        )
    for number in release.preorder_tracks:
        if not 1 <= number <= len(release.tracks):
            yield Obstacle("preorder_tracks", f"there is no track {number}.", "Count from 1.")


def _of_deliveries(draft: Draft) -> Iterator[Obstacle]:
    for name in ("sender_dpid", "recipient_dpid"):
        given = getattr(draft.release, name)
        if not given:
            yield Obstacle(name, "ERN asks for a DDEX party id.", "Get it at dpid.ddex.net; it is free.")
        elif not re.fullmatch(r"PADPIDA[A-Z0-9]+", identifiers.plain(given), re.ASCII):
            yield Obstacle(name, f"{given!r} is no DDEX party id.", "It begins with PADPIDA.")


def _of_a_track(draft: Draft, track: Track) -> Iterator[Obstacle]:
    where, number = f"tracks[{track.index}]", track.number
    if not track.recording.title.strip():
        yield Obstacle(f"{where}.title", f"track {number} has no title.", "Give one.")
    if not track.recording.isrc:
        yield Obstacle(f"{where}.isrc", f"track {number} has no ISRC.", "Ask your national ISRC agency.")
    if not draft.milliseconds(track):
        yield Obstacle(
            f"{where}.duration_seconds", f"nobody knows how long track {number} is.", "Give its file."
        )
    for name, fix in (
        ("p_line", "Write it as `2026 Owner`."),
        ("explicit", "Answer explicit, clean or none."),
    ):
        if not owner_line(getattr(track, name) or "").text:
            yield Obstacle(f"{where}.{name}", f"track {number} has no {name}, nor has the release.", fix)
    if not (track.genre or "").strip():
        yield Obstacle(f"{where}.genre", f"track {number} has no genre, nor has the release.", "Write one.")
    if track.language and not _LANGUAGE.fullmatch(track.language):
        yield _no_language(track.path("language"), track.language)
    country = track.recording.recording_country
    if country and country not in COUNTRIES:
        yield Obstacle(
            f"{where}.recording_country", f"{country!r} is no country.", "Write two letters of ISO 3166-1."
        )
    people = credits_of(track)
    if not any("MainArtist" in credit.artist_roles for credit in people):
        yield Obstacle(f"{where}.artists", "nobody is its main artist.", "Give one the role MainArtist.")
    for credit in people:
        if not credit.name.strip():
            yield Obstacle(credit.field, "it has no name.", "Give one, or take it out.")
    for place, writer in enumerate(track.writers):
        plain = identifiers.plain(writer.ipi or "")
        if plain and not plain.startswith("I") and not re.fullmatch(r"[0-9]{11}", plain, re.ASCII):
            yield Obstacle(f"{where}.writers[{place}].ipi", f"{writer.ipi!r} is no IPI.", "It has 11 digits.")
    if draft.version.has_ai:
        yield from ai_disclosure.unanswered(track)
        yield from ai_disclosure.contradictions(track, people)


def _all_tracks_have(draft: Draft, name: str) -> bool:
    return name in ("genre", "explicit") and all(getattr(track, name) for track in draft.tracks)


def _no_language(field: str, given: str) -> Obstacle:
    return Obstacle(
        field, f"{given!r} is no language tag that ERN takes.", "Write it as en, pt-BR or zh-Hant."
    )
