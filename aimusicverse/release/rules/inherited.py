"""Values that tracks have from their release: each is judged once, where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aimusicverse.release.rules.case import Case, Track


@dataclass(frozen=True, slots=True)
class Said:
    """A value in its place.

    Args:
        field: its path.
        value: as written; `None`: it is missing, and no track could have it from elsewhere.
        of: whose it is, for people: `the release`, `track 3`.
        track: whose it is; `None`: the release's.
    """

    field: str
    value: str | None
    of: str
    track: Track | None = None


def said(case: Case, name: str) -> Iterator[Said]:
    """The value of this name for every track: the release's once, as far as tracks have none of their own.

    Where neither has one, it is missing in the release if no track has one, else in those tracks.
    """
    common = getattr(case.release, name) or None
    lacking = [track for track in case.tracks if not getattr(track.recording, name)]
    if lacking and (common is not None or len(lacking) == len(case.tracks)):
        yield Said(name, common, "the release")
        lacking = []
    missing = {track.index for track in lacking}
    for track in case.tracks:
        own = getattr(track.recording, name) or None
        if own is not None or track.index in missing:
            yield Said(f"tracks[{track.index}].{name}", own, f"track {track.number}", track)
