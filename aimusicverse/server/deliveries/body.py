"""The bytes of a message: the same at each of its tries, because an event does not change."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from aimusicverse.types.base import rfc3339

#: Receivers refuse what is too large, and so nothing larger is sent.
LARGEST: Final = 256 * 1024
_LONGEST_ID: Final = 100


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
        of = data.get("id")
        short = {"truncated": True, "event_id": event_id}
        body = _json({**told, "data": {"id": of if _is_id(of) else None, **short}})
    return body


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_ID  # of a sample it may be anything


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
