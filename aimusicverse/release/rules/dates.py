"""Dates: how they are written, how early a store wants a release, and what must come before what."""

from __future__ import annotations

import difflib
import functools
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, date, timedelta
from typing import Final

from aimusicverse.release.holidays import EARLIER, holiday_before
from aimusicverse.release.moments import Moment, MomentError, UnknownZone, day_of, moment_of, zone_of
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule, Severity
from aimusicverse.release.targets import Scope

_FRIDAY: Final = 4
#: No zone has a longer name.
_LONGEST_ZONE: Final = 40
#: What Spotify asks of its providers, and what its editors need.
_SPOTIFY_DAYS, _PITCH_DAYS = 5, 7
_APPLE_DAYS: Final = 5
#: What DistroKid recommends, what it warns of, and what it schedules at least (working days).
_DISTROKID_DAYS, _DISTROKID_SHORT, _DISTROKID_WORKING = 28, 14, 4


def _zone(case: Case) -> str | None:
    """The zone of the release, if it is one."""
    name = case.release.time_zone
    try:
        return name if name and zone_of(name) else None
    except UnknownZone:
        return None


def release_moment(case: Case) -> Moment | None:
    """When it is to come out; `None`: as soon as it can, or nobody can tell."""
    return _moment(case, case.release.release_at)


def _moment(case: Case, text: str | None) -> Moment | None:
    try:
        return moment_of(text, _zone(case)) if text else None
    except MomentError:
        return None


def _day(text: str | None) -> date | None:
    """A date; of one with a time, the date. `None`: it is none."""
    try:
        return moment_of(text, "UTC").day if text else None
    except MomentError:
        return None


def _days_left(case: Case) -> float | None:
    """Days until the release; `None`: it has no date, or has come, or comes as soon as it can."""
    moment = release_moment(case)
    if moment is None or case.release.as_soon_as_possible or moment.is_past(case.now):
        return None
    return moment.days_after(case.now)


def _iso(case: Case) -> Iterator[Found]:
    release = case.release
    moments = [("release_at", release.release_at), ("preorder_at", release.preorder_at)]
    days = [("original_release_date", release.original_release_date), ("ai.made_on", release.ai.made_on)]
    for track in case.tracks:
        recording, where = track.recording, f"tracks[{track.index}]."
        days.append((f"{where}original_release_date", recording.original_release_date))
        if recording.ai is not None:
            days.append((f"{where}ai.made_on", recording.ai.made_on))
    zone = _zone(case)
    for path, text in moments:
        yield from _misread(path, text, lambda written: moment_of(written, zone))
    for path, text in days:
        yield from _misread(path, text, day_of)


def _misread(path: str, text: str | None, read: Callable[[str], object]) -> Iterator[Found]:
    if text is None:
        return
    try:
        read(text)
    except MomentError as error:
        yield Found(path, text, words={"why": error.why}, instead=error.instead)


def _missing(case: Case) -> Iterator[Found]:
    if not case.release.release_at and not case.release.as_soon_as_possible:
        yield Found("release_at")


def _unknown_zone(case: Case) -> Iterator[Found]:
    name = case.release.time_zone
    if not name or _zone(case):
        return
    yield Found("time_zone", name, instead=_zone_like(name[:_LONGEST_ZONE]))


@functools.lru_cache(maxsize=256)
def _zone_like(name: str) -> str | None:
    """The zone whose name is nearest; looking all of them up takes a tenth of a second."""
    near = difflib.get_close_matches(name.replace(" ", "_"), sorted(zoneinfo.available_timezones()), 1, 0.8)
    return near[0] if near else None


def _one_moment(case: Case) -> Iterator[Found]:
    moment = release_moment(case)
    if moment is None or moment.at is None:
        return
    east, west = (moment.at.astimezone(UTC) + timedelta(hours=hours) for hours in (12, -8))
    yield Found(
        "release_at",
        case.release.release_at,
        words={
            "east": f"{east:%Y-%m-%d %H:%M}",
            "west": f"{west:%Y-%m-%d %H:%M}",
            "day": moment.day,
        },
    )


def _past(case: Case) -> Iterator[Found]:
    moment, release = release_moment(case), case.release
    if moment is None or not moment.is_past(case.now):
        return
    if not (release.as_soon_as_possible and release.original_release_date):
        yield Found("release_at", release.release_at, words={"today": case.now.date()})


def _early(case: Case, words: dict[str, object], severity: Severity | None = None) -> Found:
    return Found("release_at", case.release.release_at, words=words, severity=severity)


def _in_days(days: float) -> str:
    whole = int(days)
    return f"in {whole} day{'' if whole == 1 else 's'}" if whole > 0 else "within a day"


def _lead_spotify(case: Case) -> Iterator[Found]:
    days = _days_left(case)
    if days is not None and days < _PITCH_DAYS:
        why = f"Spotify wants new releases {_SPOTIFY_DAYS} days before"
        if days >= _SPOTIFY_DAYS:
            why = f"its editors can be pitched only {_PITCH_DAYS} days before"
        yield _early(case, {"when": _in_days(days), "why": why})


def _lead_apple(case: Case) -> Iterator[Found]:
    days = _days_left(case)
    if days is not None and days < _APPLE_DAYS:
        yield _early(case, {"when": _in_days(days)}, "error" if days < 1 else None)


def _lead_distrokid(case: Case) -> Iterator[Found]:
    days, moment = _days_left(case), release_moment(case)
    if days is None or moment is None or days >= _DISTROKID_DAYS:
        return
    working = working_days(case.now.astimezone(UTC).date(), moment.day)
    if working < _DISTROKID_WORKING:
        why = f"it schedules nothing sooner than {_DISTROKID_WORKING} working days"
        yield _early(case, {"when": _in_days(days), "why": why}, "error")
    elif days < _DISTROKID_SHORT:
        yield _early(
            case, {"when": _in_days(days), "why": "less than two weeks often come too late to stores"}
        )
    else:
        yield _early(case, {"when": _in_days(days), "why": "it recommends four weeks"})


def working_days(first: date, until: date) -> int:
    """Days from Monday to Friday after `first`, up to and with `until`; holidays are not known."""
    whole, rest = divmod(max((until - first).days, 0), 7)
    return whole * 5 + sum((first + timedelta(days=day)).weekday() < 5 for day in range(1, rest + 1))


def _lead_youtube(case: Case) -> Iterator[Found]:
    release = case.release
    waits = release.youtube.privacy == "private" and release.youtube.publish_at
    if _days_left(case) is not None and not waits:
        yield Found(
            "youtube.publish_at", release.youtube.publish_at, words={"privacy": release.youtube.privacy}
        )


def _lead_soundcloud(case: Case) -> Iterator[Found]:
    sharing = case.release.soundcloud.sharing
    if case.distributor is None and _days_left(case) is not None and sharing != "private":
        yield Found("soundcloud.sharing", sharing)


def _holiday(case: Case) -> Iterator[Found]:
    days, moment = _days_left(case), release_moment(case)
    if days is None or moment is None:
        return
    holiday = holiday_before(moment.day)
    if holiday is not None and days < _PITCH_DAYS + EARLIER.days:
        yield Found(
            "release_at",
            case.release.release_at,
            words={"when": _in_days(days), "holiday": holiday.name},
        )


def _friday(case: Case) -> Iterator[Found]:
    moment = release_moment(case)
    if moment is None or moment.day.weekday() == _FRIDAY or moment.is_past(case.now):
        return
    friday = moment.day + timedelta(days=(_FRIDAY - moment.day.weekday()) % 7)
    yield Found(
        "release_at",
        case.release.release_at,
        words={"weekday": f"{moment.day:%A}", "friday": friday},
    )


def _original(case: Case) -> Iterator[Found]:
    moment = release_moment(case)
    out = moment.day if moment is not None else case.now.date()
    dates = [("", "the release", case.release.original_release_date)]
    dates += [
        (f"tracks[{t.index}].", f"track {t.number}", t.recording.original_release_date) for t in case.tracks
    ]
    for where, of, text in dates:
        day = _day(text)
        if day is not None and day > out:
            yield Found(f"{where}original_release_date", text, words={"of": of, "out": out})


def _preorder(case: Case) -> Iterator[Found]:
    release = case.release
    start, out = _moment(case, release.preorder_at), release_moment(case)
    if not release.preorder_at:
        if release.preorder_tracks:
            yield Found("preorder_at", words={"why": "Tracks are named for a pre-order that has no date"})
        return
    if start is not None and out is None:
        yield Found("preorder_at", release.preorder_at, words={"why": "A pre-order needs a release date"})
    elif start is not None and out is not None and (out.day - start.day).days < 1:
        why = f"The pre-order begins on {start.day}, less than a day before the release on {out.day}"
        yield Found("preorder_at", release.preorder_at, words={"why": why})
    if not release.preorder_tracks:
        yield Found("preorder_tracks", words={"why": "No track can be had or heard during the pre-order"})
    for place, number in enumerate(release.preorder_tracks):
        if not 1 <= number <= len(release.tracks):
            why = f"There is no track {number} that could be heard during the pre-order"
            yield Found(f"preorder_tracks[{place}]", str(number), words={"why": why})


_OFFICIAL: Final = frozenset({Evidence.OFFICIAL})
_THIRD_PARTY: Final = frozenset({Evidence.THIRD_PARTY})
_OWN: Final = frozenset({Evidence.OWN})
_ALL: Final = frozenset({Scope.ALL})
_LATER: Final = "Choose a later date, or accept that it may be late in stores."

RULES: Final = (
    Rule(
        id="D-ISO",
        group=Group.DATES,
        scopes=_ALL,
        severity="error",
        field="release_at",
        test=_iso,
        message="{value!r} cannot be read as a date: {why}.",
        passes="2027-01-08; a time of release also with its zone: 2027-01-08T00:00+01:00",
        fix="Write the year, the month and the day in figures, with hyphens.",
        example='release_at = "2027-01-08"',
        source="ISO 8601; DDEX ERN 4.3 (deals: a date, or a time with its zone)",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.VERIFIED}),
        term="release-date",
    ),
    Rule(
        id="D-ISO-MISSING",
        group=Group.DATES,
        scopes=frozenset({Scope.ERN}),
        severity="error",
        field="release_at",
        test=_missing,
        message="The release has no date, and a deal must have a beginning.",
        passes="a date; or as_soon_as_possible = true",
        fix="Set release_at, or say that it may come as soon as possible.",
        example='release_at = "2027-01-08"',
        source="DDEX ERN since 4.2: StartDate or StartDateTime of a deal is mandatory",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.VERIFIED}),
        term="release-date",
    ),
    Rule(
        id="D-ZONE",
        group=Group.DATES,
        scopes=_ALL,
        severity="error",
        field="time_zone",
        test=_unknown_zone,
        message="No time zone is called {value!r}.",
        passes="a name of the IANA list, like Europe/Berlin; or nothing",
        fix="Look the name up, or leave it out: then it is midnight in each territory.",
        example='time_zone = "Europe/Berlin"',
        source="IANA time zone database",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="D-TZ",
        group=Group.DATES,
        scopes=_ALL,
        severity="info",
        field="release_at",
        test=_one_moment,
        message="{value} is one moment everywhere: {east} at UTC+12, as in Fiji, {west} at UTC-8.",
        passes="nothing: it is as you say; a bare date ({day}) begins at midnight in each territory",
        fix="Leave out the time and time_zone, unless it must be one moment.",
        example='release_at = "2027-01-08"',
        source="aimusicverse: stores take a date as local unless a zone is given",
        evidence=_OWN,
    ),
    Rule(
        id="D-PAST",
        group=Group.DATES,
        scopes=_ALL,
        severity="error",
        field="release_at",
        test=_past,
        message="The release date {value} has gone by (today is {today}).",
        passes="a date to come; or as_soon_as_possible, with original_release_date",
        fix="Choose another. If it came out before, set original_release_date and as_soon_as_possible.",
        example="as_soon_as_possible = true",
        source="aimusicverse: a date that has gone by is a mistake more often than a wish",
        evidence=_OWN,
        term="release-date",
    ),
    Rule(
        id="D-LEAD-SP",
        group=Group.DATES,
        scopes=frozenset({Scope.SPOTIFY}),
        severity="warning",
        field="release_at",
        test=_lead_spotify,
        message="It comes out {when}: {why}.",
        passes="seven days from now, or more",
        fix=_LATER,
        example='release_at = "2027-01-08"',
        source="providersupport.spotify.com, deliveries; support.spotify.com, artists",
        evidence=_OFFICIAL,
        term="release-date",
    ),
    Rule(
        id="D-LEAD-AP",
        group=Group.DATES,
        scopes=frozenset({Scope.APPLE}),
        severity="warning",
        field="release_at",
        test=_lead_apple,
        message="It comes out {when}: Apple reviews for one or two days, and for five at times.",
        passes="five days from now, or more; less than one is refused",
        fix=_LATER,
        example='release_at = "2027-01-08"',
        source="itunespartner.apple.com, FAQ",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.THIRD_PARTY}),
        term="release-date",
    ),
    Rule(
        id="D-LEAD-DK",
        group=Group.DATES,
        scopes=frozenset({Scope.DISTROKID}),
        severity="warning",
        field="release_at",
        test=_lead_distrokid,
        message="It comes out {when}, and DistroKid is slower: {why}.",
        passes="four weeks from now, or more; four working days at the least",
        fix=_LATER,
        example='release_at = "2027-01-08"',
        source="support.distrokid.com; news.distrokid.com",
        evidence=_THIRD_PARTY,
        publisher=Scope.DISTROKID,
        term="release-date",
    ),
    Rule(
        id="D-LEAD-YT",
        group=Group.DATES,
        scopes=frozenset({Scope.YOUTUBE}),
        severity="info",
        field="youtube.publish_at",
        test=_lead_youtube,
        message="Its date is to come, and YouTube publishes {privacy} videos at once.",
        passes='youtube.privacy = "private" with youtube.publish_at',
        fix="Upload it on the day, or private with publish_at: YouTube opens it then.",
        example='publish_at = "2027-01-08T00:00:00Z"',
        source="developers.google.com/youtube/v3, videos: status.publishAt",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="D-LEAD-SC",
        group=Group.DATES,
        scopes=frozenset({Scope.SOUNDCLOUD}),
        severity="info",
        field="soundcloud.sharing",
        test=_lead_soundcloud,
        message="Its date is to come, and SoundCloud cannot wait for it: a {value} upload is there at once.",
        passes="private until the day",
        fix="Upload it private, and make it public on the day.",
        example='sharing = "private"',
        source="SoundCloud's OpenAPI description, July 2026",
        evidence=_OFFICIAL,
    ),
    Rule(
        id="D-HOLIDAY",
        group=Group.DATES,
        scopes=frozenset({Scope.SPOTIFY, Scope.APPLE}),
        severity="warning",
        field="release_at",
        test=_holiday,
        message="It comes out {when}, around {holiday}: stores want such releases about a week earlier.",
        passes="two weeks from now, or more",
        fix=_LATER,
        example='release_at = "2027-02-05"',
        source="notices of distributors (TuneCore 2014, Label Engine 2012, others 2024); days by our table",
        evidence=_THIRD_PARTY,
        term="release-date",
    ),
    Rule(
        id="D-FRIDAY",
        group=Group.DATES,
        scopes=_ALL,
        severity="info",
        field="release_at",
        test=_friday,
        message="{value} is a {weekday}; new music comes out on Fridays.",
        passes="a Friday, like {friday}; or any other day",
        fix="Nothing, unless you want it among the week's new releases.",
        example='release_at = "2027-01-08"',
        source="IFPI, New Music Fridays, 2015",
        evidence=_THIRD_PARTY,
        term="release-date",
    ),
    Rule(
        id="D-ORIG",
        group=Group.DATES,
        scopes=_ALL,
        severity="error",
        field="original_release_date",
        test=_original,
        message="{value}, the original date of {of}, is after the release ({out}).",
        passes="the earliest date on which the recording came out, at the latest {out}",
        fix="Correct it, or leave it out if it comes out for the first time.",
        example='original_release_date = "2019-05-17"',
        source="itunespartner.apple.com, dates",
        evidence=_OFFICIAL,
        term="original-release-date",
    ),
    Rule(
        id="D-PREORDER",
        group=Group.DATES,
        scopes=frozenset({Scope.APPLE}),
        severity="error",
        field="preorder_at",
        test=_preorder,
        message="{why}.",
        passes="a pre-order that begins a day before the release or earlier, and names a track of it",
        fix="Set preorder_at and preorder_tracks (numbers of tracks), or leave both out.",
        example="preorder_tracks = [1]",
        source="itunespartner.apple.com, pre-orders",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.THIRD_PARTY}),
        term="preorder",
    ),
)
