"""Links that play without a key: an HMAC over track, owner, format and expiry, under the master key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from aimusicverse.server.problems import Refusal


class PlayLinks:
    """Signs and checks the play links of one server."""

    def __init__(self, master: bytes) -> None:
        self._key = hmac.digest(master, b"play-link", hashlib.sha256)

    def query(self, owner_id: str, track_id: str, format: str, expires_at: datetime) -> str:
        """The query string of a link. It names the owner's id, which is no secret, and holds no key."""
        expires = int(expires_at.timestamp())
        signature = self._sign(owner_id, track_id, format, expires)
        return f"format={format}&owner={owner_id}&expires={expires}&signature={signature}"

    def check(
        self,
        owner_id: str,
        track_id: str,
        format: str,
        expires: int,
        signature: str,
        now: datetime,
    ) -> None:
        """Raise `play_url_invalid` or `play_url_expired` unless the link is good."""
        expected = self._sign(owner_id, track_id, format, expires)
        if not hmac.compare_digest(signature.encode("utf-8", "surrogateescape"), expected.encode()):
            raise Refusal("play_url_invalid")
        # Signed, so the number is one that we once made, and fits.
        if datetime.fromtimestamp(expires, UTC) <= now:
            raise Refusal("play_url_expired")

    def _sign(self, owner_id: str, track_id: str, format: str, expires: int) -> str:
        text = "\0".join((owner_id, track_id, format, str(expires)))
        return (
            base64.urlsafe_b64encode(hmac.digest(self._key, text.encode(), hashlib.sha256))
            .decode()
            .rstrip("=")
        )


def expiry(now: datetime, seconds: int) -> datetime:
    """When a link ends, in whole seconds, never early."""
    end = now + timedelta(seconds=seconds)
    return end.replace(microsecond=0) + timedelta(seconds=1 if end.microsecond else 0)
