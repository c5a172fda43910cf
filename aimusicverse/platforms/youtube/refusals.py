"""What YouTube says no to, and what to do about it.

Its errors have a status of HTTP and a reason, which is what counts:
developers.google.com/youtube/v3/docs/errors, and the page of each method.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aimusicverse.platforms.answer import Answer, store_incomprehensible
from aimusicverse.platforms.base import DeliveryError, StoreProblem
from aimusicverse.platforms.store_problems import general
from aimusicverse.platforms.youtube.codes import NO_CHANNEL, UPLOAD_LIMIT

#: Where a day of its quotas begins and ends.
PACIFIC: Final = ZoneInfo("America/Los_Angeles")
_UPLOAD_LIMIT_LASTS: Final = timedelta(days=1)  # not documented; people report 24 hours
_SOON: Final = timedelta(seconds=30)
_QUOTA: Final = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_FAST: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "uploadRateLimitExceeded"})
_NOT_ALLOWED: Final = frozenset(
    {"insufficientPermissions", "forbidden", "forbiddenPrivacySetting", "forbiddenLicenseSetting",
     "accessNotConfigured", "authorizationRequired", "channelForbidden", "playlistForbidden"}
)  # fmt: skip
_NO_CHANNEL: Final = frozenset({"youtubeSignupRequired", "channelNotFound", "channelClosed"})
#: The field of a time that YouTube does not take.
PUBLISH_AT: Final = "youtube.publish_at"
#: Reasons that are about a value of the release.
_FIELDS: Final = {
    "invalidTitle": "youtube.title",
    "invalidDescription": "youtube.description",
    "invalidTags": "youtube.tags",
    "invalidPublishAt": PUBLISH_AT,
    "invalidVideoMetadata": None,
    "invalidCategoryId": None,
    "mediaBodyRequired": None,
    "invalidFilename": None,
}


def midnight_pacific(now: datetime) -> datetime:
    """The next one, UTC. On two days of the year it is 23 or 25 hours after the last.

    Args:
        now: with a zone.
    """
    tomorrow = now.astimezone(PACIFIC).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=PACIFIC).astimezone(UTC)


def reason_of(answer: Answer) -> str:
    """Google's word for it; empty: there is none."""
    try:
        error = json.loads(answer.content)["error"]
        reason = error["errors"][0]["reason"]
    except (ValueError, RecursionError, KeyError, IndexError, TypeError):
        return ""
    return reason if isinstance(reason, str) else ""


def refusal(answer: Answer, now: datetime, index: int | None = None) -> DeliveryError:
    """An answer of 4xx as what to do about it.

    Args:
        answer: as it came.
        now: server time.
        index: of the track that it is about.
    """
    reason = reason_of(answer)
    said = answer.words() or f"it answered {answer.status}"
    if reason in _QUOTA:
        until = midnight_pacific(now)
        message = (
            "The day's uploads of this server's app are used up; there are new ones at midnight Pacific."
        )
        return DeliveryError(general("quota_used_up", message), retry_at=until)
    if reason == "uploadLimitExceeded":
        return DeliveryError(UPLOAD_LIMIT.problem(), retry_after=_UPLOAD_LIMIT_LASTS)
    if reason in _TOO_FAST:
        return DeliveryError(general("store_busy", f"YouTube asks us to wait: {said}"), retry_after=_SOON)
    if reason in _NO_CHANNEL:
        return DeliveryError(NO_CHANNEL.problem())
    if reason in _FIELDS:
        field = _FIELDS[reason]
        if reason == "invalidTitle" and index is not None:
            field = f"tracks[{index}].title"
        return DeliveryError(
            general("store_refused", f"YouTube does not take it ({reason}): {said}", field=field)
        )
    if reason in _NOT_ALLOWED or answer.status == 403:
        return DeliveryError(general("account_not_allowed", f"YouTube does not let us do it: {said}"))
    if answer.status == 400:
        return DeliveryError(general("store_refused", f"YouTube does not take it: {said}"))
    return DeliveryError(_unreadable(answer))


def _unreadable(answer: Answer) -> StoreProblem:
    return store_incomprehensible("YouTube", answer)
