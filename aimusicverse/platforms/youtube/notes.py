"""What is noted of a delivery to YouTube, so that it can be gone on with.

Of each track, in this order: the session in which its file is uploaded (noted before its first byte), that
its last piece is about to go out, and the video that it became.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from aimusicverse.platforms.base import Journal


@dataclass(frozen=True, slots=True)
class TrackNote:
    """Of one track.

    Args:
        made_of: sound and picture, by their sums.
        film: sum of the video file.
        size: of it, bytes.
        title: of the video.
        begun_at: when its session was asked for, ISO 8601.
        session: where it is uploaded. Whoever knows it can upload there.
        all_sent: whether its last piece may have gone out.
        gone_at: since when the session is known to be gone, though all may have been sent.
        video: what it became.
        pictured: whether its thumbnail was set, or YouTube does not let us.
    """

    made_of: str
    film: str
    size: int
    title: str
    begun_at: str
    session: str | None = None
    all_sent: bool = False
    gone_at: str | None = None
    video: str | None = None
    pictured: bool = False

    def __repr__(self) -> str:
        return f"TrackNote(video={self.video!r})"  # never the session


class Notes:
    """Reads and writes them."""

    def __init__(self, journal: Journal) -> None:
        """Nothing is read yet."""
        self._journal = journal

    @property
    def now(self) -> datetime:
        """Server time."""
        return self._journal.now

    @property
    def tracks(self) -> int:
        """How many the release has."""
        return int(self._journal.known.get("tracks", 0))

    @property
    def privacy(self) -> str:
        """Who is to see it in the end."""
        return str(self._journal.known.get("privacy", "public"))

    @property
    def opens_at(self) -> datetime | None:
        """When it is to be seen; `None`: at once."""
        return _moment(self._journal.known.get("opens_at"))

    @property
    def holds_until(self) -> datetime | None:
        """Until when YouTube alone waits, whenever the release opens elsewhere."""
        return _moment(self._journal.known.get("holds_until"))

    @property
    def playlist(self) -> str | None:
        """Its id."""
        return self._journal.known.get("playlist")

    @property
    def playlist_asked_at(self) -> datetime | None:
        """When it was first asked for, if that may not have been answered."""
        return _moment(self._journal.known.get("playlist_asked_at"))

    @property
    def revision(self) -> int | None:
        """Of the release, which was delivered last."""
        return self._journal.known.get("revision")

    def is_set(self, name: str) -> bool:
        """Whether this is noted: `released`, `withheld`, `taken_down`."""
        return bool(self._journal.known.get(name))

    def of(self, index: int) -> TrackNote | None:
        """What is noted of a track."""
        found: dict[str, Any] | None = self._journal.known.get(f"track_{index}")
        return None if found is None else TrackNote(**found)

    def videos(self) -> dict[int, str]:
        """Those that there are, by track."""
        noted = {index: self.of(index) for index in range(self.tracks)}
        return {index: note.video for index, note in noted.items() if note is not None and note.video}

    def set(self, index: int, note: TrackNote | None, **changes: Any) -> TrackNote | None:
        """Note this of a track."""
        new = note if note is None else replace(note, **changes)
        self._journal.write(**{f"track_{index}": None if new is None else asdict(new)})
        return new

    def write(self, **notes: Any) -> None:
        """Note something of all of it; moments as such."""
        self._journal.write(
            **{
                name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
                for name, value in notes.items()
            }
        )

    def progress(self, part: float) -> None:
        """See `Journal.progress`."""
        self._journal.progress(min(max(part, 0.0), 1.0))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
