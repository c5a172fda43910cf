"""Single, EP or album, by the number and length of the tracks: the convention of Apple and TuneCore."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aimusicverse.types.release import Release, ReleaseType

_LONG: Final = 10 * 60.0
_EP: Final = 30 * 60.0


def release_type(release: Release, durations: Sequence[float | None]) -> ReleaseType:
    """As the release says; else as its tracks make it, the smallest that is possible where durations lack.

    Args:
        release: which.
        durations: of its tracks, seconds; `None`: not known.
    """
    return release.type or usual_types(durations)[0]


def usual_types(durations: Sequence[float | None]) -> tuple[ReleaseType, ...]:
    """What a release with such tracks is called: one type, or those that are possible where durations lack.

    Single: 1 to 3 tracks, each under 10 minutes. EP: 1 to 3 with one of 10 minutes or more, or 4 to 6; 30
    minutes at most. Album: 7 tracks or more, or more than 30 minutes (support.tunecore.com; rule `REL-TYPE`).

    Args:
        durations: of its tracks, seconds; `None`: not known.
    """
    if len(durations) > 6:
        return ("album",)
    known = [duration for duration in durations if duration is not None]
    if sum(known) > _EP:
        return ("album",)
    is_single = len(durations) <= 3 and max(known, default=0.0) < _LONG
    if len(known) < len(durations):
        return ("single", "ep", "album") if is_single else ("ep", "album")
    return ("single",) if is_single else ("ep",)
