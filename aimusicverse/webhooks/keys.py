"""Signing keys out of the secrets that a person has."""

from __future__ import annotations

import os
from binascii import a2b_base64, b2a_base64
from hashlib import sha256

from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    #: Text (`whsec_` and base64, or base64 alone), or the key's own bytes.
    OneSecret = str | bytes | Secret
    Secrets = OneSecret | Iterable[OneSecret]

PREFIX = "whsec_"
#: Of a secret that is minted here.
_BYTES = 32
#: Standard Webhooks, "Signature scheme": between 24 bytes (192 bits) and 64 bytes (512 bits).
SHORTEST, LONGEST = 24, 64
#: Keys of the asymmetric scheme. A public one is known to everybody: who took it for an HMAC key would
#: believe whatever anybody signs with it.
_ASYMMETRIC = {"whsk_": "a private key", "whpk_": "a public key"}
_ADVICE = "It must be `whsec_` and base64 of 24 to 64 bytes, as it was shown when the endpoint was made."

_BLOCK = 64  # bytes, of SHA-256
_INNER, _OUTER = bytes(byte ^ 0x36 for byte in range(256)), bytes(byte ^ 0x5C for byte in range(256))


class Key:
    """HMAC-SHA256 under one key (RFC 2104), whose two pads are hashed once for all messages (section 4)."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        padded = key.ljust(_BLOCK, b"\0")  # none is longer than a block
        self._inner = sha256(padded.translate(_INNER))
        self._outer = sha256(padded.translate(_OUTER))

    def signature(self, start: bytes, body: bytes) -> str:
        """That of `start` and `body`, of which none is copied; with its version, as in the header."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(start)
        inner.update(body)
        outer.update(inner.digest())
        return "v1," + b2a_base64(outer.digest(), newline=False).decode()


def new_secret() -> Secret:
    """A secret that nobody has yet: `whsec_` and base64 of 32 random bytes."""
    return Secret(PREFIX + b2a_base64(os.urandom(_BYTES), newline=False).decode())


#: Text → its key, read once: who judges messages has few secrets, and meets them again with each message.
READ: dict[str, tuple[Key]] = {}
_MOST_READ = 256


def keys_of(secrets: Secrets) -> tuple[Key, ...]:
    """The keys of one secret, or of several while one replaces the other.

    Raises:
        ConfigurationError: there is none, or one that cannot be one. It is not shown.
    """
    if isinstance(secrets, str | bytes | Secret):
        return (_key_of(secrets),)
    try:
        keys = tuple(map(_key_of, secrets))
    except TypeError:
        raise ConfigurationError(f"A webhook secret is {type(secrets).__name__}. {_ADVICE}") from None
    if not keys:
        raise ConfigurationError("There is no webhook secret, so no message can be judged.")
    return keys


def _key_of(secret: OneSecret) -> Key:
    if isinstance(secret, Secret):
        secret = secret.get_secret_value()
    if isinstance(secret, str):
        read = READ.get(secret)
        if read is None:
            read = (Key(_decode(secret)),)
            if len(READ) >= _MOST_READ:
                READ.clear()
            READ[secret] = read
        return read[0]
    if not isinstance(secret, bytes):
        raise ConfigurationError(f"A webhook secret is {type(secret).__name__}. {_ADVICE}")
    if secret.startswith((b"whsec_", b"whsk_", b"whpk_")):
        raise ConfigurationError("A webhook secret with a prefix is given as text; bytes are the key itself.")
    return Key(_of_right_length(secret))


def _decode(secret: str) -> bytes:
    for prefix, what in _ASYMMETRIC.items():
        if secret.startswith(prefix):
            raise ConfigurationError(
                f"A webhook secret begins with {prefix}, so it is {what} of the asymmetric scheme, which is "
                f"not understood here, and never an HMAC key. {_ADVICE}"
            )
    text = secret.removeprefix(PREFIX)
    if not text:
        raise ConfigurationError(f"A webhook secret is empty. {_ADVICE}")
    try:
        key = a2b_base64(text.encode("ascii"), strict_mode=True)
    except ValueError:  # UnicodeEncodeError and binascii.Error among them
        raise ConfigurationError(f"A webhook secret is not base64. {_ADVICE}") from None
    if b2a_base64(key, newline=False).decode() != text:
        raise ConfigurationError(f"A webhook secret is not canonical base64. {_ADVICE}")
    return _of_right_length(key)


def _of_right_length(key: bytes) -> bytes:
    if not SHORTEST <= len(key) <= LONGEST:
        raise ConfigurationError(f"A webhook secret has {len(key)} bytes. {_ADVICE}")
    return key
