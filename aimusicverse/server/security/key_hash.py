"""How an API key is kept: `bcrypt(base64(sha256(secret)))`, cost 10.

SHA-256 first because bcrypt reads only 72 bytes; base64 because it stops at a zero byte.
"""

from __future__ import annotations

import base64
import hashlib

import bcrypt

from aimusicverse.secret import Secret

COST = 10
#: A hash of the same cost that nothing matches.
DECOY = b"$2b$10$C6UzMDM.H6dfI/f/IKcEeO7ZLPTz9lGQ8eFcmkvtBdGgW4xGCCpqe"


def hashed(secret: Secret) -> bytes:
    """The hash to store. Takes about 0.1 s on purpose."""
    return bcrypt.hashpw(_digest(secret), bcrypt.gensalt(COST))


def matches(secret: Secret, stored: bytes) -> bool:
    """Whether `secret` is the one behind `stored`. Takes about 0.1 s on purpose."""
    return bcrypt.checkpw(_digest(secret), stored)


def _digest(secret: Secret) -> bytes:
    return base64.b64encode(hashlib.sha256(secret.get_secret_value().encode()).digest())
