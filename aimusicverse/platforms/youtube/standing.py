"""Where a release stands, by its videos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from aimusicverse.platforms.base import Standing, StoreProblem
from aimusicverse.platforms.store_problems import general
from aimusicverse.platforms.youtube.codes import KEPT_PRIVATE
from aimusicverse.platforms.youtube.notes import Notes

#: `status.failureReason`, in words.
_FAILURES: Final = {
    "codec": "it does not know how the video is coded",
    "conversion": "it could not convert the video",
    "emptyFile": "the file that came was empty",
    "invalidFile": "the file that came was no video",
    "tooSmall": "the file that came was too small",
    "uploadAborted": "the upload was broken off",
}
#: `status.rejectionReason`, in words.
_REJECTIONS: Final = {
    "claim": "somebody else claims it",
    "copyright": "it infringes somebody's copyright",
    "duplicate": "the channel has the same video already",
    "inappropriate": "its content is inappropriate",
    "legal": "for legal reasons",
    "length": "it is longer than this channel may upload: verify the channel at youtube.com/verify",
    "termsOfUse": "it violates the terms of use",
    "trademark": "it violates a trademark",
    "uploaderAccountClosed": "the account was closed",
    "uploaderAccountSuspended": "the account was suspended",
}


def stands(notes: Notes, found: Mapping[str, Mapping[str, Any]], site: str) -> Standing:
    """It, by what YouTube says of its videos.

    Args:
        notes: of the delivery.
        found: those that YouTube has, by id, with `status` and `statistics`.
        site: where people watch, without a slash at the end.
    """
    videos = notes.videos()
    identifier, url = address(notes, site)
    streams = sum(_views(video) for video in found.values())
    said = _said(notes, videos, found)
    return Standing(
        said[0], external_id=identifier, external_url=url, problem=said[1], streams=streams if found else None
    )


def address(notes: Notes, site: str) -> tuple[str | None, str | None]:
    """Id and address: of the playlist, or of the one video."""
    if notes.tracks > 1:
        playlist = notes.playlist
        return playlist, f"{site}/playlist?list={playlist}" if playlist else None
    video = notes.videos().get(0)
    return video, f"{site}/watch?v={video}" if video else None


def is_of_no_use(video: Mapping[str, Any] | None) -> bool:
    """Whether another has to be uploaded in its place."""
    return video is None or video["status"].get("uploadStatus") in ("failed", "rejected", "deleted")


def _said(
    notes: Notes, videos: Mapping[int, str], found: Mapping[str, Mapping[str, Any]]
) -> tuple[Any, StoreProblem | None]:
    there = {index: found[video] for index, video in videos.items() if video in found}
    if notes.is_set("taken_down") or (videos and not there):
        return "taken_down", None
    by_status: dict[str, list[int]] = {}
    for index, video in there.items():
        by_status.setdefault(str(video["status"].get("uploadStatus", "")), []).append(index)
    if rejected := by_status.get("rejected"):
        return "rejected", _refused(there, rejected, "store_rejected", "rejectionReason", _REJECTIONS)
    if failed := by_status.get("failed"):
        return "failed", _refused(there, failed, "store_failed", "failureReason", _FAILURES)
    gone = [index for index in videos if index not in there]
    if gone or by_status.get("deleted"):
        missing = sorted({*gone, *by_status.get("deleted", [])})
        return "action_required", general(
            "release_gone",
            f"{_tracks(notes.tracks, missing)} no longer on the channel.",
            hint="Retry to upload it anew.",
        )
    if len(by_status.get("processed", [])) < notes.tracks:
        return "processing", None
    return _open(notes, there)


def _open(notes: Notes, there: Mapping[int, Mapping[str, Any]]) -> tuple[Any, StoreProblem | None]:
    hidden = [index for index, video in there.items() if video["status"].get("privacyStatus") == "private"]
    is_released = notes.is_set("released")
    if notes.tracks > 1 and not is_released:
        return "ready", None  # videos open by themselves, their playlist does not
    if not hidden or (notes.privacy == "private" and not is_later(notes)):
        return "live", None
    if is_later(notes) or notes.is_set("withheld") or not is_released:
        return "ready", None
    return "action_required", KEPT_PRIVATE.problem(
        f"{_tracks(notes.tracks, hidden)} private, though YouTube was asked to show it to people."
    )


def is_later(notes: Notes, now: datetime | None = None) -> bool:
    """Whether it is to open, and not yet."""
    return notes.opens_at is not None and notes.opens_at > (now or notes.now)


def _refused(
    there: Mapping[int, Mapping[str, Any]],
    indexes: Sequence[int],
    code: str,
    name: str,
    known: Mapping[str, str],
) -> StoreProblem:
    index = indexes[0]
    reason = str(there[index]["status"].get(name, "")) or "no reason given"
    what = f"track {index + 1}" if len(there) > 1 else "the video"
    verb = "rejected" if code == "store_rejected" else "could not use"
    words = known.get(reason, "it gives no other reason")
    return general(code, f"YouTube {verb} {what}: {words} ({reason}).", field=f"tracks[{index}]")


def _tracks(of: int, indexes: Sequence[int]) -> str:
    if of == 1:
        return "The video is"
    numbers = ", ".join(str(index + 1) for index in sorted(indexes)[:10])
    return f"The video of track {numbers} is" if len(indexes) == 1 else f"Videos of tracks {numbers} are"


def _views(video: Mapping[str, Any]) -> int:
    count = str(video.get("statistics", {}).get("viewCount", ""))
    return int(count) if count.isascii() and count.isdigit() else 0
