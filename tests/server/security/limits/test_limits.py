"""Limits, as a user meets them: what an answer says of them, what is counted, and when there is more."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from aimusicverse import AsyncClient, Client, RateLimitError
from aimusicverse.server import agreement
from aimusicverse.server.security.limits import queries
from aimusicverse.server.security.limits.buckets import Level
from aimusicverse.server.users import queries as users
from tests.server.conftest import Api
from tests.server.processes import AMV, ROOT
from tests.server.security.keys import by, id_of, store_of
from tests.server.security.limits.callers import (
    another_key,
    at_once,
    call,
    key_of_tier,
    key_with,
    owner_of,
    says_nothing_of_a_limit,
    statuses,
    told,
)


def server_time(api: Api) -> float:
    return api.server.services.clock.now().timestamp()


@pytest.mark.parametrize(("tier", "hour"), [("free", 10), ("pro", 100)])
def test_a_tier_allows_its_calls_and_not_one_more(api: Api, tier: str, hour: int) -> None:
    with by(api, key_of_tier(api, tier)) as http:
        assert statuses(http, hour + 1) == [200] * hour + [429]


def test_a_call_too_many_says_which_limit_and_when_and_how_to_get_more(api: Api) -> None:
    with by(api, key_of_tier(api)) as http:
        statuses(http, 10)
        answer = http.get("/tracks")
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["code"]) == (429, "rate_limited")
    assert "10 calls of the hour" in problem["detail"]
    assert 350 <= int(answer.headers["retry-after"]) <= 360
    assert problem["upgrade_url"] == f"{api.server.url}/limits"
    page = httpx.get(problem["upgrade_url"])
    assert page.status_code == 200
    assert "50,000" in page.text


def test_where_to_read_how_to_get_more_can_be_set(start: Callable[..., Api]) -> None:
    api = start(upgrade_url="https://music.example.com/plans")
    with by(api, key_of_tier(api)) as http:
        statuses(http, 10)
        assert http.get("/tracks").json()["upgrade_url"] == "https://music.example.com/plans"


def test_whoever_waits_as_long_as_he_was_told_may_call_again_once(api: Api) -> None:
    with by(api, key_of_tier(api)) as http:
        statuses(http, 10)
        wait = int(http.get("/tracks").headers["retry-after"])
        api.advance(timedelta(seconds=wait - 30))
        assert statuses(http, 1) == [429]
        api.advance(timedelta(seconds=30))
        assert statuses(http, 2) == [200, 429]
        api.advance(timedelta(hours=1))
        assert statuses(http, 11) == [200] * 10 + [429]


def test_the_days_calls_are_a_limit_of_their_own(api: Api) -> None:
    with by(api, key_with(api, hour=1_000, day=3)) as http:
        assert statuses(http, 3) == [200] * 3
        answer = http.get("/tracks")
        assert (answer.status_code, answer.json()["code"]) == (429, "quota_exceeded")
        assert "3 calls of the day" in answer.json()["detail"]
        assert 28_000 <= int(answer.headers["retry-after"]) <= 28_800
        assert told(answer)[:2] == (1_000, 997)
        api.advance(timedelta(hours=8))
        assert statuses(http, 2) == [200, 429]


def test_a_call_that_is_refused_takes_nothing_from_either_bucket(api: Api) -> None:
    with by(api, key_with(api, hour=2, day=4)) as http:
        assert statuses(http, 20) == [200] * 2 + [429] * 18
        api.advance(timedelta(hours=1))
        assert statuses(http, 20) == [200] * 2 + [429] * 18
        assert http.get("/tracks").json()["code"] == "quota_exceeded"


def test_every_answer_says_what_is_left(api: Api) -> None:
    key = key_of_tier(api, "pro")
    began = server_time(api)
    with by(api, key) as http:
        asked: list[tuple[str, str, dict[str, Any], int]] = [
            ("GET", "/tracks", {}, 200),
            ("POST", "/playlists", {"json": {"title": "x"}}, 201),
            ("GET", "/tracks/trk_x", {}, 404),
            ("GET", "/nowhere", {}, 404),
            ("PUT", "/tracks", {}, 405),
            ("POST", "/playlists", {"json": {}}, 422),
            ("POST", "/playlists", {"content": b"{", "headers": {"content-type": "application/json"}}, 400),
            ("GET", "/admin/users", {}, 403),
        ]
        for number, (method, path, rest, status) in enumerate(asked, 1):
            answer = http.request(method, path, **rest)
            assert answer.status_code == status, (path, answer.text)
            limit, remaining, reset = told(answer)
            assert (limit, remaining) == (100, 100 - number)
            assert began + number * 36 - 1 <= reset <= server_time(api) + number * 36 + 1
    without_key = httpx.get(f"{api.server.url}/api/v1/tracks")
    assert (without_key.status_code, told(without_key)[:2]) == (401, (1_000, 999))


def test_a_user_without_a_limit_is_told_of_none(api: Api) -> None:
    assert says_nothing_of_a_limit(api.get("/tracks"))
    only_a_day = call(api, key_with(api, hour=None, day=5))
    assert only_a_day.status_code == 200
    assert says_nothing_of_a_limit(only_a_day)


def test_a_user_whose_day_alone_is_limited_is_refused_by_it(api: Api) -> None:
    with by(api, key_with(api, hour=None, day=2)) as http:
        assert statuses(http, 3) == [200, 200, 429]


def test_what_is_not_the_api_costs_nothing(api: Api) -> None:
    key = key_of_tier(api)
    for path in ("/healthz", "/readyz", "/docs", "/openapi.json", "/limits", "/api/v1x"):
        assert says_nothing_of_a_limit(httpx.get(api.server.url + path, headers={"X-API-Key": key}))
    assert told(call(api, key))[1] == 9


def test_a_long_poll_costs_one_call(api: Api) -> None:
    with by(api, key_of_tier(api)) as http:
        began = time.monotonic()
        assert http.get("/events?after=0&wait=2").json()["data"] == []
        assert time.monotonic() - began > 1.9
        assert told(http.get("/events"))[1] == 8


def test_the_calls_of_all_keys_of_a_user_count_together(api: Api) -> None:
    first = key_of_tier(api)
    second = another_key(api, owner_of(api, first))
    assert [call(api, key).status_code for key in [first, second] * 5 + [second, first]] == [200] * 10 + [
        429
    ] * 2


def test_one_user_does_not_use_up_anothers_calls(api: Api) -> None:
    with by(api, key_of_tier(api)) as http:
        assert statuses(http, 11)[-1] == 429
    assert call(api, key_of_tier(api)).status_code == 200


def test_the_profile_shows_what_is_left_of_both(api: Api) -> None:
    began = server_time(api)
    with by(api, key_of_tier(api)) as http:
        statuses(http, 3)
        quotas = http.get("/user/profile").json()["quotas"]
    assert (quotas["hour"]["limit"], quotas["hour"]["remaining"]) == (10, 6)
    assert (quotas["day"]["limit"], quotas["day"]["remaining"]) == (100, 96)
    for quota, seconds in (("hour", 4 * 360), ("day", 4 * 864)):
        resets_at = datetime.fromisoformat(quotas[quota]["resets_at"]).timestamp()
        assert began + seconds - 1 <= resets_at <= server_time(api) + seconds + 1
    assert api.get("/user/profile").json()["quotas"]["hour"]["limit"] is None


def test_another_tier_counts_at_once_and_what_was_used_stays_used(api: Api) -> None:
    key = key_of_tier(api)
    with by(api, key) as http:
        assert statuses(http, 11)[-1] == 429
        for tier, left in (("pro", 89), ("free", None), ("local", None)):
            store_of(api).write_now(users.change, owner_of(api, key), tier=tier)
            answer = http.get("/tracks")
            if tier == "free":
                assert answer.status_code == 429
            elif left is None:
                assert says_nothing_of_a_limit(answer)
            else:
                assert told(answer)[:2] == (100, left)


def test_what_was_used_is_still_used_after_a_restart(start: Callable[..., Api]) -> None:
    api = start()
    key = key_of_tier(api)
    with by(api, key) as http:
        assert statuses(http, 7) == [200] * 7
    api.server.close()
    with by(start(), key) as http:
        assert statuses(http, 4) == [200] * 3 + [429]


def test_of_a_thousand_calls_at_once_exactly_ten_pass(api: Api) -> None:
    first = key_of_tier(api)
    # Ten keys, so that none is suspended for its own hundred.
    keys = [first, *(another_key(api, owner_of(api, first)) for _ in range(9))]
    counted = at_once([api.server.url], [keys[number % 10] for number in range(1_000)])
    assert counted == {200: 10, 429: 990}


def test_two_servers_on_one_database_are_one_limit(
    start: Callable[..., Api], database_name: str, tmp_path: Any
) -> None:
    if database_name == "sqlite":
        pytest.skip("SQLite has one process")
    first, second = start(), start()
    key = key_of_tier(first)
    keys = [key, another_key(first, owner_of(first, key))]
    counted = at_once([first.server.url, second.server.url], keys * 90)
    assert counted == {200: 10, 429: 170}


# -- a key that goes on -----------------------------------------------------------------------------


def suspended(api: Api, key: str, *, seconds: float = 5) -> bool:
    """Whether a key is, soon."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if call(api, key, "/engines").json().get("code") == "api_key_suspended":
            return True
        time.sleep(0.5)
    return False


def test_a_key_that_goes_on_calling_over_its_limit_is_suspended_and_its_user_told(api: Api) -> None:
    key = key_with(api, hour=1, day=1_000)
    other = another_key(api, owner_of(api, key))
    with by(api, key) as http:
        assert statuses(http, 102) == [200] + [429] * 101
    assert suspended(api, key)
    api.advance(timedelta(hours=1))
    with by(api, other) as http:  # the user himself is not
        events = http.get("/events?type=api_key.suspended").json()["data"]
        assert [event["data"]["id"] for event in events] == [id_of(key)]
        api.advance(timedelta(hours=1))
        rotated = http.post(f"/api-keys/{id_of(key)}/rotate", json={})
        assert rotated.status_code == 201, rotated.text
    api.advance(timedelta(hours=1))
    assert call(api, rotated.json()["key"]).status_code == 200


def test_a_hundred_calls_over_the_limit_within_a_minute_are_borne(api: Api) -> None:
    key = key_with(api, hour=1, day=1_000)
    with by(api, key) as http:
        assert statuses(http, 81)[-1] == 429
        time.sleep(1.5)  # they are counted
        api.advance(timedelta(seconds=61))
        assert statuses(http, 90)[-1] == 429
    assert not suspended(api, key, seconds=2)


# -- moments at which all rows change ---------------------------------------------------------------


def test_a_reset_and_a_snapshot_take_the_limits_with_them(start: Callable[..., Api]) -> None:
    api = start(dev=True)
    key = key_of_tier(api)
    with by(api, key) as http:
        statuses(http, 4)
        time.sleep(1.2)
        states = api.server.services.dev.states  # type: ignore[union-attr]
        snapshot = states.keep()
        assert statuses(http, 7) == [200] * 6 + [429]
        states.restore(snapshot)
        assert told(http.get("/tracks"))[1] == 5
        api.server.services.dev.reset()  # type: ignore[union-attr]
        assert http.get("/tracks").status_code == 401
        time.sleep(1.2)
    assert api.get("/tracks").status_code == 200


def test_server_time_that_is_set_back_neither_gives_calls_nor_locks_out(api: Api) -> None:
    def at(offset: timedelta) -> None:
        api.server.services.store.write_now(agreement.set_clock_offset, offset)

    with by(api, key_of_tier(api)) as http:
        assert statuses(http, 11)[-1] == 429
        at(timedelta(days=300))
        assert statuses(http, 11) == [200] * 10 + [429]
        at(timedelta())
        answer = http.get("/tracks")
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) <= 360
        at(timedelta(seconds=360))
        assert statuses(http, 2) == [200, 429]


# -- the SDK ----------------------------------------------------------------------------------------


def test_the_client_knows_its_limit_and_the_error_says_when(api: Api) -> None:
    with Client(key_of_tier(api), api.server.url, max_retries=0) as client:
        began = server_time(api)
        client.tracks.list().page()
        limit = client.rate_limit
        assert limit is not None
        assert (limit.limit, limit.remaining) == (10, 9)
        assert began + 359 <= limit.reset_at.timestamp() <= server_time(api) + 361
        for _ in range(9):
            client.tracks.list().page()
        with pytest.raises(RateLimitError) as caught:
            client.tracks.list().page()
        assert caught.value.code == "rate_limited"
        assert caught.value.retry_after is not None
        assert 350 <= caught.value.retry_after <= 360
        assert caught.value.problem is not None
        assert caught.value.problem.upgrade_url == f"{api.server.url}/limits"
        assert client.rate_limit is not None
        assert client.rate_limit.remaining == 0
    with Client(api.key, api.server.url) as client:
        client.tracks.list().page()
        assert client.rate_limit is None


async def test_a_client_that_waits_for_its_limit_is_not_refused(api: Api) -> None:
    key = key_with(api, hour=7_200, day=1_000_000)  # two a second
    used = Level(7_199.0, 0.0, server_time(api))
    await store_of(api).write(queries.keep, [(owner_of(api, key), used)])
    async with AsyncClient(key, api.server.url, wait_for_limit=True, max_retries=0) as client:
        began = time.monotonic()
        for _ in range(4):
            await client.tracks.list().page()
        assert time.monotonic() - began > 0.8


def test_the_command_line_says_so_by_its_exit_code(api: Api) -> None:
    key = key_of_tier(api)
    with by(api, key) as http:
        statuses(http, 10)
    environment = {"AMV_API_KEY": key, "AMV_BASE_URL": api.server.url, "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [*AMV, "tracks", "list", "--json"],
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    told = json.loads(done.stderr)
    assert (done.returncode, told["code"], told["retryable"]) == (5, "rate_limited", True)
    assert told["hint"].startswith("Try again in 3")
    assert f"{api.server.url}/limits" in told["hint"]
