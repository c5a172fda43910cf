"""Single, EP or album, by the number and length of the tracks: the convention of Apple and TuneCore."""

from __future__ import annotations

from collections.abc import Sequence

from aimusicverse.types.release import ReleaseType


def release_type(seconds: Sequence[float]) -> ReleaseType:
    """What a release is, of its tracks' lengths.

    Up to three tracks, each under ten minutes and under thirty in all, are a single; up to six, and up to
    thirty minutes, an EP; everything else an album (support.tunecore.com; rule `REL-TYPE`).
    """
    total = sum(seconds)
    if len(seconds) <= 3 and max(seconds) < 600 and total < 1800:
        return "single"
    return "ep" if len(seconds) <= 6 and total <= 1800 else "album"
