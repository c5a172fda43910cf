"""The bytes of a message: the same at each of its tries, because an event does not change."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from aimusicverse.types.base import rfc3339

#: Receivers refuse what is too large, and so nothing larger is sent.
LARGEST: Final = 256 * 1024


def of_event(
    event_id: str, type: str, timestamp: datetime, data: dict[str, Any], *, test: bool = False
) -> bytes:
    """UTF-8 JSON: `type`, `timestamp`, `data`, and `test` where somebody only tries something out.

    Of an object that is too large for a message there is only `id` and `truncated`: whoever gets it asks for
    the event, whose id the message has.
    """
    told: dict[str, Any] = {"type": type, "timestamp": rfc3339(timestamp), "data": data}
    if test:
        told["test"] = True
    body = _json(told)
    if len(body) > LARGEST:
        short = {"id": data.get("id"), "truncated": True, "event_id": event_id}
        body = _json({**told, "data": short})
    return body


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
