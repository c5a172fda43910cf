"""A release with the date that its delivery has: Apple is told a day, not a moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aimusicverse.platforms.base import Parcel
from aimusicverse.release.package_error import refuse
from aimusicverse.release.start_time import release_start
from aimusicverse.types.release import Release

#: A bare date begins at midnight in each territory, so its moment may be told a day earlier or later.
_SAME_DAY: Final = timedelta(hours=38)


def dated(parcel: Parcel) -> Release:
    """The parcel's release, out on the day of the parcel's moment, as its own zone counts days.

    Raises:
        CannotPackage: a date or zone that cannot be read.
    """
    release, at = parcel.release, parcel.release_at
    if at is None:
        return release if release.release_at else release.model_copy(update={"as_soon_as_possible": True})
    if release.release_at and _is_the_same(release_start(release, at), at):
        return release
    zoned = at.astimezone(_zone(release.time_zone)) if release.time_zone else at
    return release.model_copy(update={"release_at": zoned.isoformat(timespec="seconds"), "time_zone": None})


def _is_the_same(told: date | datetime, at: datetime) -> bool:
    if isinstance(told, datetime):
        return told == at.replace(microsecond=0)
    midnight = datetime(told.year, told.month, told.day, tzinfo=at.tzinfo)
    return abs(midnight - at) <= _SAME_DAY


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise refuse(
            "time_zone", f"there is no zone {name!r}.", "Write it as Europe/Berlin or America/New_York."
        ) from error
