"""Where a release stands, by what SoundCloud shows of its tracks: `access`, as there is no other field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aimusicverse.platforms.base import Standing, Stands, StoreProblem
from aimusicverse.platforms.soundcloud.codes import BLOCKED, COVER_REFUSED, GONE
from aimusicverse.platforms.soundcloud.notes import Notes

Shown = dict[str, Any]


def standing(notes: Notes, tracks: Sequence[Shown | None]) -> Standing:
    """Of a delivery.

    Args:
        notes: of it.
        tracks: as SoundCloud shows them now, in their order; `None`: not there.
    """
    stands, problem = _stands(notes, tracks)
    if problem is None and notes.cover_problem is not None:
        problem = COVER_REFUSED.problem(notes.cover_problem, field="cover.file")
    plays = [one["playback_count"] for one in tracks if one and isinstance(one.get("playback_count"), int)]
    single = notes.tracks[0] if len(notes.tracks) == 1 else None
    return Standing(
        stands,
        external_id=notes.playlist or (single.urn if single else None),
        external_url=notes.playlist_url or (single.url if single else None),
        problem=problem,
        streams=sum(plays) if plays else None,
    )


def _stands(notes: Notes, tracks: Sequence[Shown | None]) -> tuple[Stands, StoreProblem | None]:
    access = [one.get("access") for one in tracks if one is not None]
    for number, one in enumerate(tracks):
        which = "The track" if len(tracks) == 1 else f"Track {number + 1}"
        if one is None:
            return "taken_down", GONE.problem(f"{which} is not at SoundCloud any more.")
        if one.get("access") == "blocked":
            return "rejected", BLOCKED.problem(f"{which} is blocked by SoundCloud.")
    if not all(one in ("playable", "preview") for one in access):
        return "processing", None
    open_now = all(one is not None and one.get("sharing") == notes.sharing for one in tracks)
    return ("live" if notes.released and open_now else "ready"), None
