"""The messages that a receiver is tried out with, made anew each time by whoever knows its secret."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from aimusicverse.webhooks.keys import Key, keys_of
from aimusicverse.webhooks.signature import signature_of

if TYPE_CHECKING:
    from aimusicverse.secret import Secret

#: More than many receivers take (1 MB in nginx, 2.5 MB in Django), and little enough to send.
OVERSIZED = 5 * 2**20

#: `usual`: compact JSON, as most senders write it. `spaced`: the same event, in bytes that no library writes.
#: `flipped`: one byte of `usual` is another. `unknown_type`: of an event that nobody knows.
BodyKind = Literal["usual", "spaced", "flipped", "unknown_type", "oversized", "not_utf8", "empty"]


@dataclass(frozen=True, slots=True)
class Message:
    """One request, ready to send.

    Attributes:
        headers: those that belong to the message; names as they are to be written.
        body: its bytes.
        seconds: over how long the body is to be spread.
    """

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """In what messages differ from a genuine one.

    Attributes:
        body: what is signed.
        body_sent: what is sent in its place; None: what was signed.
        key: by which it is signed: the endpoint's own, another's, or one without a byte.
        timestamp: which is signed: seconds from now, or a text in its place.
        timestamp_sent: which is sent in its place, in seconds from now; None: what was signed.
        headers: `id`, `timestamp`, `signature` → what is put there after signing; None leaves the header out.
        version: of the signature.
        version_before: of a signature by nobody's key that stands before it; None: there is none.
        capitals: the names of the headers are written so.
        slowly: the body is sent in small pieces.
        times: how often the same message is sent.
    """

    body: BodyKind = "usual"
    body_sent: BodyKind | None = None
    key: Literal["own", "other", "empty"] = "own"
    timestamp: int | str = 0
    timestamp_sent: int | None = None
    headers: Mapping[str, bytes | None] = field(default_factory=dict)
    version: str = "v1"
    version_before: str | None = None
    capitals: bool = False
    slowly: bool = False
    times: int = 1


class Sender:
    """Who signs messages for an endpoint, and forges them."""

    def __init__(self, secret: Secret, *, event: str, data: Any, now: int, slow_seconds: float = 2.0) -> None:
        """Set what its messages are like.

        Args:
            secret: the endpoint's.
            event: the type of its events.
            data: what they carry; anything that JSON can hold.
            now: unix seconds.
            slow_seconds: how long a body takes that is sent slowly.
        """
        self._key = keys_of(secret)[0]
        self._event = event
        self._data = data
        self._now = now
        self._slow_seconds = slow_seconds

    def messages(self, recipe: Recipe) -> tuple[Message, ...]:
        """What is sent, in order."""
        body = self._body(recipe.body)
        message_id = f"msg_{os.urandom(12).hex()}"
        stamp = self._stamp(recipe.timestamp)
        signature = signature_of(self._signing_key(recipe), f"{message_id}.{stamp}.".encode(), body)
        signature = signature.replace("v1,", f"{recipe.version},", 1)
        if recipe.version_before is not None:
            signature = f"{recipe.version_before},{b64encode(os.urandom(32)).decode()} {signature}"
        sent_stamp = stamp if recipe.timestamp_sent is None else self._stamp(recipe.timestamp_sent)
        values: dict[str, bytes | None] = {
            "id": message_id.encode(),
            "timestamp": sent_stamp.encode(),
            "signature": signature.encode(),
            **recipe.headers,
        }
        message = Message(
            tuple(
                (_name(part, recipe.capitals), value) for part, value in values.items() if value is not None
            ),
            body if recipe.body_sent is None else self._body(recipe.body_sent),
            self._slow_seconds if recipe.slowly else 0.0,
        )
        return (message,) * recipe.times

    def _stamp(self, timestamp: int | str) -> str:
        return timestamp if isinstance(timestamp, str) else str(self._now + timestamp)

    def _signing_key(self, recipe: Recipe) -> Key:
        if recipe.key == "own":
            return self._key
        return Key(os.urandom(32) if recipe.key == "other" else b"")

    def _body(self, kind: BodyKind) -> bytes:
        match kind:
            case "spaced":
                return self._spaced()
            case "flipped":
                return self._usual().replace(b'"timestamp":"2', b'"timestamp":"3', 1)
            case "unknown_type":
                return self._usual(type=f"check.unknown_{os.urandom(4).hex()}")
            case "oversized":
                return self._usual(data={"filler": "a" * OVERSIZED})
            case "not_utf8":
                return self._usual(data={"text": "?"}).replace(b'"?"', b'"\xff\xfe\xc3("', 1)
            case "empty":
                return b""
            case _:
                return self._usual()

    def _fields(self) -> dict[str, Any]:
        time = datetime.fromtimestamp(self._now, UTC).isoformat().replace("+00:00", "Z")
        return {"type": self._event, "timestamp": time, "data": self._data}

    def _usual(self, **changed: Any) -> bytes:
        return json.dumps(self._fields() | changed, separators=(",", ":"), ensure_ascii=False).encode()

    def _spaced(self) -> bytes:
        lines = (
            f"{json.dumps(name)} : {json.dumps(value, indent=3)}" for name, value in self._fields().items()
        )
        return ("{\r\n\t" + " ,\n".join(lines) + "}\r\n ").encode()


def _name(part: str, capitals: bool) -> bytes:
    name = f"webhook-{part}".encode()
    return name.upper() if capitals else name
