from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.transport.retry import Outcome, RetryPolicy, retry_after_seconds

statuses = st.one_of(st.none(), st.integers(100, 599))
outcomes = st.builds(
    Outcome,
    status=statuses,
    code=st.sampled_from([None, "idempotency_in_progress", "generation_final"]),
    retry_after=st.one_of(st.none(), st.text(max_size=12), st.integers(0, 10**10).map(str)),
    repeatable=st.booleans(),
)


@given(
    st.integers(1, 10**6),
    outcomes,
    st.floats(0, 1e9),
    st.integers(0, 10**6),
    st.floats(0, 1, exclude_max=True),
)
def test_no_wait_is_negative_or_reaches_the_deadline(attempt, outcome, left, retries, chance):
    delay = RetryPolicy(retries=retries).delay(attempt, outcome, left, chance=lambda: chance)
    assert delay is None or 0 <= delay < left


@given(st.integers(1, 100), outcomes, st.integers(0, 100))
def test_there_are_never_more_tries_than_allowed(attempt, outcome, retries):
    if attempt > retries:
        assert RetryPolicy(retries=retries).delay(attempt, outcome, 1e9) is None


@given(outcomes)
def test_what_could_do_harm_is_never_tried_again(outcome):
    if not outcome.repeatable:
        assert RetryPolicy(retries=99).delay(1, outcome, 1e9) is None


@given(st.integers(1, 2000), st.floats(0, 1, exclude_max=True))
def test_backoff_is_full_jitter_below_a_ceiling(attempt, chance):
    policy = RetryPolicy(retries=9999)
    delay = policy.delay(attempt, Outcome(503), 1e9, chance=lambda: chance)
    assert delay == chance * min(8.0, 0.5 * 2 ** min(attempt - 1, 10))


@given(st.integers(0, 10**6), st.floats(0, 1, exclude_max=True))
def test_a_retry_after_is_waited_out_and_hardly_longer(seconds, chance):
    delay = RetryPolicy().delay(
        1, Outcome(429, retry_after=str(seconds)), float("inf"), chance=lambda: chance
    )
    assert seconds <= delay <= seconds * 1.1


def test_a_retry_after_beyond_the_deadline_ends_the_call_at_once():
    assert RetryPolicy().delay(1, Outcome(429, retry_after="3600"), 60) is None
    assert RetryPolicy().delay(1, Outcome(429, retry_after="60"), 60) is None


@pytest.mark.parametrize("status", [None, 408, 429, 500, 502, 503, 504])
def test_passing_troubles_are_tried_again(status):
    assert RetryPolicy().delay(1, Outcome(status), 60) is not None


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 409, 412, 413, 415, 422, 501, 505])
def test_everything_else_is_not(status):
    assert RetryPolicy().delay(1, Outcome(status), 60) is None


def test_a_conflict_is_tried_again_only_while_the_first_call_still_runs():
    assert RetryPolicy().delay(1, Outcome(409, "idempotency_in_progress"), 60) is not None
    assert RetryPolicy().delay(1, Outcome(409, "generation_final"), 60) is None


def test_a_date_in_retry_after_is_compared_with_now():
    now = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)
    for form in (format_datetime(now.replace(second=30), usegmt=True), "Sat, 31 Jan 2026 12:00:30 -0000"):
        assert retry_after_seconds(form, now=now.timestamp()) == 30
    assert retry_after_seconds("Sat, 31 Jan 2026 11:00:00 GMT", now=now.timestamp()) == 0


@pytest.mark.parametrize(
    "header",
    ["", "soon", "nan", "inf", "-1", "1e9", "1_0", "٣", "99999999999", "Sat, 99 Foo", "Sat, 31 Jan 99999"],
)
def test_a_retry_after_that_is_neither_counts_as_none(header):
    assert retry_after_seconds(header, now=0) is None


@given(st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_no_retry_after_breaks_the_reader(header, now):
    seconds = retry_after_seconds(header, now=now)
    assert seconds is None or seconds >= 0
