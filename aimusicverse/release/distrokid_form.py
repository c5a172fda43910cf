"""DistroKid's upload form, question by question, with the answers of a release.

DistroKid has no public API. The order is that of its form as its help pages and users told in November 2026;
the form changes, so a question may stand elsewhere. Source: support.distrokid.com.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aimusicverse.release import identifiers
from aimusicverse.release.ai_parts import HEARD, contained
from aimusicverse.release.display import full_title
from aimusicverse.release.ern.credits import artists_of, credits_of, shown_artists
from aimusicverse.release.rules.case import Track
from aimusicverse.types.release import AiPart, Release

#: What only the artist can say.
OPEN: Final = None
_WORDS: Final[dict[AiPart, str]] = {"none": "No", "partly": "Yes, partly", "all": "Yes, all of it"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, and what the release says to it.

    Args:
        question: as the form asks, in our words.
        answer: `None`: the release does not say, and a person has to.
        hint: what to look at.
        by_hand: whether no release ever says it, so that it is answered in the form.
    """

    question: str
    answer: str | None
    hint: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Questions of the release, or of one track."""

    title: str
    answers: tuple[Answer, ...]


def form(release: Release, tracks: Sequence[Track], names: Sequence[str], cover: str) -> list[Section]:
    """All questions in the order of the form.

    Args:
        release: what is uploaded.
        tracks: its recordings.
        names: of their files in the kit.
        cover: name of the cover's file in the kit.
    """
    sections = [Section("The release", tuple(_release(release, tracks, cover)))]
    for track, name in zip(tracks, names, strict=True):
        sections.append(Section(f"Track {track.number}: {track.recording.title}", tuple(_track(track, name))))
    sections.append(
        Section(
            "Extras and consent",
            (
                _yours("Extras that cost something", "Each is optional: amv release quote tells prices."),
                _yours("I recorded this music, or am authorised to sell it", "Confirm it if it is so."),
                _yours("I do not use another's name without their consent", "Confirm it if it is so."),
                _yours("Terms of the distribution agreement", "Read them first."),
            ),
        )
    )
    return sections


def unanswered(sections: Sequence[Section]) -> list[str]:
    """The questions that `release.toml` could answer, and does not."""
    asked = (answer for section in sections for answer in section.answers)
    return list(
        dict.fromkeys(one.question.rstrip("?") for one in asked if one.answer is None and not one.by_hand)
    )


def _yours(question: str, hint: str) -> Answer:
    return Answer(question, OPEN, hint, by_hand=True)


def _release(release: Release, tracks: Sequence[Track], cover: str) -> list[Answer]:
    labels = release.label or shown_artists(artists_of(release)) or OPEN
    first = release.original_release_date
    return [
        Answer("Number of songs", str(len(tracks))),
        Answer("Has it been released before?", f"Yes, on {first}" if first else "No"),
        _yours("Stores", "All are chosen; take out where you do not want to be."),
        Answer("Artist or band", shown_artists(artists_of(release)) or OPEN),
        Answer("Release date", _when(release), "Four weeks ahead is advised; fourteen days is little."),
        Answer("Record label", labels, "Your own artist name will do."),
        Answer("Album cover", cover, "JPG, a square of 3000 × 3000 pixels, RGB."),
        Answer("Language of the titles", release.metadata_language),
        Answer("Primary genre", release.genres.get("distrokid") or release.genre or OPEN),
        Answer("Album title", full_title(release.title, release.version) if len(tracks) > 1 else "Not asked"),
        Answer("UPC", release.upc or "Left empty: DistroKid assigns one"),
        Answer("℗ line", release.p_line or OPEN),
        Answer("© line", release.c_line or OPEN),
        Answer("Was AI used for the cover?", _part(release.ai.artwork)),
    ]


def _track(track: Track, name: str) -> list[Answer]:
    recording = track.recording
    people = credits_of(track)
    featured = [credit.name for credit in people if "FeaturedArtist" in credit.artist_roles]
    others = [
        f"{credit.name} ({', '.join(credit.roles)})"
        for credit in people
        if credit.roles and credit.ai != "all"
    ]
    writers = [f"{writer.name} ({', '.join(writer.roles)})" for writer in track.writers if writer.ai != "all"]
    return [
        Answer("Song title", recording.title, "Without version and features: the form asks for them apart."),
        Answer("Version", recording.version or "Normal version"),
        Answer("Featured artists", ", ".join(featured) or "None"),
        Answer("Artist of this song", shown_artists(people) or OPEN),
        Answer("Audio file", name),
        Answer("ISRC", _isrc(track), "Your own only if the recording had it before, or you assign yours."),
        Answer("Explicit words?", _explicit(track)),
        Answer("Instrumental?", "Yes" if track.is_instrumental else "No" if track.language else OPEN),
        Answer("Original or cover song?", "Cover: a licence is needed" if recording.is_cover else "Original"),
        Answer("Songwriters, by legal first and last name", "; ".join(writers) or OPEN, "No tool's name."),
        Answer("Credits", "; ".join(others) or OPEN, "A producer and a performer at least."),
        Answer("Language of the words", "None" if track.is_instrumental else track.language or OPEN),
        *_ai(track),
    ]


def _ai(track: Track) -> list[Answer]:
    """Words, music, sound; and whose persona it is if all of the sound was made by a machine."""
    said = track.ai
    audio = contained(track, HEARD)
    answers = [
        Answer(
            "AI: were the lyrics written by it?", "No lyrics" if track.is_instrumental else _part(said.lyrics)
        ),
        Answer("AI: was the music composed by it?", _part(said.composition)),
        Answer("AI: was the audio generated by it?", _part(audio), "Mixing and mastering do not count."),
    ]
    if audio == "all":
        main = [artist for artist in track.artists if "MainArtist" in artist.roles]
        is_persona = bool(main) and all(artist.ai == "all" for artist in main)
        answers.append(
            Answer(
                "AI: is the artist a person or an AI persona?",
                "AI persona" if is_persona else OPEN,
                "An AI persona has ai = 'all' at the artist in release.toml.",
                by_hand=True,
            )
        )
    return answers


def _part(part: AiPart | None) -> str | None:
    return OPEN if part is None else _WORDS[part]


def _when(release: Release) -> str | None:
    if release.release_at is None:
        return "As soon as possible" if release.as_soon_as_possible else OPEN
    return f"{release.release_at} ({release.time_zone})" if release.time_zone else release.release_at


def _isrc(track: Track) -> str:
    isrc = track.recording.isrc
    return identifiers.plain_isrc(isrc) if isrc else "Left empty: DistroKid assigns one"


def _explicit(track: Track) -> str | None:
    return {"explicit": "Yes", "clean": "No: a clean version", "none": "No", None: OPEN}[track.explicit]
