"""What the stand-in knows of one release, and how it stands at a moment."""

from __future__ import annotations

import zlib
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

#: A release opens at midnight in each territory; in Kiribati first.
_FIRST_MIDNIGHT: Final = timedelta(hours=14)
_MOST_UPLOADS: Final = 50


@dataclass(slots=True)
class Upload:
    """One package that came.

    Args:
        md5: of its metadata.
        at: when, server time.
        errors: for which it was not taken.
    """

    md5: str
    at: str
    errors: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class Record:
    """A release by its vendor id.

    Args:
        vendor_id: its key.
        provider: whose it is.
        received_at: when it came first.
        uploads: all packages of it, the newest last.
        receipts: how many came.
        taken: whether one was without errors: then what follows is told of it.
        review_until: when somebody has looked at it.
        rejected: why it is not wanted.
        silent: whether nothing is ever said of it.
        starts: the day that it was told.
        down_at: since when it is taken down.
    """

    vendor_id: str
    provider: str
    received_at: str
    uploads: list[Upload] = field(default_factory=list)
    receipts: int = 0
    taken: bool = False
    title: str = ""
    upc: str = ""
    isrcs: list[str] = field(default_factory=list)
    review_until: str | None = None
    rejected: str | None = None
    silent: bool = False
    starts: str | None = None
    down_at: str | None = None

    @classmethod
    def of(cls, data: dict[str, Any]) -> Record:
        """As it was kept."""
        return cls(**data | {"uploads": [Upload(**one) for one in data["uploads"]]})

    def kept(self) -> dict[str, Any]:
        """To be kept."""
        self.uploads = self.uploads[-_MOST_UPLOADS:]
        return asdict(self)

    def status(self, now: datetime) -> str:
        """`processing`, `ready`, `live`, `rejected`, `failed` or `taken_down`."""
        if self.down_at is not None:
            return "taken_down"
        if not self.taken:
            return "failed"
        if self.is_in_review(now):
            return "processing"
        if self.rejected is not None:
            return "rejected"
        live_at = self.live_at()
        return "live" if live_at is not None and now >= live_at else "ready"

    def is_in_review(self, now: datetime) -> bool:
        """Whether nobody has looked at it yet, or nobody says so."""
        return self.silent or self.review_until is None or now < datetime.fromisoformat(self.review_until)

    def live_at(self) -> datetime | None:
        """Since when, or from when, people hear it; `None`: never."""
        if not self.taken or self.silent or self.rejected or not self.starts or not self.review_until:
            return None
        midnight = datetime.combine(date.fromisoformat(self.starts), time(), UTC)
        opened = midnight - _FIRST_MIDNIGHT
        return max(opened, datetime.fromisoformat(self.review_until))

    def plays(self, now: datetime) -> int:
        """How often it was heard: more with each hour, and the same whenever it is asked for one moment."""
        since = self.live_at()
        until = now if self.down_at is None else min(now, datetime.fromisoformat(self.down_at))
        if since is None or until <= since:
            return 0
        an_hour = 20 + zlib.crc32(self.vendor_id.encode()) % 60
        return int((until - since) / timedelta(hours=1) * an_hour)
