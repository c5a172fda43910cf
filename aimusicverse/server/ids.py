"""Identifiers: a prefix and a UUIDv7 (RFC 9562, section 5.7) in base62, so that they sort by time."""

from __future__ import annotations

import os
import random
import threading
import time

#: In ASCII order, so that text of equal width sorts as the numbers do.
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WIDTH = 22  # 62**22 > 2**128

_lock = threading.Lock()
#: Ids name things and are no secret: a generator seeded by the system once spares a system call for each.
_random = random.Random(os.urandom(32))  # noqa: S311
_last = 0


def base62(value: int, width: int = 1) -> str:
    """A non-negative integer in base62, padded to at least `width` digits."""
    digits = []
    while value:
        value, digit = divmod(value, 62)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits)).rjust(width, "0")


def _uuid7() -> int:
    """128 bits: milliseconds, version, a counter that keeps ids of one process in order, randomness."""
    global _last
    with _lock:
        # 12 bits below the millisecond count on when ids are made faster than the clock ticks
        tick = max(time.time_ns() * 4096 // 1_000_000, _last + 1)
        _last = tick
    milliseconds, fraction = tick >> 12, tick & 0xFFF
    noise = _random.getrandbits(62)
    return milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | noise


def new_id(prefix: str) -> str:
    """A new identifier, for example `gen_06DV0…`. Later ones of one process sort after earlier ones."""
    return f"{prefix}_{base62(_uuid7(), _WIDTH)}"
