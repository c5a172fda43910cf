from __future__ import annotations

import threading
import time

import pytest

from aimusicverse import RateLimitError
from aimusicverse.transport.allowance import Allowance
from tests.transport.peer import Peer, answer, problem
from tests.transport.samples import track


def limits(remaining: int, *, limit: int = 36_000, full_in: float | None = None) -> dict[str, str]:
    """Headers of a bucket; 36,000 an hour are ten a second."""
    missing = limit - remaining if full_in is None else full_in * limit / 3600
    reset = time.time() + missing * 3600 / limit
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(reset),
    }


def test_nobody_waits_before_the_server_said_anything():
    assert Allowance().take(10) == 0


def test_as_many_go_at_once_as_there_is_room_for_and_the_rest_one_by_one():
    allowance = Allowance()
    allowance.seen(limits(2))
    waits = [allowance.take(10) for _ in range(5)]
    assert waits[:2] == [0, 0]
    assert waits[2:] == pytest.approx([0.1, 0.2, 0.3], abs=0.02)


def test_the_bucket_fills_while_time_passes(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("aimusicverse.transport.allowance.monotonic", lambda: now[0])
    allowance = Allowance()
    allowance.seen(limits(0))
    now[0] += 0.25
    assert [allowance.take(10) for _ in range(2)] == [0, 0]
    assert allowance.take(10) == pytest.approx(0.05, abs=0.02)


def test_a_wait_that_would_outlast_the_deadline_is_not_begun():
    allowance = Allowance()
    allowance.seen(limits(0, limit=10))
    assert allowance.take(60) == 0
    assert 0 < allowance.take(361) <= 360


def test_a_server_whose_clock_is_elsewhere_is_waited_for_at_most_one_refill():
    for elsewhere in (-(10**6), 10**6):
        allowance = Allowance()
        allowance.seen(limits(0, full_in=elsewhere))
        assert allowance.take(10) <= 0.1


@pytest.mark.parametrize("broken", [{}, limits(3) | {"x-ratelimit-limit": "0"}, {"x-ratelimit-limit": "x"}])
def test_headers_that_say_nothing_change_nothing(broken):
    allowance = Allowance()
    allowance.seen(broken)
    assert allowance.take(10) == 0


def test_those_who_still_wait_are_counted_when_an_answer_comes():
    allowance = Allowance()
    allowance.seen(limits(0))
    first = allowance.take(10)
    allowance.seen(limits(0))
    assert allowance.take(10) > first + 0.05
    allowance.arrived()
    allowance.arrived()


def test_a_client_waits_for_room_instead_of_being_refused(world):
    def fresh(connection, peer):
        answer(200, track(), **{n.replace("-", "_"): v for n, v in limits(0).items()})(connection, peer)

    with Peer(fresh) as peer:
        client = world.client(peer.url, wait_for_limit=True)
        world(client.tracks.get("trk_1"))
        began = time.monotonic()
        for _ in range(3):
            world(client.tracks.get("trk_1"))
        assert 0.15 < time.monotonic() - began < 1.5
        eager = world.client(peer.url)
        world(eager.tracks.get("trk_1"))
        began = time.monotonic()
        world(eager.tracks.get("trk_1"))
        assert time.monotonic() - began < 0.1


def test_a_wait_that_does_not_fit_is_left_to_the_servers_refusal(world):
    empty = {n.replace("-", "_"): v for n, v in limits(0, limit=10).items()}
    with Peer(answer(200, track(), **empty), problem(429, "rate_limited", Retry_After="360")) as peer:
        client = world.client(peer.url, wait_for_limit=True, timeout=5)
        world(client.tracks.get("trk_1"))
        began = time.monotonic()
        with pytest.raises(RateLimitError) as caught:
            world(client.tracks.get("trk_1"))
        assert time.monotonic() - began < 1
        assert caught.value.retry_after == 360


def test_threads_take_turns():
    allowance = Allowance()
    allowance.seen(limits(0))
    waits: list[float] = []
    threads = [threading.Thread(target=lambda: waits.append(allowance.take(60))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == pytest.approx([n / 10 for n in range(1, 21)], abs=0.1)
