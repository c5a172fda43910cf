"""Distributions as a file: JSON, or CSV with a row for each store. Written as it is read, some at a time."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from aimusicverse.server.distributions import export_csv, export_queries
from aimusicverse.server.distributions.export_queries import Whole, Wish
from aimusicverse.types.distribution_export import EXPORT_FORMAT

if TYPE_CHECKING:
    from aimusicverse.server.call import CallContext

ExportFormat = Literal["json", "csv"]
MEDIA_TYPES: Final[dict[ExportFormat, str]] = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
#: How many are read at once.
_BATCH: Final = 50


async def exported(call: CallContext, wish: Wish, format: ExportFormat) -> AsyncIterator[bytes]:
    """The file, piece by piece. Each piece is as the database was when it was read.

    Args:
        call: whose distributions.
        wish: which of them.
        format: of the file.
    """
    write = _Json() if format == "json" else export_csv.Writer()
    after = ""
    yield write.head()
    while True:
        found = await call.read(export_queries.batch, wish, after, _BATCH)
        if found:
            yield b"".join(write.piece(record(whole)) for whole in found)
            after = found[-1].row.id
        if len(found) < _BATCH:
            break
    yield write.foot()


def record(whole: Whole) -> dict[str, Any]:
    """A distribution as `ExportedDistribution` has it."""
    row = whole.row
    return {
        "id": row.id,
        "mode": row.mode,
        "status": row.status,
        "title": row.title,
        "via": row.via,
        "artwork_id": row.artwork_id,
        "release_at": exact(row.release_at),
        "revision": row.revision,
        "version": row.version,
        "created_at": exact(row.created_at),
        "updated_at": exact(row.updated_at),
        "submitted_at": exact(row.submitted_at),
        "completed_at": exact(row.completed_at),
        "track_ids": whole.track_ids,
        "metadata": row.release,
        "quote": row.quote,
        "deliveries": [_delivery(one) for one in whole.deliveries],
        "events": [_event(one) for one in whole.events],
    }


def _delivery(row: Any) -> dict[str, Any]:
    return {
        "platform": row.platform,
        "connector": row.connector,
        "status": row.status,
        "step": row.step,
        "external_id": row.external_id,
        "external_url": row.external_url,
        "problem": row.problem,
        "attempts": row.attempts,
        "next_attempt_at": exact(row.next_attempt_at),
        "streams": row.streams,
        "progress": row.progress,
        "paused_from": row.paused_from,
        "delivered_revision": row.delivered_revision,
        "journal": row.journal,
        "updated_at": exact(row.updated_at),
    }


def _event(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": exact(row.at),
        "platform": row.platform,
        "type": row.type,
        "status": row.status,
        "message": row.message,
        "details": row.details,
    }


def exact(moment: datetime | None) -> str | None:
    """RFC 3339 to the microsecond, as it is kept: answers say milliseconds, and would lose the rest."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def as_json(value: Any) -> str:
    """Short JSON in letters as they are; in ASCII where a text has what is no letter."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() or _is_unicode(text) else json.dumps(value, separators=(",", ":"))


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


class _Json:
    """One object, with a line for each distribution."""

    def __init__(self) -> None:
        self._lines: Iterator[bytes] = iter([b""])

    def head(self) -> bytes:
        return b'{"format":"%s","distributions":[\n' % EXPORT_FORMAT.encode()

    def piece(self, one: dict[str, Any]) -> bytes:
        return next(self._lines, b",\n") + as_json(one).encode()

    def foot(self) -> bytes:
        return b"\n]}\n"
