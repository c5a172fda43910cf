"""Dates and moments: what is one is read, what is none is told how it is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release.moments import (
    LAST_YEAR,
    Moment,
    MomentError,
    UnknownZone,
    day_of,
    moment_of,
    zone_of,
)

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def test_a_bare_date_is_no_moment() -> None:
    assert moment_of("2027-01-08") == Moment(date(2027, 1, 8))


def test_a_bare_date_in_a_zone_is_its_midnight_there() -> None:
    at = moment_of("2027-07-09", "Europe/Berlin").at
    assert at == datetime(2027, 7, 8, 22, 0, tzinfo=UTC)


def test_a_written_zone_counts_more_than_that_of_the_release() -> None:
    assert moment_of("2027-01-08T00:00+14:00", "Europe/Berlin").at == datetime(2027, 1, 7, 10, tzinfo=UTC)


def test_a_time_without_a_zone_is_one_in_that_of_the_release() -> None:
    assert moment_of("2027-01-08T18:30", "America/New_York").at == datetime(2027, 1, 8, 23, 30, tzinfo=UTC)
    with pytest.raises(MomentError, match="not where") as caught:
        moment_of("2027-01-08T18:30")
    assert caught.value.instead is None


def test_a_midnight_that_the_clocks_leave_out_is_a_moment_all_the_same() -> None:
    # In Beirut clocks go from 00:00 to 01:00 when summer begins.
    assert moment_of("2027-03-28", "Asia/Beirut").at is not None


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("20270108", "2027-01-08"),
        ("2027-1-8", "2027-01-08"),
        ("2027.01.08", "2027-01-08"),
        ("8.1.2027", "2027-01-08"),
        ("31/01/2027", "2027-01-31"),
        ("01/31/2027", "2027-01-31"),
        ("5/5/2027", "2027-05-05"),
        ("01/08/2027", None),
        ("8 January 2027", "2027-01-08"),
        ("January 8th, 2027", "2027-01-08"),
        ("Freitag, 8. Januar 2027", "2027-01-08"),
        ("8 de enero de 2027", "2027-01-08"),
        ("8 février 2027", "2027-02-08"),
        ("1º de março de 2027", "2027-03-01"),
        ("January 2027", None),
        ("30 February 2027", None),
        ("tomorrow", None),
        ("", None),
        ("２０２７-01-08", "2027-01-08"),
        ("2027-01-08 18:00+01:00", "2027-01-08T18:00+01:00"),
        ("2027-01-08t18:00z", "2027-01-08T18:00Z"),
        ("2027-W01-5", None),
    ],
)
def test_what_is_meant_is_offered_where_it_is_beyond_doubt(text: str, instead: str | None) -> None:
    with pytest.raises(MomentError) as caught:
        moment_of(text)
    assert caught.value.instead == instead
    assert caught.value.why


@pytest.mark.parametrize(
    "text",
    ["2027-02-29", "2027-13-01", "2027-01-08T24:00Z", "2027-01-08T12:60Z", "2027-01-08T00:00+14:01",
     "2027-01-08T00:00+05:60", "0207-01-08", "9999-12-31", "2027-01-08T00:00:00.1234567Z"],
)  # fmt: skip
def test_what_the_calendar_and_the_clock_do_not_have_is_refused(text: str) -> None:
    with pytest.raises(MomentError):
        moment_of(text)


def test_a_date_alone_takes_no_time() -> None:
    assert day_of("2019-05-17") == date(2019, 5, 17)
    with pytest.raises(MomentError, match="without a time") as caught:
        day_of("2019-05-17T00:00Z")
    assert caught.value.instead == "2019-05-17"


@pytest.mark.parametrize(
    "name", ["Europe", "Berlin", "", "../UTC", "/etc/passwd", "a" * 5000, "\x00", "Ü", "CET\n"]
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        zone_of(name)


def test_days_are_counted_from_now() -> None:
    assert moment_of("2026-11-27").days_after(NOW) == 1
    assert moment_of("2026-11-26").days_after(NOW) == 0
    assert moment_of("2026-11-27T00:00Z").days_after(NOW) == 0.5


@given(st.text(), st.none() | st.text() | st.sampled_from(["Europe/Berlin", "UTC"]))
def test_nothing_but_its_own_error_comes_of_any_text(text: str, zone: str | None) -> None:
    try:
        moment = moment_of(text, zone)
    except MomentError:
        return
    assert moment.day.isoformat() == text[:10]


_NEARLY = st.from_regex(
    r"\A[0-9]{4}-?[0-9]{1,2}-?[0-9]{1,2}([T ][0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?)?\Z"
)


@given(_NEARLY)
def test_what_is_offered_instead_is_right_itself(text: str) -> None:
    try:
        read = moment_of(text)
    except MomentError as error:
        instead = error.instead
    else:
        instead = read.day.isoformat()
    assert instead is None or moment_of(instead).day.year <= LAST_YEAR


@given(
    st.datetimes(datetime(1860, 1, 2), datetime(2199, 12, 30)),
    st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_every_moment_is_read_back(when: datetime, zone: timezone) -> None:
    at = when.replace(tzinfo=zone)
    assert moment_of(at.isoformat()).at == at
    assert moment_of(at.date().isoformat()).day == at.date()
