"""Text that only this server can read again: AES-256-GCM under a key derived from the master key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_NONCE = 12


class Sealer:
    """Seals and opens text. What is sealed for one purpose cannot be opened for another."""

    def __init__(self, master: bytes, purpose: str) -> None:
        self._key = hmac.digest(master, b"seal:" + purpose.encode(), hashlib.sha256)

    def seal(self, text: str) -> str:
        """Base64 of nonce and ciphertext."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # slow to import; first use pays

        nonce = secrets.token_bytes(_NONCE)
        return base64.b64encode(nonce + AESGCM(self._key).encrypt(nonce, text.encode(), None)).decode()

    def open(self, sealed: str) -> str | None:
        """The text again; `None` when it was sealed under another key, or changed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        raw = base64.b64decode(sealed)
        try:
            return AESGCM(self._key).decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
        except InvalidTag:
            return None
