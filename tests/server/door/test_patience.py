"""How long is waited for whom, on a clock that the tests move."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from aimusicverse.server.door.patience import Patience


class Connection(SimpleNamespace):
    """What `Patience` sees of one, with a list of how it was cut."""

    __hash__ = object.__hash__

    def __init__(self, **given: Any) -> None:
        super().__init__(
            cycle=None,
            timeout_keep_alive_task=None,
            flow=SimpleNamespace(write_paused=False, read_paused=False),
            transport=SimpleNamespace(get_write_buffer_size=lambda: self.buffered),
            buffered=0,
            received=0,
            resumed=0,
            cuts=[],
        )
        self.__dict__.update(given)

    def cut(self, what: str) -> None:
        self.cuts.append(what)


def request(**given: Any) -> Any:
    return SimpleNamespace(
        **{"response_complete": False, "more_body": True, "waiting_for_100_continue": False, **given}
    )


@pytest.fixture
def looked() -> Callable[..., list[str]]:
    """Look at a connection once a second, for so long, while `then` happens."""

    def looked(
        connection: Connection, seconds: int, then: Callable[[int], None] = lambda _: None
    ) -> list[str]:
        patient = Patience(10, 500)
        for now in range(seconds):
            then(now)
            patient.look([connection], float(now))
            if connection.cuts:
                break
        return [*connection.cuts]

    return looked


def test_a_head_has_ten_seconds(looked: Callable[..., list[str]]) -> None:
    assert looked(Connection(), 10) == []
    assert looked(Connection(), 11) == ["head"]


def test_heads_that_follow_each_other_have_ten_seconds_each(looked: Callable[..., list[str]]) -> None:
    connection = Connection()

    def another(now: int) -> None:
        if now % 9 == 0:
            connection.cycle = request(response_complete=True)

    assert looked(connection, 100, another) == []


def test_between_requests_it_is_uvicorns_clock_that_runs(looked: Callable[..., list[str]]) -> None:
    assert looked(Connection(timeout_keep_alive_task=object()), 1000) == []


def test_a_body_may_stop_for_a_while_but_not_crawl(looked: Callable[..., list[str]]) -> None:
    def at(rate: Callable[[int], int]) -> list[str]:
        connection = Connection(cycle=request())

        def then(now: int) -> None:
            connection.received += rate(now)

        return looked(connection, 300, then)

    assert at(lambda _: 500) == []
    assert at(lambda _: 499) == ["body"]
    assert at(lambda now: 10_000 if now % 20 == 0 else 0) == []
    assert at(lambda now: 10**6 if now == 0 else 1) == ["body"]


def test_what_the_server_holds_up_counts_for_nobody(looked: Callable[..., list[str]]) -> None:
    paused = SimpleNamespace(write_paused=False, read_paused=True)
    assert looked(Connection(cycle=request(), flow=paused), 1000) == []
    assert looked(Connection(cycle=request(more_body=False)), 1000) == []
    assert looked(Connection(cycle=request(waiting_for_100_continue=True)), 1000) == []


def test_a_reader_may_pause_for_less_than_a_minute(looked: Callable[..., list[str]]) -> None:
    def reads(rate: int) -> list[str]:
        connection = Connection(
            cycle=request(), flow=SimpleNamespace(write_paused=True, read_paused=False), buffered=65536
        )

        def then(now: int) -> None:
            connection.buffered -= rate
            if connection.buffered <= 16384:  # the transport asks for more
                connection.buffered, connection.resumed = 65536, connection.resumed + 1

        return looked(connection, 600, then)

    assert reads(0) == reads(100) == ["answer"]
    assert reads(600) == reads(30_000) == []


def test_no_pace_need_be_kept_where_it_is_set_to_nothing() -> None:
    patient, connection = Patience(10, 0), Connection(cycle=request())
    for now in range(500):
        patient.look([connection], float(now))
    assert connection.cuts == []
