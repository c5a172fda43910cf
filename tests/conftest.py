"""What all tests share: nothing of the person's own machine is touched."""

from __future__ import annotations

import gc
import os
import signal
import ssl
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.in_the_long_run import is_for_the_long_run
from tests.server import quick_stores
from tests.server.databases import are_left_out

# In the background, or by nohup, these are ignored; so would they be by every program that a test interrupts.
for _number, _usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _usual)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data and config folders inside the test's own; no setting leaks in from outside."""
    for name in [name for name in os.environ if name.startswith("AMV_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AMV_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture(scope="session", autouse=True)
def _quick_stores() -> Iterator[None]:
    """Most of what starts here does so on a new database."""
    with quick_stores.quick_stores():
        yield


@pytest.fixture(scope="session", autouse=True)
def _authorities_read_once() -> Iterator[None]:
    """For each client httpx reads whom to trust: it takes longer than a call, and most have no TLS at all."""
    read = httpx.create_ssl_context
    usual = cache(read)

    def context(verify: Any = True, cert: Any = None, trust_env: bool = True) -> ssl.SSLContext:
        named = trust_env and (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"))
        if verify is True and cert is None and not named:
            return usual()
        return read(verify, cert, trust_env)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("httpx._transports.default.create_ssl_context", context)
        yield


@pytest.fixture
def from_nothing() -> Iterator[None]:
    """For promises about how a database is made."""
    with quick_stores.made_from_nothing():
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Those that take longest come in the long run. Without a PostgreSQL those on it are left out together,
    and one line says how to get them.
    """
    for item in items:
        if is_for_the_long_run(item.nodeid):
            item.add_marker(pytest.mark.long)
    about_it = [item for item in items if _is_about_postgres(item)]
    if about_it and are_left_out():
        config.hook.pytest_deselected(items=about_it)
        items[:] = [item for item in items if item not in about_it]


def _is_about_postgres(item: pytest.Item) -> bool:
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return any("postgres" in name for name in (item.nodeid, *fixtures))


def pytest_collection_finish() -> None:
    """What is there for all of the run is no garbage: not to be looked through again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """That line."""
    # Other processes of the same run do not say what they have left out.
    some_may_be = terminalreporter.stats.get("deselected") or terminalreporter.config.getoption(
        "numprocesses", None
    )
    if some_may_be and (reason := are_left_out()):
        terminalreporter.write_line(reason, yellow=True)
