"""`amv` against a real server with an engine that is quick, or holds still when told to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aimusicverse import Client
from aimusicverse.cli.app import main
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from aimusicverse.types import Generation
from tests.server.quick_engine import QuickEngine

AMV = str(Path(sys.executable).with_name("amv"))


@dataclass
class Result:
    """What a run of `amv` left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON object on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The one JSON object on standard error."""
        return json.loads(self.err)


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the machine's own server or settings; each has a working folder of its own."""
    for name in [name for name in os.environ if name.startswith(("AMV_", "_AMV"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("AMV_DATA_DIR", str(tmp_path / "data"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture(scope="session")
def engine() -> QuickEngine:
    return QuickEngine()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, engine: QuickEngine) -> Iterator[RunningServer]:
    settings = Settings.from_environment(
        {}, data_dir=tmp_path_factory.mktemp("server"), port=0, render_slots=4
    )
    running = RunningServer(settings, engines={"quick": engine}, mode="test")
    yield running
    running.close()


@pytest.fixture
def at_server(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> RunningServer:
    """`amv` talks to the test server, by its environment."""
    monkeypatch.setenv("AMV_BASE_URL", server.url)
    monkeypatch.setenv("AMV_API_KEY", server.api_key.get_secret_value())
    return server


@pytest.fixture
def client(server: RunningServer) -> Iterator[Client]:
    with Client(server.api_key.get_secret_value(), server.url) as client:
        yield client


@pytest.fixture
def finished(client: Client) -> Generation:
    """A generation with its track."""
    return client.generate("lofi, rainy night", duration_seconds=5, title="Rainy Night", seed=7)


@pytest.fixture
def held(engine: QuickEngine) -> Iterator[QuickEngine]:
    """The engine, standing still."""
    engine.held.set()
    yield engine
    engine.held.clear()


@pytest.fixture
def amv(capfd: pytest.CaptureFixture[str]) -> Run:
    """`amv` in this process."""

    def run(*words: str) -> Result:
        capfd.readouterr()
        code = main(words)
        return Result(code, *capfd.readouterr())

    return run


@pytest.fixture
def amv_process() -> Run:
    """`amv` as a process of its own, waited for."""

    def run(*words: str, **options: Any) -> Result:
        done = subprocess.run([AMV, *words], capture_output=True, timeout=60, **options)
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@contextmanager
def running(*words: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """`amv` as a process that goes on while the test does."""
    process = subprocess.Popen(
        [AMV, *words], **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
