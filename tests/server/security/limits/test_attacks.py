"""Ways around the limits, each tried: spellings, methods, headers, connections, keys, clocks, addresses."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from aimusicverse.secret import Secret
from aimusicverse.server.security import key_checks, key_format, key_hash
from aimusicverse.server.security.limits.addresses import MOST_ADDRESSES
from tests.server.conftest import Api
from tests.server.security.keys import by, change_key, create_key, forged_secret, unknown_key
from tests.server.security.limits.callers import (
    another_key,
    at_once,
    call,
    key_of_tier,
    key_with,
    owner_of,
    says_nothing_of_a_limit,
    told,
)


def raw(api: Api, method: str, target: str, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    """A request with just this target, which no client tidies."""
    where = urlsplit(api.server.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    try:
        connection.request(method, target, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


# -- the same call, spelt otherwise -----------------------------------------------------------------

SPELLINGS = [
    ("GET", "/api/v1/tracks"),
    ("GET", "/api/v1/tracks/"),
    ("GET", "/api/v1//tracks"),
    ("GET", "/API/V1/tracks"),
    ("GET", "/Api/v1/TRACKS"),
    ("GET", "/%61pi/v1/tracks"),
    ("GET", "/api%2Fv1/tracks"),
    ("GET", "/api/v1/tracks?x=1"),
    ("GET", "/api/v1/tracks;x=1"),
    ("GET", "/api/v1/../v1/tracks"),
    ("GET", "/api/v1/tracks/%2e%2e/tracks"),
    ("GET", "/api/v1/tracks%00"),
    ("GET", "/api/v1"),
    ("GET", "/api/v1/"),
    ("GET", "/api/v1/nowhere"),
    ("HEAD", "/api/v1/tracks"),
    ("HEAD", "/api/v1/tracks/trk_x/audio"),
    ("OPTIONS", "/api/v1/tracks"),
    ("DELETE", "/api/v1/tracks"),
    ("POST", "/api/v1/generate"),
]


def test_another_spelling_or_method_or_a_path_that_leads_nowhere_costs_the_same(api: Api) -> None:
    key = key_of_tier(api, "pro")
    for number, (method, target) in enumerate(SPELLINGS, 1):
        status, headers = raw(api, method, target, {"X-API-Key": key})
        assert headers["x-ratelimit-remaining"] == str(100 - number), (method, target, status)


@pytest.mark.parametrize(("method", "target"), SPELLINGS)
def test_none_of_them_passes_when_nothing_is_left(shared: Api, method: str, target: str) -> None:
    key = key_with(shared, hour=0, day=0)
    assert raw(shared, method, target, {"X-API-Key": key})[0] == 429


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("TRACE", "/api/v1/tracks", 405),
        ("PROPFIND", "/api/v1/tracks", 405),
        ("GET", "http://elsewhere.example/api/v1/tracks", 421),
        ("GET", "/api/v1/tracks?api_key=x", 400),
        ("GET", "/api/v1/tracks?q=" + "x" * 40_000, 414),
    ],
)
def test_what_the_door_turns_away_does_nothing_costs_nothing_and_says_nothing_of_a_limit(
    shared: Api, method: str, target: str, status: int
) -> None:
    key = key_with(shared, hour=1, day=1)
    answered, headers = raw(shared, method, target, {"X-API-Key": key})
    assert answered == status
    assert not [name for name in headers if name.startswith("x-ratelimit")]
    assert told(call(shared, key))[1] == 0  # it was still there


def test_what_is_spelt_so_that_it_is_not_the_api_does_nothing_of_the_api(api: Api) -> None:
    for target in ("//api/v1/tracks", "/x/../api/v1/tracks", "/api/v1x/tracks", "/api/v10/tracks"):
        status, _ = raw(api, "GET", target, {"X-API-Key": api.key})
        assert status == 404, target


# -- headers ----------------------------------------------------------------------------------------

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "Client-IP")


@pytest.mark.parametrize("header", FORWARDED)
def test_a_header_that_names_another_address_is_not_believed(start: Callable[..., Api], header: str) -> None:
    api = start(address_limit=3)
    answers = [
        raw(
            api,
            "GET",
            "/api/v1/tracks",
            {header: f"for=203.0.113.{n}" if header == "Forwarded" else f"203.0.113.{n}"},
        )
        for n in range(5)
    ]
    assert [status for status, _ in answers] == [401] * 3 + [429] * 2


def test_a_proxy_that_is_trusted_is_believed_and_only_about_the_last_step(
    start: Callable[..., Api],
) -> None:
    api = start(address_limit=1, trusted_proxies="127.0.0.1, 10.0.0.0/8")

    def status(forwarded: str) -> int:
        return raw(api, "GET", "/api/v1/tracks", {"X-Forwarded-For": forwarded})[0]

    assert [status("203.0.113.1"), status("203.0.113.1"), status("203.0.113.2")] == [401, 429, 401]
    # What stands before the proxy's own entry was written by the caller.
    assert status("198.51.100.9, 203.0.113.1") == 429
    assert status("203.0.113.3, 10.1.2.3") == 401
    assert status("203.0.113.3") == 429
    assert status("2001:db8:1:2::1") == 401
    assert status("2001:db8:1:2:ffff::1") == 429
    assert status("no address") == 401
    assert status("") == 401


def test_what_a_trusted_proxy_says_may_be_anything(start: Callable[..., Api]) -> None:
    api = start(dev=True, trusted_proxies="127.0.0.1")
    for forwarded in ("no address", "[", "::1, x", "127.0.0.1:99999999999", "é"):
        headers = {"X-Forwarded-For": forwarded, "X-API-Key": api.key}
        status, _ = raw(api, "GET", "/_local/clock", headers)
        assert status in (200, 404), forwarded


@pytest.mark.parametrize("host", ["[", "a b", "[::bad", "x:y:z", "%00", ""])
def test_a_host_that_is_none_does_not_break_the_answer(shared: Api, host: str) -> None:
    key = key_with(shared, hour=0, day=0)
    assert raw(shared, "GET", "/api/v1/tracks", {"X-API-Key": key, "Host": host})[0] in (400, 421)


def test_the_same_key_in_two_headers_or_twice_is_one_call(api: Api) -> None:
    key = key_of_tier(api)
    with httpx.Client(base_url=api.server.url, timeout=30) as client:
        both = [("X-API-Key", key), ("Authorization", f"Bearer {key}"), ("X-API-Key", key)]
        assert told(client.get("/api/v1/tracks", headers=both))[1] == 9


def test_credentials_of_another_kind_do_not_hide_the_call(start: Callable[..., Api]) -> None:
    api = start(address_limit=2)
    answers = [raw(api, "GET", "/api/v1/tracks", {"Authorization": "Basic eDp5"})[0] for _ in range(3)]
    assert answers == [401, 401, 429]


# -- connections and keys ---------------------------------------------------------------------------


def test_a_thousand_connections_at_once_are_no_way_around(api: Api) -> None:
    key = key_of_tier(api)
    counted = at_once([api.server.url], [key] * 1_000)
    assert counted[200] == 10
    assert counted[429] + counted[403] == 990  # 403: suspended for its more than a hundred


def test_requests_sent_ahead_on_one_connection_are_counted_one_by_one(api: Api) -> None:
    key = key_of_tier(api)
    where = urlsplit(api.server.url)
    with socket.create_connection((where.hostname, where.port or 0), timeout=30) as connection:
        one = f"GET /api/v1/engines HTTP/1.1\r\nHost: [::1]\r\nX-API-Key: {key}\r\n\r\n"
        last = one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
        connection.sendall((one * 14 + last).encode())
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    assert (answer.count(b"HTTP/1.1 200"), answer.count(b"HTTP/1.1 429")) == (10, 5)


def test_whoever_hangs_up_before_the_answer_has_called_all_the_same(api: Api) -> None:
    key = key_of_tier(api)
    where = urlsplit(api.server.url)
    assert call(api, key).status_code == 200
    for _ in range(6):
        with suppress(OSError), socket.create_connection((where.hostname, where.port or 0)) as connection:
            connection.sendall(
                f"GET /api/v1/tracks HTTP/1.1\r\nHost: [::1]\r\nX-API-Key: {key}\r\n\r\n".encode()
            )
            time.sleep(0.05)
    assert told(call(api, key))[1] == 2


def test_more_keys_are_not_more_calls(api: Api) -> None:
    first = key_of_tier(api)
    keys = [first, *(another_key(api, owner_of(api, first)) for _ in range(5))]
    counted = at_once([api.server.url], keys * 20)
    assert counted == {200: 10, 429: 110}


def test_a_new_key_of_a_user_whose_calls_are_used_up_has_none_either(api: Api) -> None:
    first = key_of_tier(api)
    with by(api, first) as client:
        made = client.post("/api-keys", json={"name": "x", "scopes": ["tracks:read"]}).json()["key"]
        assert [client.get("/tracks").status_code for _ in range(10)] == [200] * 9 + [429]
    assert call(api, made).status_code == 429


def test_an_answer_that_is_given_again_costs_a_call_again(api: Api) -> None:
    with by(api, key_of_tier(api)) as client:
        again = {"Idempotency-Key": "once"}
        left = [told(client.post("/playlists", json={"title": "x"}, headers=again))[1] for _ in range(3)]
    assert left == [9, 8, 7]


# -- time -------------------------------------------------------------------------------------------


def test_moving_the_clock_gives_what_the_time_gives_and_no_more(api: Api) -> None:
    with by(api, key_of_tier(api)) as client:
        passed = 0
        for _ in range(30):
            passed += [client.get("/engines").status_code for _ in range(3)].count(200)
            api.advance(timedelta(minutes=3))
    # Ten at the beginning, and one for each six of the eighty-seven minutes between the first and the last.
    assert passed == 10 + 14


# -- guessing keys ----------------------------------------------------------------------------------


def test_guesses_are_refused_before_they_cost_anything(
    start: Callable[..., Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = start(wrong_key_limit=5)
    checked: list[bytes] = []
    original = key_hash.matches

    def counted(secret: Secret, stored: bytes) -> bool:
        checked.append(stored)
        return original(secret, stored)

    monkeypatch.setattr(key_checks.key_hash, "matches", counted)
    real = key_of_tier(api)
    guesses = [forged_secret(real), unknown_key(), "junk", forged_secret(real), unknown_key(), unknown_key()]
    answers = [call(api, guess) for guess in guesses]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert len(checked) == 4  # junk was seen to be junk, and the last was not looked at
    assert "wrong API keys" in answers[-1].json()["detail"]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 720


def test_many_guesses_at_once_do_not_all_pass_before_the_first_is_wrong(start: Callable[..., Api]) -> None:
    api = start(wrong_key_limit=5)
    counted = at_once([api.server.url], [unknown_key() for _ in range(40)])
    assert counted == {401: 5, 503: 35}  # it is not known yet that the first are wrong
    assert call(api, unknown_key()).status_code == 429


def test_many_calls_at_once_with_a_key_that_is_new_here_are_not_many_guesses(api: Api) -> None:
    key = key_with(api, hour=1_000, day=1_000)
    assert at_once([api.server.url], [key] * 200) == {200: 200}


def test_guessing_locks_out_nobody_whose_key_was_right_before(start: Callable[..., Api]) -> None:
    api = start(wrong_key_limit=3)
    real = key_of_tier(api)
    assert call(api, real).status_code == 200
    while call(api, unknown_key()).status_code != 429:
        pass
    assert call(api, real).status_code == 200
    create_key(api)  # after which all keys are looked up anew
    assert call(api, real).status_code == 200


def test_a_right_key_does_not_count_as_a_guess(start: Callable[..., Api]) -> None:
    api = start(wrong_key_limit=2)
    owner = owner_of(api, key_of_tier(api, "pro"))
    assert {call(api, another_key(api, owner)).status_code for _ in range(6)} == {200}


def test_nor_does_one_that_is_right_and_opens_nothing(start: Callable[..., Api]) -> None:
    api = start(wrong_key_limit=2)
    now = api.server.services.clock.now()
    for _ in range(4):
        key = key_of_tier(api)
        change_key(api, key, revoked_at=now)
        assert [call(api, key).json()["code"] for _ in range(2)] == ["api_key_revoked"] * 2


def test_a_key_that_opens_nothing_is_counted_by_the_address(start: Callable[..., Api]) -> None:
    api = start(address_limit=4)
    key = key_of_tier(api)
    change_key(api, key, suspended_at=api.server.services.clock.now())
    assert [call(api, key).status_code for _ in range(6)] == [403] * 4 + [429] * 2
    assert call(api, key_of_tier(api)).status_code == 200


def test_guessing_at_what_is_not_the_api_is_guessing(start: Callable[..., Api]) -> None:
    api = start(wrong_key_limit=3, dev=True)
    answers = [
        httpx.get(f"{api.server.url}/_local/clock", headers={"X-API-Key": unknown_key()}).status_code
        for _ in range(5)
    ]
    assert answers == [401] * 3 + [429] * 2


def test_guesses_from_many_addresses_are_bounded_in_memory(start: Callable[..., Api]) -> None:
    limiter = start(wrong_key_limit=1).server.services.limiter
    for number in range(2 * MOST_ADDRESSES):
        address = f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::"
        assert limiter.try_key(address).passed
        assert not limiter.try_key(address).passed
        limiter.take_from_address(address)
    assert len(limiter._wrong_keys or ()) <= MOST_ADDRESSES
    assert len(limiter._addresses or ()) <= MOST_ADDRESSES


def test_limits_by_address_can_be_switched_off(start: Callable[..., Api]) -> None:
    api = start(wrong_key_limit=0, address_limit=0)
    answers = [call(api, "junk") for _ in range(100)]
    assert {answer.status_code for answer in answers} == {401}
    assert says_nothing_of_a_limit(answers[-1])


def test_while_fifty_unknown_keys_are_checked_nobody_else_waits_for_them(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = key_with(api, hour=1_000_000, day=1_000_000)
    assert call(api, real).status_code == 200
    go_on, arrived, threads = threading.Event(), threading.Semaphore(0), set[str]()
    original = key_hash.matches

    def held_up(secret: Secret, stored: bytes) -> bool:
        threads.add(threading.current_thread().name)
        arrived.release()
        assert go_on.wait(30)
        return original(secret, stored)

    monkeypatch.setattr(key_checks.key_hash, "matches", held_up)
    counted: list[dict[int, int]] = []
    unknown = threading.Thread(
        target=lambda: counted.append(at_once([api.server.url], [unknown_key() for _ in range(50)]))
    )
    unknown.start()
    assert arrived.acquire(timeout=30)
    with by(api, real) as client:  # bcrypt stands still, and nothing else does
        assert {client.get("/tracks").status_code for _ in range(200)} == {200}
    assert counted == []
    go_on.set()
    unknown.join()
    assert counted == [{401: 50}]
    assert [name.startswith("amv-bcrypt") for name in threads] == [True]


def test_more_unknown_keys_than_may_wait_are_told_to_come_back(
    start: Callable[..., Api], real_hashes: None
) -> None:
    api = start(wrong_key_limit=0, address_limit=0)
    counted = at_once([api.server.url], [unknown_key() for _ in range(200)])
    assert set(counted) == {401, 503}
    assert counted[401] >= 64


@pytest.mark.parametrize("junk", ["x" * 60_000, "amv_live_" + "é" * 10, "a b c", "amv_live__", "a" * 43])
def test_no_text_in_place_of_a_key_is_more_than_a_wrong_key(shared: Api, junk: str) -> None:
    status, _ = raw(shared, "GET", "/api/v1/tracks", {"X-API-Key": junk})
    assert status in (400, 401, 431)


def test_a_key_with_another_mode_is_wrong(api: Api) -> None:
    parsed = key_format.parse(key_of_tier(api))
    assert parsed is not None
    assert call(api, key_format.mint(parsed.id, "test")[0].get_secret_value()).status_code == 401
