"""What a rule judges: a release with what is known of its files, on its way to one target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from aimusicverse.release.earlier import Earlier
from aimusicverse.release.facts import AudioFacts, FileProblem, ImageFacts
from aimusicverse.release.targets import Distributor, Scope, Store
from aimusicverse.types.release import AiDisclosure, Contributor, Explicit, Recording, Release, Writer


@dataclass(frozen=True)
class Track:
    """A recording in its place, with what it has from the release."""

    index: int
    recording: Recording
    release: Release
    audio: AudioFacts | None = None

    @property
    def number(self) -> int:
        """As people count: 1 is the first."""
        return self.index + 1

    def path(self, name: str) -> str:
        """Where a value of it is written: in the track, or in the release that it has it from."""
        if getattr(self.recording, name) in (None, []) and getattr(self.release, name, None) not in (
            None,
            [],
        ):
            return name
        return f"tracks[{self.index}].{name}"

    @property
    def artists(self) -> list[Contributor]:
        """Its own, or those of the release."""
        return self.recording.artists or self.release.artists

    @property
    def contributors(self) -> list[Contributor]:
        """Its own, and those of the release."""
        return [*self.recording.contributors, *self.release.contributors]

    @property
    def writers(self) -> list[Writer]:
        """Of words and music."""
        return self.recording.writers

    @property
    def p_line(self) -> str | None:
        """Its own, or that of the release."""
        return self.recording.p_line or self.release.p_line

    @property
    def language(self) -> str | None:
        """Of its vocals; `zxx`: it has none."""
        return self.recording.language or self.release.language

    @property
    def explicit(self) -> Explicit | None:
        """Its own state, or that of the release."""
        return self.recording.explicit or self.release.explicit

    @property
    def genre(self) -> str | None:
        """Its own, or that of the release."""
        return self.recording.genre or self.release.genre

    @property
    def is_instrumental(self) -> bool:
        """Whether nobody sings."""
        return self.language == "zxx"

    @property
    def duration_seconds(self) -> float | None:
        """By its file, else as it is told."""
        return self.audio.duration_seconds if self.audio else self.recording.duration_seconds

    @cached_property
    def ai(self) -> AiDisclosure:
        """Its own answers, and those of the release where it has none."""
        given = {} if self.recording.ai is None else self.recording.ai.model_dump(exclude_none=True)
        return AiDisclosure(**{**self.release.ai.model_dump(exclude_none=True), **given})


@dataclass(frozen=True)
class Case:
    """A release on its way to one store or distributor.

    Args:
        release: in the long form.
        now: the moment of judging, with a zone.
        scopes: of the target's rules.
        audio: by the number of the track (0 is the first), for files that were looked into.
        image: the cover, if it was looked into.
        store: the target, if it is a store.
        distributor: who brings it there, or the target.
        problems: of files that could not be looked into.
        earlier: other releases of the same catalogue.
    """

    release: Release
    now: datetime
    scopes: frozenset[Scope]
    audio: Mapping[int, AudioFacts] = field(default_factory=dict)
    image: ImageFacts | None = None
    store: Store | None = None
    distributor: Distributor | None = None
    problems: tuple[FileProblem, ...] = ()
    earlier: Sequence[Earlier] = ()

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """All of them, in order."""
        return tuple(
            Track(index, recording, self.release, self.audio.get(index))
            for index, recording in enumerate(self.release.tracks)
        )

    def assigns(self, identifier: str) -> bool:
        """Whether a distributor gives it where there is none: `isrc`, `upc`."""
        return self.distributor is not None and identifier in self.distributor.assigns

    def goes_to(self, *scopes: Scope) -> bool:
        """Whether the target brings one of these."""
        return not self.scopes.isdisjoint(scopes)
