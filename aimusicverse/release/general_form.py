"""What any distributor asks of a release, with its answers: of most of them nobody has looked at the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aimusicverse.release import identifiers
from aimusicverse.release.ai_parts import HEARD, contained
from aimusicverse.release.display import full_title
from aimusicverse.release.distrokid_form import OPEN, Answer, Section
from aimusicverse.release.ern.credits import artists_of, credits_of, shown_artists
from aimusicverse.release.rules.case import Track
from aimusicverse.types.outlet import Outlet
from aimusicverse.types.release import AiPart, Release

_WORDS: Final[dict[AiPart, str]] = {"none": "None", "partly": "Partly", "all": "All of it"}
_EXPLICIT: Final = {"explicit": "Yes", "clean": "No: a clean version", "none": "No"}


def general_form(
    release: Release,
    tracks: Sequence[Track],
    names: Sequence[str],
    cover: str,
    distributor: Outlet,
    stores: Sequence[Outlet],
) -> list[Section]:
    """The release, then each track.

    Args:
        release: what is uploaded.
        tracks: its recordings.
        names: of their files in the kit.
        cover: name of the cover's file in the kit.
        distributor: who is asked.
        stores: where it is to go.
    """
    sections = [Section("The release", tuple(_release(release, cover, distributor, stores)))]
    for track, name in zip(tracks, names, strict=True):
        title = f"Track {track.number}: {track.recording.title}"
        sections.append(Section(title, tuple(_track(track, name, distributor))))
    hint = "Read what you agree to before you do."
    terms = Answer("Rights, and the distributor's terms", OPEN, hint, by_hand=True)
    return [*sections, Section("Consent", (terms,))]


def _release(release: Release, cover: str, distributor: Outlet, stores: Sequence[Outlet]) -> list[Answer]:
    when = release.release_at or ("As soon as possible" if release.as_soon_as_possible else OPEN)
    zone = f" ({release.time_zone})" if release.time_zone and release.release_at else ""
    return [
        Answer("Stores", ", ".join(store.name for store in stores)),
        Answer("Title", full_title(release.title, release.version)),
        Answer("Artist", shown_artists(artists_of(release)) or OPEN),
        Answer("Release date", f"{when}{zone}" if when else OPEN, distributor.lead_time),
        Answer("Label", release.label or OPEN, "Your artist name will do."),
        Answer("UPC or EAN", release.upc or _assigned("upc", distributor)),
        Answer("Genre", release.genre or OPEN),
        Answer("Language of the titles", release.metadata_language),
        Answer("℗ line", release.p_line or OPEN),
        Answer("© line", release.c_line or OPEN),
        Answer("Cover", cover),
        Answer("AI in the cover", _part(release.ai.artwork), distributor.ai.note),
    ]


def _track(track: Track, name: str, distributor: Outlet) -> list[Answer]:
    recording, people = track.recording, credits_of(track)
    writers = [f"{writer.name} ({', '.join(writer.roles)})" for writer in track.writers if writer.ai != "all"]
    others = [f"{one.name} ({', '.join(one.roles)})" for one in people if one.roles and one.ai != "all"]
    isrc = identifiers.plain_isrc(recording.isrc) if recording.isrc else _assigned("isrc", distributor)
    words = "No lyrics" if track.is_instrumental else _part(track.ai.lyrics)
    return [
        Answer("Title", full_title(recording.title, recording.version)),
        Answer("Artist", shown_artists(people) or OPEN),
        Answer("File", name),
        Answer("ISRC", isrc),
        Answer("Songwriters, by legal name", "; ".join(writers) or OPEN, "No tool's name."),
        Answer("Others who took part", "; ".join(others) or "None"),
        Answer("Cover of another's song?", "Yes: a licence is needed" if recording.is_cover else "No"),
        Answer("Language of the words", "None" if track.is_instrumental else track.language or OPEN),
        Answer("Explicit?", _EXPLICIT.get(track.explicit or "", OPEN)),
        Answer("AI in the words", words),
        Answer("AI in the composition", _part(contained(track, ["composition"]))),
        Answer("AI in the sound", _part(contained(track, HEARD)), "Mixing and mastering do not count."),
    ]


def _assigned(identifier: str, distributor: Outlet) -> str | None:
    if identifier in distributor.assigns:
        return f"Left empty: {distributor.name} assigns one"
    return OPEN


def _part(part: AiPart | None) -> str | None:
    return OPEN if part is None else _WORDS[part]
