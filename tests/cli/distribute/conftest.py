"""`amv` and a server whose stand-in stores look at a release for no time at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from aimusicverse import Client
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from tests.cli.store_samples import picture, song
from tests.server.quick_engine import QuickEngine

_TONES = count(200)


@pytest.fixture(scope="session")
def store_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    settings = Settings.from_environment(
        {}, data_dir=tmp_path_factory.mktemp("stores"), port=0, sandbox_review_seconds=0.0, dev=True
    )
    engine = QuickEngine()
    running = RunningServer(settings, engines={engine.name: engine}, mode="test")
    yield running
    running.close()


@pytest.fixture
def at_stores(
    store_server: RunningServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Client]:
    """`amv` talks to that server; so does this client. No settings of the person's."""
    monkeypatch.setenv("AMV_BASE_URL", store_server.url)
    monkeypatch.setenv("AMV_API_KEY", store_server.api_key.get_secret_value())
    monkeypatch.setenv("AMV_CONFIG_DIR", str(tmp_path))
    with Client(store_server.api_key.get_secret_value(), store_server.url) as client:
        yield client


@pytest.fixture(scope="session")
def cover(store_server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An artwork of the server's: none has to be drawn."""
    file = picture(tmp_path_factory.mktemp("cover") / "cover.jpg")
    with Client(store_server.api_key.get_secret_value(), store_server.url) as client:
        return client.artwork.upload(file, title="Cover").id


@pytest.fixture
def wav() -> Path:
    """A song in the working folder, that the server has not heard before."""
    return song(Path("lanterns.wav"), hertz=next(_TONES))
