"""Who is named for a recording or release: beside its title, or as a contributor, or both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aimusicverse.release.display import listed
from aimusicverse.release.roles import BILLED_ARTISTS, BILLED_CONTRIBUTORS
from aimusicverse.release.rules.case import Track
from aimusicverse.types.release import AiPart, Contributor, Release, Writer


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody's part.

    Args:
        field: where it is written.
        person: who; a company, for a publisher, by its name.
        artist_roles: as an artist who is named beside the title.
        roles: as a contributor.
        ai: how much of it a machine made, if that is said.
    """

    field: str
    person: Contributor | Writer | str
    artist_roles: tuple[str, ...]
    roles: tuple[str, ...]
    ai: AiPart | None

    @property
    def name(self) -> str:
        """As it is shown."""
        return self.person if isinstance(self.person, str) else self.person.name


def credits_of(track: Track) -> list[Credit]:
    """All of a recording: artists, contributors, those of the release, writers, publishers; in this order."""
    recording, release, here = track.recording, track.release, f"tracks[{track.index}]."
    people = _billed(track.artists, here if recording.artists else "", "artists", BILLED_ARTISTS)
    people += _billed(recording.contributors, here, "contributors", BILLED_CONTRIBUTORS)
    people += _billed(release.contributors, "", "contributors", BILLED_CONTRIBUTORS)
    for place, writer in enumerate(track.writers):
        where = f"{here}writers[{place}]"
        people.append(Credit(where, writer, (), tuple(writer.roles), writer.ai))
        if writer.publisher:
            # A publisher makes nothing; they go with a writer who is no person.
            ai: AiPart | None = "all" if writer.ai == "all" else None
            people.append(Credit(f"{where}.publisher", writer.publisher, (), ("MusicPublisher",), ai))
    return people


def artists_of(release: Release) -> list[Credit]:
    """Those who are named beside the title of the release."""
    people = _billed(release.artists, "", "artists", BILLED_ARTISTS)
    people += _billed(release.contributors, "", "contributors", BILLED_CONTRIBUTORS)
    return [credit for credit in people if credit.artist_roles]


def shown_artists(people: Iterable[Credit]) -> str:
    """The names beside a title, in one line: `A, B & C feat. D`."""
    main: list[str] = []
    featured: list[str] = []
    for credit in people:
        if "FeaturedArtist" in credit.artist_roles:
            featured.append(credit.name)
        elif credit.artist_roles:
            main.append(credit.name)
    line = listed(main)
    return f"{line} feat. {listed(featured)}" if featured else line


def _billed(
    persons: Iterable[Contributor], where: str, kind: str, artist_roles: frozenset[str]
) -> list[Credit]:
    return [
        Credit(
            f"{where}{kind}[{place}]",
            person,
            tuple(role for role in person.roles if role in artist_roles),
            tuple(role for role in person.roles if role not in artist_roles),
            person.ai,
        )
        for place, person in enumerate(persons)
    ]
