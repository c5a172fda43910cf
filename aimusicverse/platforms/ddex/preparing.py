"""The release as its message tells it to this receiver: parties, dates, and what the receiver has already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from aimusicverse.platforms.base import Mode
from aimusicverse.platforms.ddex.settings import party, text
from aimusicverse.release.ern.version import VersionName
from aimusicverse.types.release import Delivered, Release

#: As which ERN a receiver takes its messages.
VERSIONS: Final[dict[str, VersionName]] = {"spotify": "4.3.2", "ddex": "4.3.2", "ddex_43": "4.3"}
#: Spotify's DDEX party id, as it is seen in public code; its onboarding tells it.
_RECIPIENTS: Final = {"spotify": ("PADPIDA2011072101T", "Spotify")}
#: Parties of the sandbox, for who has none: well-formed, and nobody's.
_SANDBOX_SENDER: Final = "PADPIDA2026112601R"
_SANDBOX_RECIPIENT: Final = "PADPIDA2026112602P"
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def prepared(
    release: Release,
    *,
    platform: str,
    mode: Mode,
    settings: Mapping[str, Any],
    begins: datetime,
    delivered: Delivered | None,
) -> Release:
    """The release as its message is written of it.

    Args:
        release: complete.
        platform: `spotify`, `ddex` or `ddex_43`.
        mode: in `sandbox` messages are tests, and parties may be missing.
        settings: of the account; they go before what the release says, which may be meant for another store.
        begins: from when people may hear it.
        delivered: what the receiver has; `None`: what the release says.

    Raises:
        DeliveryError: a party that is none.
    """
    stand_in = mode == "sandbox"
    sender = party(settings, "sender_dpid", release.sender_dpid)
    known = _RECIPIENTS.get(platform)
    recipient = party(settings, "recipient_dpid", known[0] if known else release.recipient_dpid)
    changes: dict[str, Any] = {
        "sender_dpid": sender or (_SANDBOX_SENDER if stand_in else None),
        "recipient_dpid": recipient or (_SANDBOX_RECIPIENT if stand_in else None),
        "live_message": release.live_message and not stand_in,
        "delivered": delivered or release.delivered,
        **_dates(release, begins),
    }
    return release.model_copy(update=changes)


def names_of_parties(platform: str, settings: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Of sender and recipient."""
    known = _RECIPIENTS.get(platform)
    recipient = text(settings, "recipient_name") or (known[1] if known else None)
    return text(settings, "sender_name") or None, recipient


def _dates(release: Release, begins: datetime) -> dict[str, Any]:
    """The deals begin at the moment that was asked for. A bare date that means midnight in each territory
    stays one: it says more than a moment does.
    """
    told = release.release_at
    if told is not None and release.time_zone is None and _DATE.fullmatch(told) and _is_day(told, begins):
        return {}
    changes: dict[str, Any] = {"release_at": begins.isoformat(), "as_soon_as_possible": False}
    if release.preorder_at is not None and _DATE.fullmatch(release.preorder_at):
        changes["preorder_at"] = f"{release.preorder_at}T00:00:00+00:00"
    return changes


def _is_day(told: str, begins: datetime) -> bool:
    """Whether a moment is within the day's first midnight on earth, UTC+14, and its last, UTC-12."""
    hours = (begins - datetime.fromisoformat(told).replace(tzinfo=UTC)).total_seconds() / 3600
    return -14 <= hours <= 12
