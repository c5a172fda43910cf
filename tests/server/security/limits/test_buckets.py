"""Token buckets, against a model that remembers every call."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aimusicverse.server.security.allowance import TIERS, Allowance
from aimusicverse.server.security.limits.buckets import (
    BOUNDLESS,
    DAY,
    HOUR,
    SIDE_BY_SIDE,
    Level,
    Sizes,
    at_time,
    full_in,
    left,
    sizes_of,
    take,
    wait,
)

START = 1_760_000_000.0
FULL = Level(0.0, 0.0, START)
sizes = st.builds(Sizes, st.integers(1, 2_000).map(float), st.integers(1, 20_000).map(float))
#: What happens: so many seconds pass, and then so many calls are tried at once.
steps = st.lists(st.tuples(st.floats(0, 2 * HOUR), st.integers(0, 40)), max_size=40)
#: The same with a clock that is also set back.
moves = st.lists(st.tuples(st.floats(-3 * DAY, 3 * DAY), st.integers(0, 40)), max_size=40)


def played(of: Sizes, what: list[tuple[float, int]]) -> list[float]:
    """When a call passed."""
    level, now, passed = FULL, START, []
    for seconds, calls in what:
        now += seconds
        for _ in range(calls):
            taken, level = take(level, of, now)
            passed += [now] * taken
    return passed


@given(sizes, steps)
def test_in_no_stretch_of_time_pass_more_than_the_size_and_what_was_refilled_in_it(
    of: Sizes, what: list[tuple[float, int]]
) -> None:
    passed = played(of, what)
    for first, since in enumerate(passed):
        for count, until in enumerate(passed[first:], 1):
            for size, period in ((of.hour, HOUR), (of.day, DAY)):
                assert count <= size + (until - since) * size / period + 1e-3


@given(sizes, steps)
def test_a_call_passes_exactly_when_the_model_has_room_for_it(
    of: Sizes, what: list[tuple[float, int]]
) -> None:
    # The model pours tokens into two plain buckets and has no cleverness at all.
    level, now = FULL, START
    tokens = [of.hour, of.day]
    for seconds, calls in what:
        now += seconds
        tokens = [
            min(size, have + seconds * size / period)
            for have, size, period in zip(tokens, of, (HOUR, DAY), strict=True)
        ]
        for _ in range(calls):
            taken, level = take(level, of, now)
            if abs(min(tokens) - 1) > 1e-3:  # not where a rounding decides
                assert taken == (min(tokens) >= 1)
            tokens = [have - taken for have in tokens]


@given(sizes, steps)
def test_both_buckets_are_debited_or_neither(of: Sizes, what: list[tuple[float, int]]) -> None:
    level, now = FULL, START
    for seconds, calls in what:
        now += seconds
        before = at_time(level, of, now)
        taken, after = take(level, of, now, calls)
        assert 0 <= taken <= calls
        assert after == Level(before.hour + taken, before.day + taken, before.at)
        level = after


@given(sizes, st.floats(0, DAY), st.integers(0, 3_000))
def test_several_at_once_are_as_many_as_one_by_one(of: Sizes, seconds: float, calls: int) -> None:
    begun = Level(of.hour, of.day, START)
    at_once, level = take(begun, of, START + seconds, calls)
    one_by_one, other = 0, begun
    for _ in range(calls):
        taken, other = take(other, of, START + seconds)
        one_by_one += taken
    assert at_once == one_by_one
    now = START + seconds
    assert tuple(at_time(level, of, now)) == pytest.approx(tuple(at_time(other, of, now)))


@given(sizes, moves)
def test_a_clock_that_goes_back_and_forth_gives_no_more_than_its_steps_forward(
    of: Sizes, what: list[tuple[float, int]]
) -> None:
    passed = len(played(of, what))
    forward = sum(seconds for seconds, _ in what if seconds > 0)
    assert passed <= of.hour + forward * of.hour / HOUR + 1e-3
    assert passed <= of.day + forward * of.day / DAY + 1e-3


@given(sizes, moves)
@example(Sizes(10.0, 100.0), [(0.0, 10), (3 * DAY, 10), (-3 * DAY, 10)])
def test_a_clock_that_goes_back_locks_nobody_out(of: Sizes, what: list[tuple[float, int]]) -> None:
    level, now = FULL, START
    for seconds, calls in what:
        now += seconds
        before = left(at_time(level, of, level.at), of)
        if seconds < 0:
            assert left(at_time(level, of, now), of) >= before
        for _ in range(calls):
            level = take(level, of, now)[1]
    level = take(level, of, now)[1]
    longest = max(HOUR / of.hour, DAY / of.day) + SIDE_BY_SIDE
    assert take(level, of, now + longest + 1e-3)[0] == 1


@given(sizes, st.floats(0, 30 * DAY), st.floats(0, 30 * DAY))
def test_the_refill_is_even_however_often_one_looks(of: Sizes, first: float, second: float) -> None:
    empty = Level(of.hour, of.day, START)
    twice = at_time(at_time(empty, of, START + first), of, START + first + second)
    once = at_time(empty, of, START + first + second)
    assert tuple(twice) == pytest.approx(tuple(once), abs=1e-3)


@given(sizes, steps)
def test_whoever_waits_as_long_as_he_is_told_passes_and_a_little_less_is_too_early(
    of: Sizes, what: list[tuple[float, int]]
) -> None:
    level, now = FULL, START
    for seconds, calls in what:
        now += seconds
        level = take(level, of, now, calls)[1]
    then = at_time(level, of, now)
    told = max(wait(then.hour, of.hour, HOUR), wait(then.day, of.day, DAY))
    assert take(level, of, now + told + 1e-6)[0] == 1
    if told > 1:
        assert take(level, of, now + told - 0.9)[0] == 0


@given(sizes, st.integers(0, 2_000))
def test_it_is_full_again_when_it_says_so(of: Sizes, calls: int) -> None:
    level = take(FULL, of, START, calls)[1]
    again = full_in(level.hour, of.hour, HOUR)
    assert at_time(level, of, START + again + 1e-3).hour == 0
    if again > 1:
        assert at_time(level, of, START + again - 1).hour > 0


def test_a_larger_bucket_remembers_what_was_used_of_the_smaller_one() -> None:
    free, pro = sizes_of(TIERS["free"]), sizes_of(TIERS["pro"])
    taken, level = take(FULL, free, START, 50)
    assert taken == 10
    assert take(level, pro, START, 1_000)[0] == 90


def test_a_smaller_bucket_is_empty_at_worst() -> None:
    free, pro = sizes_of(TIERS["free"]), sizes_of(TIERS["pro"])
    level = take(FULL, pro, START, 60)[1]
    then = at_time(level, free, START)
    assert (then.hour, then.day) == (10, 60)
    assert wait(then.hour, free.hour, HOUR) == 360


def test_without_a_bound_there_is_always_room() -> None:
    boundless = sizes_of(Allowance("custom", None, None))
    level, passed = FULL, 0
    for second in range(1_000):
        taken, level = take(level, boundless, START + second / 1_000, 1_000)
        passed += taken
    assert passed == 1_000_000


def test_an_allowance_of_nothing_lets_nothing_pass_and_says_so_without_dividing_by_it() -> None:
    nothing = sizes_of(Allowance("custom", 0, 0))
    assert take(FULL, nothing, START) == (0, FULL)
    assert wait(0.0, 0.0, HOUR) == HOUR
    assert full_in(0.0, 0.0, HOUR) == 0


@pytest.mark.parametrize("size", [1_000_000, 36_000_000])
def test_large_buckets_are_counted_exactly(size: int) -> None:
    of = Sizes(float(size), BOUNDLESS)
    taken, level = take(FULL, of, START + 0.123456, size - 3)
    assert taken == size - 3
    assert [take(level, of, START + 0.123456, n)[0] for n in (1, 3, 4)] == [1, 3, 3]
