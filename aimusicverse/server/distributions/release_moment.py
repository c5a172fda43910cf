"""From when people may hear a release: one moment, told with its zone; never one that has to be guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from aimusicverse.release.moments import MomentError, UnknownZone, moment_of
from aimusicverse.server.problems import Refusal
from aimusicverse.types import FieldError
from aimusicverse.types.release import Release

_EXAMPLE: Final = "2026-12-04T00:00+09:00"


def asked_for(release: Release, release_at: str | None) -> tuple[Release, datetime | None]:
    """The release with its moment in it, and that moment in UTC; `None`: as soon as the stores are ready.

    Args:
        release: whose `release_at` and `time_zone` count where `release_at` is not given.
        release_at: as it was asked for beside it; `time_zone` of the release makes a moment of a time
            without a zone.

    Raises:
        Refusal: `invalid_request`: it is no date or time; nobody knows where it is meant; the clocks there
            skip it.
    """
    field, text = ("release_at", release_at) if release_at else ("metadata.release_at", release.release_at)
    if text is None:
        return release.model_copy(update={"as_soon_as_possible": True}), None
    try:
        at = moment_of(text, release.time_zone).at
    except UnknownZone as error:
        raise _unfit("metadata.time_zone", "zone_unknown", error.why, "Like Europe/Berlin.") from None
    except MomentError as error:
        hint = f"Write it as {error.instead or _EXAMPLE}."
        raise _unfit(field, "moment", f"{text[:60]!r}: {error.why}", hint) from None
    if at is None:
        raise _unfit(
            field,
            "zone_missing",
            f"{text} begins everywhere at another time: nobody can tell which is meant",
            "Add the zone (metadata.time_zone, like Europe/Berlin), or write a time with it.",
        )
    if isinstance(at.tzinfo, ZoneInfo) and _is_skipped(at):
        raise _unfit(
            field,
            "no_such_time",
            f"there is no {at:%H:%M} on that day in {at.tzinfo.key}: the clocks are put forward",
            "Say a time an hour later.",
        )
    moment = at.astimezone(UTC).replace(microsecond=0)
    update = {"release_at": text, "as_soon_as_possible": False} if release_at else {}
    return release.model_copy(update=update), moment


def _is_skipped(at: datetime) -> bool:
    there = at.astimezone(UTC).astimezone(at.tzinfo)
    return there.replace(tzinfo=None) != at.replace(tzinfo=None)


def _unfit(field: str, code: str, message: str, hint: str) -> Refusal:
    error = FieldError(field=field, code=code, message=message, hint=hint, example=_EXAMPLE)
    return Refusal("invalid_request", f"{field}: {message}", errors=[error])
