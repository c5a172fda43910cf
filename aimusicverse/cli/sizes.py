"""Sizes of files for people."""

from __future__ import annotations


def size(count: int) -> str:
    """Bytes in the unit that suits them: `12 bytes`, `1.5 MiB`."""
    power = min(3, max(0, count.bit_length() - 1) // 10)
    return f"{count} bytes" if power == 0 else f"{count / 1024**power:.1f} {('KiB', 'MiB', 'GiB')[power - 1]}"
