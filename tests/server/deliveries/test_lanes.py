"""Who may get how many at once: nobody is held up by others, and nothing is remembered for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.server.deliveries import lanes as room
from aimusicverse.server.deliveries.lanes import Lanes

NAMES = st.sampled_from("abcdef")
SetTime = Callable[[float], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> SetTime:
    """Sets the time that lanes see."""
    now = [1_000.0]
    monkeypatch.setattr(room.time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, seconds)


def shares(lanes: Lanes, *ready: str) -> dict[str, int]:
    return dict(lanes.plan(ready).shares)


def begin(lanes: Lanes, name: str, times: int = 1) -> None:
    for _ in range(times):
        lanes.begin(name)


def end(lanes: Lanes, name: str, times: int = 1, *, succeeded: bool = True, seconds: float = 0.01) -> None:
    for _ in range(times):
        lanes.end(name, succeeded=succeeded, seconds=seconds)


def fail(lanes: Lanes, name: str, times: int = 5) -> None:
    for _ in range(times):
        begin(lanes, name)
        end(lanes, name, succeeded=False)


def test_one_that_answers_quickly_gets_more_one_by_one_up_to_ten() -> None:
    lanes, seen = Lanes(), []
    begin(lanes, "a")  # one stays on its way, so that it is remembered
    for _ in range(9):
        seen.append(shares(lanes, "a")["a"])
        begin(lanes, "a")
        end(lanes, "a")
    assert seen == [3, 4, 5, 6, 7, 8, 9, 9, 9]


def test_one_that_is_slow_gets_half_as_many_each_time_and_never_none() -> None:
    lanes, seen = Lanes(), []
    for _ in range(4):
        seen.append(shares(lanes, "a")["a"])
        begin(lanes, "a")
        end(lanes, "a", seconds=5)
    assert seen == [4, 2, 1, 1]


def test_what_is_on_its_way_counts() -> None:
    lanes = Lanes()
    begin(lanes, "a", 4)
    assert shares(lanes, "a", "b") == {"b": 4}


def test_one_that_only_fails_has_a_try_at_a_time_while_others_are_served(at: SetTime) -> None:
    lanes = Lanes()
    fail(lanes, "dead")
    begin(lanes, "well")
    end(lanes, "well")
    at(1_000.5)
    assert shares(lanes, "dead", "well") == {"dead": 1, "well": 5}
    begin(lanes, "dead")
    assert shares(lanes, "dead") == {}
    assert (lanes.plan(["dead"]).again_in or 0) > 0  # it is looked at again
    end(lanes, "dead", succeeded=False)
    at(1_002)
    assert shares(lanes, "dead") == {"dead": 4}  # nobody else is there


def test_those_that_fail_take_turns(at: SetTime) -> None:
    lanes, seen = Lanes(), []
    for name in "abc":
        fail(lanes, name)
    for step in range(1, 7):
        at(1_000 + step * 0.6)
        begin(lanes, "well")
        end(lanes, "well")
        [name] = shares(lanes, "a", "b", "c")
        seen.append(name)
        begin(lanes, name)
        end(lanes, name, succeeded=False)
    assert sorted(seen[:3]) == sorted(seen[3:]) == ["a", "b", "c"]


def test_one_that_comes_back_begins_with_few_again() -> None:
    lanes = Lanes()
    begin(lanes, "a", 10)
    end(lanes, "a", 9)
    fail(lanes, "a", 6)
    end(lanes, "a")
    assert shares(lanes, "a")["a"] <= 5


def test_many_that_are_slow_leave_room_for_all_others() -> None:
    """However many endpoints hang: those that answer at once are never kept waiting for them."""
    lanes = Lanes()
    hanging = [f"slow-{number:04}" for number in range(1_000)]
    for name in hanging:
        begin(lanes, name)
        end(lanes, name, seconds=15)
    for _ in range(3):
        for name, share in shares(lanes, *hanging).items():
            begin(lanes, name, share)
    assert shares(lanes, *hanging) == {}
    assert shares(lanes, *hanging, "zz-quick") == {"zz-quick": 4}


def test_when_there_is_not_room_for_all_whoever_has_waited_longest_is_first(at: SetTime) -> None:
    lanes = Lanes()
    slow = [f"slow-{number:04}" for number in range(1_000)]
    for name in slow:
        begin(lanes, name)
        end(lanes, name, seconds=15)
    served: list[str] = []
    for round in range(7):
        at(2_000.0 + round)
        now = shares(lanes, *slow)
        served += now
        for name, share in now.items():
            begin(lanes, name, share)
            end(lanes, name, share, seconds=15)
    assert set(served[: len(slow)]) == set(slow)  # nobody twice before everybody once


def test_so_much_is_remembered_and_rather_of_those_that_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_REMEMBERED", 20)
    lanes = Lanes()
    begin(lanes, "flies", 2)
    fail(lanes, "dead")
    for number in range(100):
        begin(lanes, f"well-{number}")
        end(lanes, f"well-{number}")
    assert len(lanes) == 20
    begin(lanes, "well-99")
    assert shares(lanes, "dead") == {"dead": 1}  # as one that fails, while others are served
    end(lanes, "flies", 2)  # what is on its way is never forgotten
    for number in range(100):
        fail(lanes, f"dead-{number}")
    assert len(lanes) == 20


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans(), st.sampled_from([0.01, 2.0])), max_size=80)
)
def test_whatever_comes_back_nobody_has_more_than_his_part_and_everybody_gets_on(
    steps: list[tuple[str, bool, float]],
) -> None:
    lanes, flying = Lanes(), dict.fromkeys("abcdef", 0)
    for name, succeeded, seconds in steps:
        for one, share in shares(lanes, *"abcdef").items():
            begin(lanes, one, share)
            flying[one] += share
            assert flying[one] <= room.MOST_TO_ONE
        if flying[name]:
            flying[name] -= 1
            end(lanes, name, succeeded=succeeded, seconds=seconds)
    for name, count in flying.items():
        end(lanes, name, count)
    plan = lanes.plan(list("abcdef"))
    assert {one for one, _ in plan.shares} == set("abcdef") or plan.again_in is not None
