"""Moments of releases, in the zone where they were meant and here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from aimusicverse.cli import release_time
from aimusicverse.cli.errors import UsageProblem


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2030-07-05T00:00+09:00", "2030-07-04T15:00"),
        ("2030-07-05T00:00Z", "2030-07-05T00:00"),
        ("2030-07-05 00:00 Asia/Tokyo", "2030-07-04T15:00"),
        ("2030-07-05 Asia/Tokyo", "2030-07-04T15:00"),
        ("2030-07-05  10:30:15  UTC", "2030-07-05T10:30:15"),
        ("2030-07-05", "2030-07-04T22:00"),
        ("2030-01-05", "2030-01-04T23:00"),
        ("2030-07-05 18:30", "2030-07-05T16:30"),
    ],
)
def test_a_time_without_a_zone_is_meant_where_it_is_written(text: str, moment: str) -> None:
    assert release_time.parsed(text) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2030-13-01", "05/07/2030", "2030-07-05T00:00 Nowhere/At", "Z"])
def test_what_is_no_moment_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageProblem, match="--release-at"):
        release_time.parsed(text)


def test_a_moment_is_told_in_both_zones_with_their_offsets() -> None:
    tokyo = datetime(2030, 7, 5, tzinfo=timezone(timedelta(hours=9)))
    assert release_time.told(tokyo) == "Fri 2030-07-05 00:00 +09:00 (here Thu 2030-07-04 17:00 +02:00)"
    assert release_time.told(tokyo.astimezone()) == "Thu 2030-07-04 17:00 +02:00"


def test_a_distribution_keeps_the_zone_in_which_its_release_was_dated() -> None:
    at = datetime(2030, 7, 4, 15, tzinfo=UTC)
    assert release_time.of_metadata(at, {"release_at": "2030-07-05T00:00+09:00"}) is not None
    found = release_time.of_metadata(at, {"release_at": "2030-07-05T00:00+09:00"})
    assert found is not None
    assert found.utcoffset() == timedelta(hours=9)
    for other in ("2030-07-06T00:00+09:00", "2030-07-05", "nonsense", None):
        assert release_time.of_metadata(at, {"release_at": other}) == at
