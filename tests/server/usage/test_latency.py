"""Percentiles from counts in steps are those of the sorted list, within the width of a step."""

from __future__ import annotations

from bisect import bisect_left
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.server.store.tables import LATENCY_STEPS
from aimusicverse.server.usage.latency import EDGES, ERROR, STEPS, percentile

#: Microseconds, all the way from nothing to a quarter of an hour; small ones as often as large ones.
MICROS = st.one_of(
    st.integers(0, 1_000), st.integers(0, 100_000), st.integers(0, 10_000_000), st.integers(0, 900_000_000)
)
PARTS = st.sampled_from((0.01, 0.5, 0.9, 0.95, 0.99, 1.0))


def counted(values: list[int]) -> list[int]:
    counts = [0] * STEPS
    for value in values:
        counts[bisect_left(EDGES, value)] += 1
    return counts


def by_sorting(values: list[int], part: float) -> int:
    return sorted(values)[max(1, ceil(part * len(values))) - 1]


@given(st.lists(MICROS, min_size=1, max_size=300), PARTS)
def test_a_percentile_is_that_of_the_sorted_list_within_the_error(values: list[int], part: float) -> None:
    told = percentile(counted(values), part)
    assert told is not None
    true = min(max(by_sorting(values, part), EDGES[0]), EDGES[-1])
    assert abs(told * 1000 - true) <= true * ERROR * 1.0001


@given(st.lists(MICROS, min_size=1, max_size=100), st.lists(MICROS, min_size=1, max_size=100), PARTS)
def test_counts_of_two_processes_add_up_to_the_counts_of_one(
    one: list[int], other: list[int], part: float
) -> None:
    together = [a + b for a, b in zip(counted(one), counted(other), strict=True)]
    assert together == counted(one + other)
    assert percentile(together, part) == percentile(counted(one + other), part)


@given(MICROS)
def test_every_length_falls_into_the_step_whose_ends_enclose_it(value: int) -> None:
    step = bisect_left(EDGES, value)
    assert step == 0 or EDGES[step - 1] < value
    assert step == len(EDGES) or value <= EDGES[step]


def test_the_error_is_what_the_documentation_says() -> None:
    assert 0.13 < ERROR < 0.132


def test_each_step_has_a_column() -> None:
    assert STEPS == LATENCY_STEPS


def test_nothing_has_no_percentile() -> None:
    assert percentile([0] * STEPS, 0.5) is None


@pytest.mark.parametrize(("value", "told"), [(0, 0.1), (100, 0.1), (100_000_001, 100_000), (10**12, 100_000)])
def test_beyond_all_steps_their_end_is_told(value: int, told: float) -> None:
    assert percentile(counted([value]), 0.5) == told
