"""What YouTube is told of a video: its title, words, and for whom it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from aimusicverse.release.display import artist_line, full_title, youtube_title
from aimusicverse.release.rules.case import Track
from aimusicverse.release.rules.youtube import LONGEST_DESCRIPTION
from aimusicverse.types.release import Release

#: YouTube's category of music.
MUSIC: Final = "10"
_LONGEST_PLAYLIST_TITLE: Final = 150
#: By which a playlist of ours is found again when the answer to its making was lost.
_MARK: Final = "Reference: {}"


def snippet(track: Track) -> dict[str, Any]:
    """`snippet` of a track's video."""
    release = track.release
    return {
        "title": youtube_title(release, track.recording),
        "description": _plain(release.youtube.description) or _composed(track),
        "tags": list(release.youtube.tags),
        "categoryId": MUSIC,
    }


def declared(track: Track) -> dict[str, bool]:
    """What of `status` its owner declares. What he does not say is not said for him, but that AI sings."""
    fields = track.release.youtube
    said: dict[str, bool] = {}
    if fields.made_for_kids is not None:
        said["selfDeclaredMadeForKids"] = fields.made_for_kids
    if fields.synthetic_media is not None:
        said["containsSyntheticMedia"] = fields.synthetic_media
    elif track.ai.vocals == "all" or (track.ai.vocals == "partly" and track.ai.imitates_voice):
        said["containsSyntheticMedia"] = True
    return said


def standing(privacy: str, publish_at: datetime | None) -> dict[str, Any]:
    """Who sees it, as `status` says it. A time to come is one of private videos alone."""
    if publish_at is None:
        return {"privacyStatus": privacy}
    at = publish_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"privacyStatus": "private", "publishAt": at}


def playlist(release: Release, reference: str) -> dict[str, str]:
    """`snippet` of the playlist of a release, with the reference by which it is ours."""
    artist, title = artist_line(release.artists), full_title(release.title, release.version)
    whole = f"{artist} - {title}" if artist else title
    lines = [*_lines_of_owners(release, release.p_line), mark(reference)]
    return {"title": whole[:_LONGEST_PLAYLIST_TITLE], "description": _plain("\n".join(lines))}


def mark(reference: str) -> str:
    """The line of a playlist's description by which it is found again."""
    return _MARK.format(reference)


def _composed(track: Track) -> str:
    release, recording = track.release, track.recording
    lines = [f"{full_title(recording.title, recording.version)} · {artist_line(track.artists)}"]
    if len(release.tracks) > 1:
        lines.append(full_title(release.title, release.version))
    lines += ["", *_lines_of_owners(release, track.p_line)]
    if recording.isrc:
        lines.append(f"ISRC {recording.isrc}")
    text = _plain("\n".join(lines).strip()).encode()[:LONGEST_DESCRIPTION]
    return text.decode("utf-8", "ignore")


def _lines_of_owners(release: Release, p_line: str | None) -> list[str]:
    marked = (("℗", p_line), ("©", release.c_line))
    return [f"{sign} {line.lstrip('℗© ')}" for sign, line in marked if line]


def _plain(text: str | None) -> str:
    """Without angle brackets, which YouTube refuses."""
    return (text or "").replace("<", "‹").replace(">", "›")
