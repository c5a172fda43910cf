"""Keys, limits and usage as one story, by the SDK against a server; each part has tests of its own, too."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from aimusicverse import AuthenticationError, Client, PermissionDeniedError, RateLimitError
from aimusicverse.secret import Secret
from aimusicverse.transport.hooks import SentRequest
from aimusicverse.types import ApiKey
from tests.server.conftest import Api


def text_of(api_key: ApiKey | None) -> Secret:
    """What only the answer that makes a key has."""
    assert api_key is not None
    assert api_key.key is not None
    return api_key.key


def soon(true: Callable[[], bool]) -> None:
    """It becomes true: an answer is there a moment before its request has ended and is counted."""
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_usage_shows_exactly_what_was_made_with_a_key_under_its_name(api: Api) -> None:
    sent: list[SentRequest] = []
    with Client(api.key, api.server.url) as owner:
        made = owner.api_keys.create("nightly song", scopes=["generate:write", "generate:read"])
        with Client(text_of(made), api.server.url, on_request=sent.append) as robot:
            song = robot.generate("lofi hip hop", duration_seconds=5)
            assert song.status == "completed"
            with pytest.raises(PermissionDeniedError) as refused:
                robot.tracks.list().page()
            assert refused.value.code == "scope_missing"
            api.advance(timedelta(days=3))
            assert robot.generation.get(song).tracks == song.tracks
        owner.tracks.list().page()  # not the robot's

        since = made.created_at - timedelta(hours=1)
        soon(lambda: owner.account.usage(api_key=made, from_=since).total.requests == len(sent))
        [shown] = [
            one for one in owner.account.usage(group_by="key", from_=since).data if one.key_id == made.id
        ]
        assert (shown.key_name, shown.requests, shown.errors, shown.limit_hits) == (
            "nightly song",
            len(sent),
            1,
            0,
        )
        endpoints = owner.account.usage(group_by="endpoint", api_key=made, from_=since)
        assert {
            re.sub(r"\{\w+\}", "{id}", one.endpoint or ""): one.requests for one in endpoints.data
        } == Counter(f"{request.method} {request.route}" for request in sent)
        assert [(client.client, client.requests) for client in endpoints.clients] == [
            ("aimusicverse", len(sent))
        ]
        assert owner.account.usage(api_key=made).total.requests == 1  # of the last day


def test_the_eleventh_call_of_a_free_user_is_refused_and_works_after_the_reset(api: Api) -> None:
    with Client(api.key, api.server.url) as admin:
        ann = admin.admin.create_user("Ann")
    assert ann.tier == "free"
    with Client(text_of(ann.api_key), api.server.url, max_retries=0) as client:
        left = []
        for _ in range(10):
            client.tracks.list().page()
            assert client.rate_limit is not None
            left.append(client.rate_limit.remaining)
        assert left == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]

        with pytest.raises(RateLimitError) as caught:
            client.tracks.list().page()
        refused = caught.value
        assert (refused.status, refused.code) == (429, "rate_limited")
        assert refused.problem is not None
        assert refused.problem.upgrade_url == f"{api.server.url}/limits"
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["x-ratelimit-limit"] == "10"
        assert refused.headers["x-ratelimit-remaining"] == "0"
        now = api.server.services.clock.unix()
        assert now + 3_500 < int(refused.headers["x-ratelimit-reset"]) <= now + 3_601
        assert 300 < int(refused.headers["retry-after"]) <= 360

        api.advance(timedelta(seconds=int(refused.headers["retry-after"])))
        client.tracks.list().page()  # one call came back
        with pytest.raises(RateLimitError) as caught:
            client.tracks.list().page()
        reset = int(caught.value.headers["x-ratelimit-reset"])
        api.advance(timedelta(seconds=reset - api.server.services.clock.unix()))
        for _ in range(9):
            client.tracks.list().page()

        usage = client.account.usage(group_by="endpoint")  # the tenth
        assert {one.endpoint: (one.requests, one.limit_hits) for one in usage.data} == {
            "GET /tracks": (22, 2)
        }
        assert usage.statuses == {"200": 20, "429": 2}
        with pytest.raises(RateLimitError):
            client.tracks.list().page()


def test_a_leaked_key_is_suspended_and_what_it_is_rotated_to_works(api: Api) -> None:
    with Client(api.key, api.server.url) as admin:
        leaked = admin.admin.create_user("Ann").api_key
    assert leaked is not None
    with (
        Client(text_of(leaked), api.server.url, max_retries=0) as thief,
        Client(text_of(leaked), api.server.url, max_retries=0) as ann,
    ):
        safe = ann.api_keys.create("safe", scopes=leaked.scopes)

        def code() -> str:
            try:
                thief.tracks.list().page()
            except (RateLimitError, PermissionDeniedError) as error:
                return error.code
            return "passed"

        assert Counter(code() for _ in range(9 + 101)) == {"passed": 9, "rate_limited": 101}
        soon(lambda: code() == "api_key_suspended")
        api.advance(timedelta(hours=1))
        assert code() == "api_key_suspended"  # time does not heal it

        with Client(text_of(safe), api.server.url, max_retries=0) as ann_again:
            [event] = ann_again.webhooks.events(type="api_key.suspended").data
            assert event.data["id"] == leaked.id
            now = ann_again.api_keys.get(leaked)
            assert (now.status, now.suspended_for) == ("suspended", "over_limit")
            new = ann_again.api_keys.rotate(leaked)
        assert (new.replaces, new.scopes) == (leaked.id, leaked.scopes)
        with Client(text_of(new), api.server.url, max_retries=0) as rotated:
            assert list(rotated.tracks.list()) == []
            assert rotated.api_keys.get(leaked).replaced_by == new.id
        with pytest.raises(AuthenticationError) as gone:
            thief.tracks.list().page()
        assert gone.value.code == "api_key_revoked"
