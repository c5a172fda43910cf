"""Dates and moments as people write them: ISO 8601, or told how to write it so.

A bare date is no moment: a store opens on it at midnight in each territory, from Kiribati (UTC+14) to
Baker Island (UTC-12). It becomes one moment everywhere with a zone.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

#: No recording is older than 1860, and no store takes a date so far ahead.
FIRST_YEAR: Final = 1860
LAST_YEAR: Final = 2199

_ISO: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?)?", re.ASCII
)
_LONGEST_ZONE_NAME: Final = 64
_ZONE_NAME: Final = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*", re.ASCII)
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})", re.ASCII)
_DAY_OR_MONTH_FIRST: Final = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4})", re.ASCII)
_WORDS: Final = re.compile(r"[^\W\d_]+|\d+")
_MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier enero gennaio janeiro",
            "february feb februar feber février febrero febbraio fevereiro",
            "march mar märz mars marzo março",
            "april apr avril abril aprile",
            "may mai mayo maggio maio",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet julio luglio julho",
            "august aug août agosto",
            "september sep sept septembre septiembre settembre setembro",
            "october oct oktober okt octobre octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "december dec dezember dez décembre diciembre dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}
_HOW: Final = "year, month and day with hyphens, like 2027-01-08"


class MomentError(ValueError):
    """A text is no date or moment.

    Attributes:
        why: what is wrong with it, for people.
        instead: how what is meant is written, where that is beyond doubt.
    """

    def __init__(self, why: str, instead: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.instead = instead


class UnknownZone(MomentError):
    """A text is no name of a time zone."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is to be.

    Args:
        day: the date as written (of a moment: where its zone is).
        at: the moment, with a zone; `None` for a bare date, which begins everywhere at another time.
    """

    day: date
    at: datetime | None = None

    def is_past(self, now: datetime) -> bool:
        """Whether it has gone by; a bare date only when it is over everywhere.

        Args:
            now: with a zone.
        """
        if self.at is not None:
            return self.at < now
        return self.day < now.astimezone(timezone(timedelta(hours=-12))).date()

    def days_after(self, now: datetime) -> float:
        """How many days are left until then; a bare date counts from the present date in UTC.

        Args:
            now: with a zone.
        """
        if self.at is not None:
            return (self.at - now) / timedelta(days=1)
        return float((self.day - now.astimezone(UTC).date()).days)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name (IANA, `Europe/Berlin`).

    Raises:
        UnknownZone: there is none.
    """
    zone = _known_zone(name) if len(name) <= _LONGEST_ZONE_NAME and _ZONE_NAME.fullmatch(name) else None
    if zone is None:
        raise UnknownZone(f"no time zone is called {name!r}")
    return zone


@functools.lru_cache(maxsize=1024)
def _known_zone(name: str) -> ZoneInfo | None:
    """Looked for in files of the system and in a package: not a second time, whether it is there or not."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def day_of(text: str) -> date:
    """A bare date, `2027-01-08`.

    Raises:
        MomentError: it is none; a date with a time is none either.
    """
    moment = moment_of(text, "UTC")
    if "T" in text:
        raise MomentError("a date alone belongs here, without a time", moment.day.isoformat())
    return moment.day


def moment_of(text: str, time_zone: str | None = None) -> Moment:
    """A date, `2027-01-08`, or a time with its zone, `2027-01-08T00:00+01:00`.

    Args:
        text: as written.
        time_zone: IANA name; makes a bare date (midnight) or a time without a zone one moment.

    Raises:
        UnknownZone: no zone is called so.
        MomentError: it is no date, or a time of which nobody knows where.
    """
    written = _ISO.fullmatch(text)
    if written is None:
        raise _explained(text)
    day = _date(written[1])
    zone = None if time_zone is None else zone_of(time_zone)
    if written[2] is None:
        return Moment(day, None if zone is None else datetime.combine(day, time(), zone))
    try:
        clock = time.fromisoformat(written[2])
    except ValueError:
        raise MomentError(f"there is no time {written[2]}: hours go from 00 to 23") from None
    offset = zone if written[3] is None else _offset(written[3])
    if offset is None:
        raise MomentError("it says a time and not where: add the zone, or leave the time out")
    return Moment(day, datetime.combine(day, clock, offset))


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise MomentError(f"there is no day {text} in the calendar") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise MomentError(f"the year {day.year:04} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or offset > timedelta(hours=14):
        raise MomentError(f"no zone is {text} from UTC: they go from -12:00 to +14:00")
    return timezone(-offset if text[0] == "-" else offset)


def _explained(text: str) -> MomentError:
    """Why it is no ISO 8601, with what is meant where that is beyond doubt."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if not plain:
        return MomentError(f"it is empty; write {_HOW}")
    upper = plain.upper().replace(" ", "T", 1).replace("T+", "+")
    if (written := _ISO.fullmatch(upper)) and (day := _valid(written[1])):
        return MomentError(f"it is almost ISO 8601; write {upper}", upper if written[2] else day)
    if found := _YEAR_FIRST.fullmatch(plain):
        return _proposed(f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}")
    if found := _DAY_OR_MONTH_FIRST.fullmatch(plain):
        return _day_or_month_first(found)
    return _in_words(plain)


def _day_or_month_first(found: re.Match[str]) -> MomentError:
    first, second = int(found[1]), int(found[3])
    if found[2] == "." or first > 12 or first == second:  # dots: nobody writes the month first with them
        return _proposed(f"{found[4]}-{second:02}-{first:02}")
    if second > 12:
        return _proposed(f"{found[4]}-{first:02}-{second:02}")
    return MomentError(f"nobody can tell whether the day or the month comes first; write {_HOW}")


def _in_words(plain: str) -> MomentError:
    words = [word.casefold() for word in _WORDS.findall(plain)[:12]]
    months = {_MONTHS[word] for word in words if word in _MONTHS}
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(months) == len(years) == len(days) == 1 and len(numbers) == 2:
        return _proposed(f"{years[0]}-{months.pop():02}-{days[0]:0>2}")
    return MomentError(f"a date is written in figures: {_HOW}")


def _proposed(text: str) -> MomentError:
    day = _valid(text)
    if day is None:
        return MomentError(f"there is no such day in the calendar; write {_HOW}")
    return MomentError(f"write {_HOW}", day)


def _valid(text: str) -> str | None:
    try:
        return _date(text).isoformat()
    except MomentError:
        return None
