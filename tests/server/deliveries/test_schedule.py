"""When a delivery is tried again: the contract's figures, and whatever a receiver asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aimusicverse.server.deliveries.schedule import DELAYS, JITTER, LONGEST_ASKED, delay, retry_after

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
few = settings(max_examples=30)
SCHEDULES = st.sampled_from([*DELAYS, "of a later version"])
LUCK = st.floats(0, 1)


def seconds(schedule: str, tries: int, *, asked: float | None = None, luck: float = 0.0) -> float:
    """The wait, which there must be."""
    found = delay(schedule, tries, asked=asked, luck=luck)
    assert found is not None
    return found.total_seconds()


def test_fast_is_six_tries_within_half_a_minute() -> None:
    assert [seconds("fast", tries) for tries in range(1, 6)] == [1, 2, 4, 8, 16]
    assert delay("fast", 6) is None


def test_extended_goes_on_for_a_day_and_a_half() -> None:
    assert [seconds("extended", tries) for tries in range(6, 11)] == [300, 1_800, 7_200, 28_800, 86_400]
    assert delay("extended", 11) is None


@few
@given(schedule=SCHEDULES, tries=st.integers(1, 30), luck=LUCK)
def test_a_wait_is_that_of_the_schedule_and_at_most_a_tenth_more(
    schedule: str, tries: int, luck: float
) -> None:
    delays = DELAYS.get(schedule, DELAYS["fast"])
    found = delay(schedule, tries, luck=luck)
    if tries > len(delays):
        assert found is None
    else:
        assert found is not None
        assert delays[tries - 1] <= found.total_seconds() <= delays[tries - 1] * (1 + JITTER) + 1e-6


@few
@given(schedule=SCHEDULES, tries=st.integers(1, 11), luck=LUCK, asked=st.floats(0, 1e12))
@example(schedule="fast", tries=1, luck=0.0, asked=float("inf"))
def test_what_is_asked_for_makes_a_wait_longer_and_never_shorter_nor_longer_than_a_minute(
    schedule: str, tries: int, luck: float, asked: float
) -> None:
    usual = delay(schedule, tries, luck=luck)
    found = delay(schedule, tries, luck=luck, asked=asked)
    if usual is None:
        assert found is None  # nobody gets more tries by asking
    else:
        assert found is not None
        assert usual <= found <= max(usual, timedelta(seconds=LONGEST_ASKED))
        if asked <= LONGEST_ASKED:
            assert found.total_seconds() >= asked - 1e-6


def test_without_luck_named_it_is_by_chance() -> None:
    assert len({delay("fast", 5) for _ in range(20)}) > 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        ("30", 30.0),
        ("  30\t", 30.0),
        ("007", 7.0),
        ("9" * 400, float("9" * 12)),
        ("-5", None),
        ("+5", None),
        ("1.5", None),
        ("1e3", None),
        ("0x10", None),
        ("٣", None),
        ("30 seconds", None),
        ("30, 60", None),
        ("soon", None),
        ("NaN", None),
        ("Infinity", None),
        ("Thu, 26 Nov 2026 12:00:45 GMT", 45.0),
        ("Thu, 26 Nov 2026 11:59:00 GMT", 0.0),
        ("Thursday, 26-Nov-26 12:00:45 GMT", 45.0),  # RFC 850
        ("Thu Nov 26 12:00:45 2026", 45.0),  # asctime
        ("Thu, 26 Nov 2026 12:00:45 -0000", 45.0),
        ("Thu, 26 Nov 2026 13:00:45 +0100", 45.0),
        ("Thu, 32 Nov 2026 12:00:45 GMT", None),
        (
            "Fri, 31 Dec 9999 23:59:59 GMT",
            (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - NOW).total_seconds(),
        ),
        ("Sat, 01 Jan 0001 00:00:00 +2359", None),
    ],
)
def test_retry_after(value: str | None, expected: float | None) -> None:
    found = retry_after(value, NOW)
    if value is not None and value.startswith("Sat, 01 Jan"):
        assert found in (None, 0.0)
    else:
        assert found == expected


@settings(max_examples=100)
@given(value=st.text(max_size=60) | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ .*"))
@example("Mon, 1 Jan 99999999999999999999 00:00:00 GMT")
@example("Mon, 1 Jan 2026 00:00:00 +99999999999")
@example("Mon, 1 Jan 1 00:00:00 +2359")
def test_nonsense_is_nothing_and_never_an_error(value: str) -> None:
    found = retry_after(value, NOW)
    assert found is None or found >= 0.0


@few
@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0)))
def test_a_date_is_so_many_seconds_from_now_or_none(moment: datetime) -> None:
    value = format_datetime(moment.replace(tzinfo=UTC), usegmt=True)
    assert retry_after(value, NOW) == max(0.0, (moment.replace(tzinfo=UTC) - NOW).total_seconds())
