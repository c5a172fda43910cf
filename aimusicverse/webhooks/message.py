"""The message of an event as this server sends it: its bytes, its headers, and what it is given time for.

The same wherever it is made: by the server, and by `amv webhooks listen` on a developer's machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from aimusicverse._version import __version__
from aimusicverse.types.base import rfc3339
from aimusicverse.webhooks.signature import sign

if TYPE_CHECKING:
    from aimusicverse.webhooks.keys import Secrets

#: Receivers refuse what is too large, and so nothing larger is sent.
LARGEST: Final = 256 * 1024
_LONGEST_ID: Final = 100
#: From the look-up of the receiver's address to the end of his answer.
DEADLINE_SECONDS: Final = 15.0
#: Bytes of an answer that are read, and of its body that are kept.
READ_BYTES: Final = 64_000
KEPT_BYTES: Final = 20_000
#: Seconds between one try and the next, at first.
FAST: Final = (1, 2, 4, 8, 16)

_OWN: Final = {
    "Content-Type": "application/json",
    "User-Agent": f"aimusicverse/{__version__} (webhooks)",
}


def body_of(
    event_id: str, type: str, timestamp: datetime, data: dict[str, Any], *, test: bool = False
) -> bytes:
    """UTF-8 JSON: `type`, `timestamp`, `data`, and `test` where somebody only tries something out. The same
    bytes at each try, because an event does not change.

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


def headers_of(
    body: bytes,
    secrets: Secrets,
    *,
    event_id: str,
    timestamp: int,
    own: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """All headers of one try, but for those of the connection.

    Args:
        body: as `body_of` made it.
        secrets: the endpoint's; with several there is a signature of each.
        event_id: which is the message's id.
        timestamp: when this try is made, in unix seconds of real time.
        own: the endpoint's own headers.

    Raises:
        ConfigurationError: a secret cannot be one.
    """
    signed = sign(body, secrets, message_id=event_id, timestamp=timestamp)
    return {**_OWN, **(own or {}), **signed}


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_ID  # of a sample it may be anything


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
