"""What stores would say of a picture, in one line each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aimusicverse.types.artwork import ArtworkCheck

#: Whom a server asks.
ASKED = ("spotify", "apple_music", "soundcloud", "distrokid")


def line(check: ArtworkCheck) -> str:
    """`error C-SQUARE (spotify, distrokid): … Crop it.`"""
    return f"{check.severity} {check.rule} ({', '.join(check.targets)}): {check.message} {check.fix}"


def all_well(targets: Sequence[str]) -> str:
    """Nothing was said."""
    return f"no rule of {', '.join(targets)} speaks against it"


def lines(checks: Sequence[ArtworkCheck] | None) -> list[str]:
    """What a server tells of an artwork; none: nobody looked."""
    if checks is None:
        return []
    return [line(check) for check in checks] or [all_well(ASKED)]
