"""A message being written: the release, its files, and what the parts of the message share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from aimusicverse.release import identifiers
from aimusicverse.release.ern.parties import Parties
from aimusicverse.release.ern.version import ErnVersion
from aimusicverse.release.release_files import ReleaseFiles
from aimusicverse.release.rules.case import Track
from aimusicverse.types.release import Release


@dataclass(frozen=True)
class Draft:
    """What is known before the first element.

    Args:
        release: in the long form, looked through for what is missing.
        version: of ERN.
        files: of the recordings and the cover; `None`: the message brings none.
        brings_files: whether they are in the same package; else only what they are is said.
        hash_algorithm: `MD5` or `SHA-256`; ERN takes one for a file.
        begins: when the release is out: a date in each territory, or a moment.
        preorder: when it can be ordered.
        ends: when it ends; for a takedown.
    """

    release: Release
    version: ErnVersion
    files: ReleaseFiles | None
    brings_files: bool
    hash_algorithm: str
    begins: date | datetime
    preorder: date | datetime | None = None
    ends: datetime | None = None
    parties: Parties = field(default_factory=Parties)

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """The recordings, with what is known of their files."""
        facts = [sound.facts for sound in self.files.tracks] if self.files else []
        return tuple(
            Track(place, recording, self.release, facts[place] if facts else None)
            for place, recording in enumerate(self.release.tracks)
        )

    @property
    def sender(self) -> str:
        """The DPID in whose namespace our own ids and words are."""
        return identifiers.plain(self.release.sender_dpid or "")

    @property
    def icpn(self) -> str:
        """UPC or EAN, digits only; empty: there is none."""
        return identifiers.plain(self.release.upc or "")

    @property
    def name(self) -> str:
        """By which the release is told from others of this sender: its UPC, EAN or GRid."""
        return self.icpn or identifiers.plain(self.release.grid or "")

    def milliseconds(self, track: Track) -> int:
        """How long a recording is."""
        return round((track.duration_seconds or 0) * 1000)

    @property
    def cover_reference(self) -> str:
        """Of the image, after those of the recordings."""
        return f"A{len(self.tracks) + 1}"
