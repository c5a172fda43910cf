from __future__ import annotations

import pytest

from aimusicverse.cli.durations import clock, parse


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("90 sec", 90),
        ("1:30", 90),
        ("01:30", 90),
        ("1m30s", 90),
        ("1m 30s", 90),
        ("1.5m", 90),
        ("2 min", 120),
        ("1:02:03", 3723),
        ("1h", 3600),
        (" 7.5 ", 7.5),
        ("0", 0),
        ("-1", -1),  # a length of time, if one that every server refuses
    ],
)
def test_people_write_lengths_of_time_in_many_ways(text: str, seconds: float) -> None:
    assert parse(text) == seconds


@pytest.mark.parametrize("text", ["", " ", "abc", "1:2:3:4", "nan", "inf", "1e3", "90x", "s", ":30", "٣"])
def test_what_is_no_length_of_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"1:30"):
        parse(text)


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (5.4, "0:05"), (90, "1:30"), (3723, "1:02:03")])
def test_lengths_are_shown_as_a_clock_shows_them(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
