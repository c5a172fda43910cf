"""What was released before, as far as a new release is judged by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Earlier:
    """A release of the same catalogue.

    Args:
        title: by which a person knows it.
        upc: UPC or EAN; `None`: it had none.
        recordings: SHA-256 of the decoded samples by ISRC (`AudioFacts.pcm_sha256`), where both are known.
        cover: likeness of its cover (`ImageFacts.likeness`); `None`: not known.
    """

    title: str
    upc: str | None = None
    recordings: Mapping[str, str] = field(default_factory=dict)
    cover: str | None = None
