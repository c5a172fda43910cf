"""What is counted in memory is what was asked, and never of more kinds than there is room for."""

from __future__ import annotations

import pytest

from aimusicverse.server.usage import tally as module
from aimusicverse.server.usage.tally import BYTES, LIMITED, MICROS, MOST_CLIENTS, Taken, Tally, requests
from tests.server.usage.records import AT, principal, record


def taken(*records: module.Record) -> Taken:
    tally = Tally()
    tally.add(records, 0.0)
    return tally.taken()


def test_requests_of_one_kind_are_one_cell_with_their_sums() -> None:
    [(minute, kind, counts)] = taken(
        record(seconds=0.001, size=7), record(seconds=0.002, size=8, limited="hour")
    )
    assert minute == AT - 30
    assert kind == ("usr_1", "key_1", "/api/v1/tracks/{track_id}", "GET", 200, "aimusicverse/0.4.0")
    assert (requests(counts), counts[BYTES], counts[MICROS], counts[LIMITED]) == (2, 15, 3_000, 1)


def test_each_difference_is_another_kind() -> None:
    others = (
        record(who=None),
        record(who=principal(key="key_2")),
        record(who=principal("usr_2", "key_3")),
        record(route="/api/v1/tracks"),
        record(method="DELETE"),
        record(status=404),
        record(agent=b"curl/8.5.0"),
        record(at=AT + 60),
    )
    assert len(list(taken(record(), record(), *others))) == 1 + len(others)


def test_minutes_become_hours_and_a_border_divides_them() -> None:
    found = taken(record(at=AT), record(at=AT + 29.9), record(at=AT + 30), record(at=AT + 200))
    assert [(hour, requests(counts)) for hour, _, counts in found.hours()] == [
        (1_800_000_000, 2),
        (1_800_003_600, 2),
    ]
    assert [minute for minute, _, _ in found.minutes()] == [1_800_003_540, 1_800_003_600, 1_800_003_720]


def test_hours_come_in_one_order_whatever_was_asked_first() -> None:
    records = [record(status=status, who=principal(key=f"key_{status}")) for status in (500, 200, 404)]
    orders = [[kind for _, kind, _ in taken(*some).hours()] for some in (records, records[::-1])]
    assert orders[0] == orders[1]


def test_the_minutes_count_the_api_alone_and_its_failures() -> None:
    found = taken(
        record(),
        record(status=404),
        record(status=500),
        record(status=503),
        record(route="/healthz"),
        record(route="", status=404),
    )
    assert [counted[1:] for counted in found.minutes()] == [(4, 2)]


def test_who_is_turned_away_does_not_hide_failures_in_the_minutes() -> None:
    flood = [record(status=status) for status in (401, 403, 421, 429) for _ in range(1_000)]
    found = taken(record(), record(status=500), *flood, record(status=429, at=AT + 60))
    assert [counted[1:] for counted in found.minutes()] == [(2, 1)]


def test_a_method_that_nobody_knows_is_no_kind_of_its_own() -> None:
    found = list(taken(*(record(method=f"BREW{number}", status=405) for number in range(50))))
    assert [(kind.method, requests(counts)) for _, kind, counts in found] == [("OTHER", 50)]


def test_a_key_cannot_fill_the_table_with_clients() -> None:
    agents = [f"curl/{number}".encode() for number in range(200)]
    found = {kind.client: requests(counts) for _, kind, counts in taken(*(record(agent=a) for a in agents))}
    assert len(found) == MOST_CLIENTS + 1
    assert found["other"] == 200 - MOST_CLIENTS
    assert sum(found.values()) == 200


def test_another_key_and_another_hour_have_clients_of_their_own() -> None:
    tally = Tally()
    tally.add([record(agent=f"curl/{number}".encode()) for number in range(MOST_CLIENTS)], 0.0)
    tally.add([record(agent=b"late/1"), record(agent=b"late/1", who=principal(key="key_2"))], 0.0)
    tally.add([record(agent=b"late/1", at=AT + 3600)], 0.0)
    late = [kind for _, kind, _ in tally.taken() if kind.client == "late/1"]
    assert sorted(kind.key_id for kind in late) == ["key_1", "key_2"]


def test_what_has_no_room_is_dropped_and_said_and_what_is_there_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_CELLS", 3)
    tally = Tally()
    for status in (200, 201, 202, 203, 204, 200):
        tally.add([record(status=status)], 0.0)
    found = {kind.status: requests(counts) for _, kind, counts in tally.taken()}
    assert (found, tally.dropped) == ({200: 2, 201: 1, 202: 1}, 2)
    tally.add([record(status=204)], 0.0)
    assert tally.taken()


def test_what_is_merged_adds_up_and_what_has_no_room_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CELLS", 2)
    kept = taken(record(), record(status=404))
    assert kept.merge(taken(record(size=5), record(status=500), record(status=500))) == 2
    found = {kind.status: requests(counts) for _, kind, counts in kept}
    assert found == {200: 2, 404: 1}
