"""The moment of a release: as somebody writes it, and told where he is as well as where he meant it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from aimusicverse.cli.errors import UsageProblem

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_ZONE = re.compile(r"(.*\d)\s+([A-Za-z][\w+/-]*)", re.ASCII)

ReleaseAt = Annotated[
    str | None,
    typer.Option(
        "--release-at",
        metavar="TIME",
        help='From when people may hear it: 2026-12-04T00:00+01:00, "2026-12-04 00:00 Asia/Tokyo", or '
        "2026-12-04, midnight here.",
    ),
]


def parsed(text: str, option: str = "--release-at") -> datetime:
    """The moment, in the zone in which it was given; without one it is meant where it is written.

    Args:
        text: as somebody wrote it.
        option: that it stands behind.

    Raises:
        UsageProblem: it is none, or has gone by.
    """
    from aimusicverse.release.moments import MomentError, UnknownZone, moment_of, zone_of

    plain = " ".join(text.split())
    zone: ZoneInfo | None = None
    try:
        if (named := _ZONE.fullmatch(plain)) and named[2] not in ("Z", "T"):
            plain, zone = named[1], zone_of(named[2])
        written = plain.replace(" ", "T", 1)
        # A time without a zone has the user's; with "UTC" only its form is judged.
        moment = moment_of(written, zone.key if zone else "UTC")
    except UnknownZone as error:
        raise UsageProblem(f"{option}: {error.why}", hint="Such as Europe/Berlin or Asia/Tokyo.") from None
    except MomentError as error:
        hint = f"Write {error.instead}." if error.instead else None
        raise UsageProblem(
            f"{option}: {error.why}", hint=hint or 'Such as 2026-12-04T00:00+01:00, or "2026-12-04 00:00".'
        ) from None
    at = moment.at
    assert at is not None  # noqa: S101 - with a zone every date is a moment
    if zone is None and not re.search(r"(Z|[+-]\d\d:\d\d)$", written.partition("T")[2]):
        at = at.replace(tzinfo=None).astimezone()
    if at <= datetime.now(UTC):
        raise UsageProblem(
            f"{option}: {told(at)} has gone by", hint="Leave it out: it is released as soon as it is ready."
        )
    return at


def told(time: datetime) -> str:
    """A moment for people: where it was given, and here, if that is another time of day.

    `Fri 2026-12-04 00:00 +09:00 (here Thu 2026-12-03 16:00 +01:00)`
    """
    here = time.astimezone()
    return _one(time) if time.utcoffset() == here.utcoffset() else f"{_one(time)} (here {_one(here)})"


def of_metadata(release_at: datetime | None, metadata: dict[str, object]) -> datetime | None:
    """The moment of a distribution, in the zone in which its release names it, if that is the same moment."""
    written = metadata.get("release_at")
    if release_at is None or not isinstance(written, str):
        return release_at
    try:
        given = datetime.fromisoformat(written)
    except ValueError:
        return release_at
    return given if given.tzinfo is not None and given == release_at else release_at


def _one(time: datetime) -> str:
    offset = time.strftime("%z")
    return f"{time:%a %Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"
