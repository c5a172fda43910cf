"""How much two pictures look alike, by the hashes that looking into them gives."""

from __future__ import annotations


def apart(one: str, other: str) -> int:
    """In how many of 64 bits two likenesses (`ImageFacts.likeness`, hex) differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
