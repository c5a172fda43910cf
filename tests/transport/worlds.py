"""The two worlds behind one door, so that each promise is tested in both."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

from aimusicverse import AsyncClient, Client
from aimusicverse.transport.retry import RetryPolicy

KEY = "amv_test_abc_S3cr3tS3cr3tS3cr3t"
URL = "http://127.0.0.1:8787"


class SyncWorld:
    name = "sync"

    def __init__(self) -> None:
        self.clients: list[Any] = []

    def client(self, base_url: str | None = URL, api_key: str | None = KEY, **options: Any) -> Any:
        client = Client(api_key, base_url, **options)
        self.clients.append(client)
        return client

    def __call__(self, result: Any) -> Any:
        return result

    def items(self, pager: Any) -> list[Any]:
        return list(pager)

    def close(self) -> None:
        for client in self.clients:
            client.close()


class AsyncWorld(SyncWorld):
    name = "async"

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()

    def client(self, base_url: str | None = URL, api_key: str | None = KEY, **options: Any) -> Any:
        client = AsyncClient(api_key, base_url, **options)
        self.clients.append(client)
        return client

    def __call__(self, result: Any) -> Any:
        if not inspect.isawaitable(result):
            return result

        async def wait() -> Any:
            return await result

        return self.runner.run(wait())

    def items(self, pager: Any) -> list[Any]:
        async def collect() -> list[Any]:
            return [item async for item in pager]

        return self.runner.run(collect())

    def close(self) -> None:
        for client in self.clients:
            self.runner.run(client.aclose())
        self.runner.close()


class AiohttpWorld(AsyncWorld):
    def client(self, base_url: str | None = URL, api_key: str | None = KEY, **options: Any) -> Any:
        return super().client(base_url, api_key, **{"transport": "aiohttp", **options})


@pytest.fixture(params=[SyncWorld, AsyncWorld, AiohttpWorld], ids=["sync", "async", "aiohttp"])
def any_world(request: pytest.FixtureRequest) -> Any:
    """The two worlds, and the second also over aiohttp."""
    world = request.param()
    yield world
    world.close()


@pytest.fixture(params=[SyncWorld, AsyncWorld], ids=["sync", "async"])
def world(request: pytest.FixtureRequest) -> Any:
    world = request.param()
    yield world
    world.close()


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    """Neither environment nor a server that happens to run has a say."""
    for name in ("AMV_API_KEY", "AMV_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    data = tmp_path / "amv-data"
    data.mkdir()
    monkeypatch.setenv("AMV_DATA_DIR", str(data))
    return data


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries are short; everything else is as it is."""
    monkeypatch.setattr("aimusicverse.transport._sync.engine.RetryPolicy", _hasty)
    monkeypatch.setattr("aimusicverse.transport._async.engine.RetryPolicy", _hasty)


def _hasty(retries: int) -> RetryPolicy:
    return RetryPolicy(retries=retries, base=0.01, ceiling=0.02)
