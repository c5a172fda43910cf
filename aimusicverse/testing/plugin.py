"""Fixtures for pytest, found by themselves once aimusicverse is installed.

`amv_server` is one real server for the whole run, emptied before each test; the others hang on it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aimusicverse.client import AsyncClient, Client
    from aimusicverse.local import LocalClock, LocalFaults, LocalServer
    from aimusicverse.local_sandbox import LocalSandbox
    from aimusicverse.testing.event_log import EventLog


@pytest.fixture(scope="session")
def _amv_session_server() -> Iterator[LocalServer]:
    from aimusicverse.local import LocalServer
    from aimusicverse.testing.instant_engine import InstantEngine

    with LocalServer(engines=[InstantEngine()]) as server:
        yield server


@pytest.fixture
def amv_server(_amv_session_server: LocalServer) -> LocalServer:
    """A real local server, empty. Its engine makes tones at once; `engine="studio"` makes music."""
    _amv_session_server.reset()
    return _amv_session_server


@pytest.fixture
def amv_client(amv_server: LocalServer) -> Iterator[Client]:
    """A client of `amv_server`."""
    with amv_server.client() as client:
        yield client


@pytest.fixture
async def amv_async_client(amv_server: LocalServer) -> AsyncIterator[AsyncClient]:
    """An async client of `amv_server`; needs an async plugin, such as pytest-asyncio or anyio's."""
    async with amv_server.async_client() as client:
        yield client


@pytest.fixture
def amv_clock(amv_server: LocalServer) -> LocalClock:
    """The server's time: `amv_clock.advance(timedelta(hours=1))`."""
    return amv_server.clock


@pytest.fixture
def amv_faults(amv_server: LocalServer) -> LocalFaults:
    """What the next calls get instead of an answer: `amv_faults.add("GET /tracks", status=503)`."""
    return amv_server.faults


@pytest.fixture
def amv_sandbox(amv_server: LocalServer) -> LocalSandbox:
    """The server's stand-in stores: `amv_sandbox.reject("spotify", reason="Missing ISRC code")`."""
    return amv_server.sandbox


@pytest.fixture
def amv_events(amv_client: Client, amv_clock: LocalClock) -> Iterator[EventLog]:
    """What happened on the server in this test; by `amv_events.deliveries()`, as its receivers get it."""
    from aimusicverse.testing.event_log import EventLog

    log = EventLog(amv_client, amv_clock)
    yield log
    log.close()
