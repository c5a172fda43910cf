"""By what Apple knows a release: vendor id, UPC and ISRCs. They never change once it has taken one."""

from __future__ import annotations

from typing import Any

from aimusicverse.platforms.base import DeliveryError, Journal
from aimusicverse.platforms.store_problems import general
from aimusicverse.release import identifiers
from aimusicverse.types.release import Release


def identifiers_of(release: Release) -> dict[str, Any]:
    """UPC and ISRCs, as they are told."""
    return {
        "upc": identifiers.plain(release.upc or ""),
        "isrcs": [identifiers.plain_isrc(track.isrc or "") for track in release.tracks],
    }


def require_the_same(journal: Journal, vendor: str, release: Release) -> None:
    """See that what a release is known by is what it was when it was delivered.

    Raises:
        DeliveryError: `identifiers_are_fixed`.
    """
    known, now = journal.known, identifiers_of(release)
    if "identifiers" not in known or known.get("refused"):
        return
    before = known["identifiers"]
    if known["vendor_id"] != vendor:
        field, was = "vendor_id", known["vendor_id"]
    elif before["upc"] != now["upc"]:
        field, was = "upc", before["upc"]
    elif len(before["isrcs"]) != len(now["isrcs"]):
        field, was = "tracks", f"{len(before['isrcs'])} tracks"
    else:
        both = enumerate(zip(before["isrcs"], now["isrcs"], strict=True))
        changed = [(place, old) for place, (old, new) in both if old != new]
        if not changed:
            return
        field, was = f"tracks[{changed[0][0]}].isrc", changed[0][1]
    raise DeliveryError(
        general("identifiers_are_fixed", f"Apple was told {was!r}, and that never changes.", field=field)
    )
