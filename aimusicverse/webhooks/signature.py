"""Messages signed and judged: Standard Webhooks 1.0.0, symmetric signatures (`v1`).

What is signed is `id.timestamp.body`, by HMAC-SHA256. Signatures are compared as text, so each has exactly
one spelling. All keys are held against all signatures, in the same time whichever fits.
"""

from __future__ import annotations

import time
from binascii import b2a_base64
from hmac import compare_digest

from aimusicverse.errors import WebhookVerificationError
from aimusicverse.webhooks.headers import of_message
from aimusicverse.webhooks.keys import keys_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from aimusicverse.types.webhook_event import WebhookEvent
    from aimusicverse.webhooks.headers import Headers
    from aimusicverse.webhooks.keys import Key, Secrets

#: Seconds by which a message may be older or newer than now; the standard's libraries have the same.
TOLERANCE = 300
#: While a secret is rotated there are two. Whoever sends more wants to keep us busy.
MOST_SIGNATURES = 32
_LONGEST_ID = 256
_BYTES = (bytes, bytearray, memoryview)
#: More digits than a time has in microseconds.
_LONGEST_TIMESTAMP = 18
_NO_TIMESTAMP = "The message's timestamp is not a whole number of seconds."
_ID_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


def verify(
    body: bytes,
    headers: Headers,
    secrets: Secrets,
    *,
    tolerance: float = TOLERANCE,
    now: float | None = None,
) -> str:
    """Judge a message. Headers are judged before the body is touched.

    Args:
        body: the raw bytes, as they came. Text that was parsed and written again is another message.
        headers: any mapping, or pairs; names in any case. Twice the same name is refused.
        secrets: the endpoint's, `whsec_…`; or several, while one replaces the other.
        tolerance: seconds by which it may be older or newer than `now`, inclusive.
        now: unix seconds; the present, unless a message was kept.

    Returns:
        The message's id. It is the same each time that the sender tries again: what was seen under it
        before is to be done no second time.

    Raises:
        WebhookVerificationError: it is not to be trusted; `reason` says why: `missing_header`,
            `duplicate_header`, `malformed_header`, `malformed_id`, `malformed_timestamp`, `too_old`,
            `too_new`, `too_many_signatures`, `no_known_signature`, `wrong_signature`, `body_not_bytes`.
        ConfigurationError: a secret cannot be one; no message was judged.
    """
    return _judge(body, headers, keys_of(secrets), tolerance, now)


def unwrap(
    body: bytes,
    headers: Headers,
    secrets: Secrets,
    *,
    tolerance: float = TOLERANCE,
    now: float | None = None,
) -> WebhookEvent:
    """Judge a message, and read the event that it carries. One of a type that is new is kept as it is.

    Args:
        body: as for `verify`.
        headers: as for `verify`.
        secrets: as for `verify`.
        tolerance: as for `verify`.
        now: as for `verify`.

    Returns:
        The event. Its `id` is the message's.

    Raises:
        WebhookVerificationError: as for `verify`; or `malformed_event`: it is signed, and no event.
        ConfigurationError: a secret cannot be one; no message was judged.
    """
    return _event(verify(body, headers, secrets, tolerance=tolerance, now=now), body)


def sign(
    body: bytes, secrets: Secrets, *, message_id: str, timestamp: int | datetime | None = None
) -> dict[str, str]:
    """The headers that make a message of `body`.

    Args:
        body: the bytes that will be sent.
        secrets: the endpoint's; with several there is a signature of each.
        message_id: the same for each attempt: letters, digits, `_` and `-`.
        timestamp: when this attempt is made: unix seconds, or a time with a zone; now, if it is left out.

    Returns:
        `webhook-id`, `webhook-timestamp` and `webhook-signature`.

    Raises:
        ConfigurationError: a secret cannot be one.
        ValueError: the id or the timestamp cannot be one.
        TypeError: the body is not bytes.
    """
    return _sign(body, keys_of(secrets), message_id, timestamp)


class Webhook:
    """An endpoint's secrets, read once: for whoever judges many messages."""

    __slots__ = ("_keys", "tolerance")

    def __init__(self, secrets: Secrets, *, tolerance: float = TOLERANCE) -> None:
        """Read the secrets.

        Args:
            secrets: the endpoint's, `whsec_…`; or several, while one replaces the other.
            tolerance: seconds by which a message may be older or newer than now, inclusive.

        Raises:
            ConfigurationError: one cannot be one.
        """
        self._keys = keys_of(secrets)
        self.tolerance = tolerance

    def __repr__(self) -> str:
        return f"Webhook(secrets={len(self._keys)}, tolerance={self.tolerance})"

    def verify(self, body: bytes, headers: Headers, *, now: float | None = None) -> str:
        """As `verify` does."""
        return _judge(body, headers, self._keys, self.tolerance, now)

    def unwrap(self, body: bytes, headers: Headers, *, now: float | None = None) -> WebhookEvent:
        """As `unwrap` does."""
        return _event(_judge(body, headers, self._keys, self.tolerance, now), body)

    def sign(
        self, body: bytes, *, message_id: str, timestamp: int | datetime | None = None
    ) -> dict[str, str]:
        """As `sign` does."""
        return _sign(body, self._keys, message_id, timestamp)


def _judge(body: bytes, headers: Headers, keys: tuple[Key, ...], tolerance: float, now: float | None) -> str:
    message_id, timestamp, signature = of_message(headers)
    start = f"{message_id}.{timestamp}.".encode()
    if start.translate(None, _ID_BYTES) != b".." or not 0 < len(message_id) <= _LONGEST_ID:
        if not _is_id(message_id):
            raise _refused("malformed_id", "The message's id is not letters, digits, _ and -.")
        raise _refused("malformed_timestamp", _NO_TIMESTAMP)
    # `isdigit` is true of more than ten digits, but the header is ASCII by now.
    if not timestamp.isdigit() or len(timestamp) > _LONGEST_TIMESTAMP or timestamp[0] == "0" != timestamp:
        raise _refused("malformed_timestamp", _NO_TIMESTAMP)
    ahead = int(timestamp) - (time.time() if now is None else now)
    if not -tolerance <= ahead <= tolerance:
        if ahead > 0:
            raise _refused("too_new", f"The message is from the future, by more than {tolerance:g} s.")
        raise _refused("too_old", f"The message is older than {tolerance:g} s.")
    if not signature.startswith("v1,") and " v1," not in signature:
        raise _refused("no_known_signature", "No signature is of the version v1.")
    tokens = signature.split(" ", MOST_SIGNATURES)
    if len(tokens) > MOST_SIGNATURES:
        raise _refused("too_many_signatures", f"There are more than {MOST_SIGNATURES} signatures.")
    if not isinstance(body, _BYTES):
        raise _refused(
            "body_not_bytes", f"The body is {type(body).__name__}: the bytes are wanted as they came."
        )
    fits = False
    for key in keys:
        expected = signature_of(key, start, body)
        for token in tokens:
            fits |= compare_digest(token, expected)
    if not fits:
        raise _refused(
            "wrong_signature",
            "No signature fits: another secret, or another body than the one that was sent.",
        )
    return message_id


def _sign(
    body: bytes, keys: tuple[Key, ...], message_id: str, timestamp: int | datetime | None
) -> dict[str, str]:
    if not isinstance(body, _BYTES):
        raise TypeError(f"a body to be signed is bytes, not {type(body).__name__}")
    if not _is_id(message_id):
        raise ValueError(f"a message's id has letters, digits, _ and -, up to {_LONGEST_ID} of them")
    seconds = str(_unix_seconds(timestamp))
    start = f"{message_id}.{seconds}.".encode()
    signatures = (signature_of(key, start, body) for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(signatures),
    }


def signature_of(key: Key, start: bytes, body: bytes) -> str:
    """With its version, as it stands in the header."""
    return "v1," + b2a_base64(key.digest(start, body), newline=False).decode()


def _is_id(text: str) -> bool:
    return type(text) is str and 0 < len(text) <= _LONGEST_ID and not text.encode().translate(None, _ID_BYTES)


def _unix_seconds(timestamp: int | datetime | None) -> int:
    if timestamp is None:
        return int(time.time())
    if isinstance(timestamp, int) and not isinstance(timestamp, bool):
        if timestamp < 0:
            raise ValueError("a message's timestamp is not before 1970")
        return timestamp
    if getattr(timestamp, "tzinfo", None) is None or timestamp.utcoffset() is None:  # type: ignore[union-attr]
        raise ValueError("a message's timestamp is whole unix seconds, or a time with a zone")
    return int(timestamp.timestamp())  # type: ignore[union-attr]


def _event(message_id: str, body: bytes) -> WebhookEvent:
    from aimusicverse.types.webhook_event import read

    return read(message_id, bytes(body))


def _refused(reason: str, message: str) -> WebhookVerificationError:
    return WebhookVerificationError(message, reason=reason)
