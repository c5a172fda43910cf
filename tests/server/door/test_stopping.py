"""A server that is told to stop ends at once, and waits for no tick of a clock."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from aimusicverse.server.door import patience
from tests.server.conftest import Api

LONG = 3600.0


def test_a_server_that_answers_nobody_stops_though_its_next_look_at_the_clock_is_far_away(
    monkeypatch: pytest.MonkeyPatch, start: Callable[..., Api]
) -> None:
    monkeypatch.setattr(patience, "_TICK_SECONDS", LONG)
    api = start()
    assert api.get("/tracks").status_code == 200
    stopping = threading.Thread(target=api.server.close, daemon=True)
    stopping.start()
    stopping.join(30)
    assert not stopping.is_alive()


def test_connections_that_say_nothing_do_not_keep_it(start: Callable[..., Api]) -> None:
    api = start()
    host, port = api.http.base_url.host, api.http.base_url.port
    silent = [socket.create_connection((host, port or 0)) for _ in range(3)]
    api.server.close()
    for one in silent:
        one.settimeout(30)
        with one, suppress(ConnectionResetError):  # so it is for one that was not taken in yet
            assert one.recv(1) == b""
