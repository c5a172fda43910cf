"""How titles and artists are shown, composed of their parts, and when two names are the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aimusicverse.types.release import Contributor, Recording, Release


def name_key(text: str) -> str:
    """By which two spellings are one name: without regard to case, width and blanks. Accents count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def full_title(title: str, version: str | None) -> str:
    """`Title (Version)`; in square brackets where round ones are in the title already (Apple's guide)."""
    if not version:
        return title
    return f"{title} [{version}]" if "(" in title else f"{title} ({version})"


def listed(names: Iterable[str]) -> str:
    """`A`, `A & B`, `A, B & C`."""
    *first, last = [*names] or [""]
    return f"{', '.join(first)} & {last}" if first else last


def artist_line(artists: Iterable[Contributor]) -> str:
    """The main artists as they are shown together; without one, whoever is first."""
    everybody = list(artists)
    main = [artist.name for artist in everybody if "MainArtist" in artist.roles]
    return listed(main or [artist.name for artist in everybody[:1]])


def youtube_title(release: Release, track: Recording) -> str:
    """Of the video made of a track: the user's own for a single, else `Artist - Title (Version)`."""
    if release.youtube.title and len(release.tracks) == 1:
        return release.youtube.title
    artist = artist_line(track.artists or release.artists)
    title = full_title(track.title, track.version)
    return f"{artist} - {title}" if artist else title
