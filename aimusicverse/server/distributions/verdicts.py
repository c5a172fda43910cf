"""What the rules say of a release on its way to some stores. Pure, and slow for 500 tracks with faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from aimusicverse.release.facts import AudioFacts, FileProblem, ImageFacts
from aimusicverse.release.targets import DISTRIBUTORS, STORES
from aimusicverse.release.validation import validate
from aimusicverse.types import ValidationReport
from aimusicverse.types.release import Release

#: Well-formed, and nobody's.
_SOMEBODY: Final = "PADPIDA2026112601R"


def with_parties(release: Release) -> Release:
    """The release as rules are asked of it: who sends it, and to whom, the account with the store says, which
    names what it lacks when it is used; stand-in stores want nobody's name.
    """
    parties = {
        "sender_dpid": release.sender_dpid or _SOMEBODY,
        "recipient_dpid": release.recipient_dpid or _SOMEBODY,
    }
    return release.model_copy(update=parties)


def judged(
    release: Release,
    platforms: Sequence[str],
    via: str | None,
    *,
    audio: Mapping[int, AudioFacts],
    image: ImageFacts | None,
    problems: Iterable[FileProblem],
    now: datetime,
) -> ValidationReport:
    """A report for each store that has rules, and for the distributor if he has.

    Args:
        release: complete.
        platforms: stores, like `spotify`.
        via: who brings it there.
        audio: of its tracks, by number.
        image: of its cover.
        problems: of files that could not be looked into.
        now: the moment by which dates are judged.
    """
    stores = [STORES[name] for name in platforms if name in STORES]
    return validate(
        with_parties(release),
        stores,
        DISTRIBUTORS.get(via or ""),
        audio=audio,
        image=image,
        problems=problems,
        now=now,
    )
