"""How an API key looks: `amv_<mode>_<id>_<secret>`, base62, the secret ending in a CRC-32.

The checksum lets junk be refused before any database or bcrypt work, and lets scanners tell a real
key from a random word. It protects against typing errors only.
"""

from __future__ import annotations

import re
import secrets
import zlib
from dataclasses import dataclass
from typing import Literal

from aimusicverse.secret import Secret
from aimusicverse.server.ids import base62

Mode = Literal["live", "test"]
_SECRET_WIDTH, _CHECK_WIDTH = 43, 6  # 32 bytes and 32 bits in base62
_FORM = re.compile(rf"amv_(live|test)_([0-9A-Za-z]{{1,40}})_([0-9A-Za-z]{{{_SECRET_WIDTH + _CHECK_WIDTH}}})")


@dataclass(frozen=True, slots=True)
class ParsedKey:
    """A key whose form and checksum are right."""

    mode: str
    id: str
    secret: Secret


def mint(key_id: str, mode: Mode) -> tuple[Secret, Secret]:
    """A new key for the row `key_id` (`key_…`): the whole key, and its secret part."""
    name = key_id.removeprefix("key_")
    body = base62(int.from_bytes(secrets.token_bytes(32), "big"), _SECRET_WIDTH)
    secret = body + _checksum(mode, name, body)
    return Secret(f"amv_{mode}_{name}_{secret}"), Secret(secret)


def mode_of(text: str) -> Mode:
    """A mode as it is stored, or as it was asked for."""
    return "live" if text == "live" else "test"


def parse(text: str) -> ParsedKey | None:
    """The parts of a key, or `None` when it cannot be one."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    mode, name, secret = match.groups()
    body, check = secret[:_SECRET_WIDTH], secret[_SECRET_WIDTH:]
    if check != _checksum(mode, name, body):
        return None
    return ParsedKey(mode, f"key_{name}", Secret(secret))


def _checksum(mode: str, name: str, body: str) -> str:
    return base62(zlib.crc32(f"{mode}_{name}_{body}".encode()), _CHECK_WIDTH)
