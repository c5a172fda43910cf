"""When a release begins to be available: a date in each territory, or one moment everywhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from aimusicverse.release import moments
from aimusicverse.release.moments import MomentError, UnknownZone
from aimusicverse.release.package_error import refuse
from aimusicverse.types.release import Release

_FIX: Final = "Write it as 2027-01-08, or with a time and zone: 2027-01-08T00:00:00+01:00."


def day(text: str, field: str) -> date:
    """A date in ISO 8601's long form.

    Raises:
        CannotPackage: it is none.
    """
    try:
        return moments.day_of(text)
    except MomentError as error:
        raise refuse(
            field, f"{text!r} is no date: {error.why}.", f"Write it as {error.instead or '2027-01-08'}."
        ) from error


def moment(text: str, field: str, time_zone: str | None) -> date | datetime:
    """A date, which begins at 00:00 in each territory, or a moment with its zone.

    Args:
        text: ISO 8601.
        field: where it is from.
        time_zone: IANA name; it makes one moment of a date, and of a time that names no zone.

    Raises:
        CannotPackage: neither, no such zone, or a time of which nobody knows the zone.
    """
    try:
        read = moments.moment_of(text, time_zone)
    except UnknownZone as error:
        raise refuse(
            "time_zone", f"{error.why}.", "Write it as Europe/Berlin or America/New_York."
        ) from error
    except MomentError as error:
        fix = f"Write it as {error.instead}." if error.instead else _FIX
        raise refuse(field, f"{text!r} is no date or time: {error.why}.", fix) from error
    return read.day if read.at is None else read.at.replace(microsecond=0)


def release_start(release: Release, now: datetime) -> date | datetime:
    """When it comes out; `now` where that is as soon as possible.

    Raises:
        CannotPackage: no date, and not as soon as possible; or one that cannot be read.
    """
    if release.release_at is None:
        if release.as_soon_as_possible:
            return now.replace(microsecond=0)
        raise refuse("release_at", "there is no release date.", _FIX)
    return moment(release.release_at, "release_at", release.time_zone)


def preorder_start(release: Release, begins: date | datetime) -> date | datetime | None:
    """When it can be ordered, before it begins; of the same kind as `begins`.

    Raises:
        CannotPackage: one that cannot be read, or is not before the release.
    """
    if release.preorder_at is None:
        return None
    at = moment(release.preorder_at, "preorder_at", release.time_zone)
    if isinstance(at, datetime) is not isinstance(begins, datetime):
        raise refuse(
            "preorder_at",
            "it and `release_at` are of two kinds, a date and a time.",
            "Write both as dates, or both with time and zone.",
        )
    if at >= begins:
        raise refuse("preorder_at", f"{release.preorder_at} is not before the release.", "Make it earlier.")
    return at


def date_of(when: date | datetime) -> date:
    """The date of either."""
    return when.date() if isinstance(when, datetime) else when


def day_before(when: date) -> date:
    """The day before it."""
    return when - timedelta(days=1)
