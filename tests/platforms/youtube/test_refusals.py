from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.platforms.answer import Answer
from aimusicverse.platforms.store_problems import GENERAL
from aimusicverse.platforms.youtube.codes import CODES
from aimusicverse.platforms.youtube.refusals import PACIFIC, midnight_pacific, reason_of, refusal

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def refused(status: int, reason: str, message: str = "It is so.") -> Answer:
    error = {"code": status, "message": message, "errors": [{"reason": reason, "message": message}]}
    return Answer(status, {}, json.dumps({"error": error}).encode())


@pytest.mark.parametrize(
    ("status", "reason", "code", "kind", "field"),
    [
        (403, "quotaExceeded", "quota_used_up", "quota", None),
        (403, "dailyLimitExceeded", "quota_used_up", "quota", None),
        (400, "uploadLimitExceeded", "youtube_upload_limit", "quota", None),
        (403, "rateLimitExceeded", "store_busy", "transient", None),
        (400, "invalidTitle", "store_refused", "metadata", "tracks[1].title"),
        (400, "invalidDescription", "store_refused", "metadata", "youtube.description"),
        (400, "invalidTags", "store_refused", "metadata", "youtube.tags"),
        (400, "invalidPublishAt", "store_refused", "metadata", "youtube.publish_at"),
        (400, "somethingElse", "store_refused", "metadata", None),
        (403, "insufficientPermissions", "account_not_allowed", "auth", None),
        (403, "", "account_not_allowed", "auth", None),
        (403, "youtubeSignupRequired", "youtube_no_channel", "setup", None),
        (418, "teapot", "store_incomprehensible", "transient", None),
    ],
)
def test_each_reason_says_what_to_do(
    status: int, reason: str, code: str, kind: str, field: str | None
) -> None:
    problem = refusal(refused(status, reason), NOW, 1).problem
    assert (problem.code, problem.kind, problem.field) == (code, kind, field)
    assert {one.code: one.kind for one in (*GENERAL, *CODES)}[code] == kind


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_the_day_of_quotas_ends_at_the_next_midnight_in_california(now: datetime) -> None:
    until = midnight_pacific(now)
    assert timedelta() < until - now <= timedelta(hours=25)
    there = until.astimezone(PACIFIC)
    assert (there.hour, there.minute, there.second) == (0, 0, 0)
    assert there.date() == now.astimezone(PACIFIC).date() + timedelta(days=1)


_NAMES = st.sampled_from(["error", "errors", "reason", "message"])
_JSON = st.recursive(
    st.none() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(_NAMES, inner), max_leaves=8
)


@given(st.binary(max_size=200) | _JSON.map(lambda value: json.dumps(value).encode()), st.integers(400, 499))
def test_whatever_is_answered_there_is_a_problem(content: bytes, status: int) -> None:
    answer = Answer(status, {}, content)
    assert isinstance(reason_of(answer), str)
    assert refusal(answer, NOW).problem.message
