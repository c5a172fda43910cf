"""Cursors: opaque, signed, and bound to their list and filters."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json

from aimusicverse.server.problems import Refusal

_SIGNATURE_BYTES = 12


class Cursors:
    """Signs and checks the cursors of one server."""

    def __init__(self, master: bytes) -> None:
        self._key = hmac.digest(master, b"cursor", hashlib.sha256)

    def issue(self, owner_id: str, list_name: str, filters: dict[str, object], last: str) -> str:
        """A cursor for what comes after the item `last`."""
        body = last.encode()
        return _text(self._sign(owner_id, list_name, filters, body) + body)

    def open(self, owner_id: str, list_name: str, filters: dict[str, object], cursor: str) -> str:
        """The item after which the page begins.

        Raises:
            Refusal: `cursor_invalid`: changed, or of another list, filter or owner.
        """
        try:
            raw = base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
            # The last letter has bits that decoding ignores; what was issued has one spelling.
            right = hmac.compare_digest(signature, self._sign(owner_id, list_name, filters, body))
            if not right or _text(raw) != cursor:
                raise Refusal("cursor_invalid")
            return body.decode()
        except (binascii.Error, UnicodeError):
            raise Refusal("cursor_invalid") from None

    def _sign(self, owner_id: str, list_name: str, filters: dict[str, object], body: bytes) -> bytes:
        scope = json.dumps([owner_id, list_name, filters], sort_keys=True).encode()
        return hmac.digest(self._key, scope + b"\0" + body, hashlib.sha256)[:_SIGNATURE_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
