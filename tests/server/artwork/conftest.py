"""Servers that draw small pictures."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse.server.artwork import draw_job, making
from tests.server.conftest import Api

QUICK = (sys.executable, str(Path(__file__).with_name("quick_drawing.py")))


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of 320 pixels, unless a test wants whole ones, and no pause between tries."""
    root = str(Path(__file__).parents[3])
    monkeypatch.setenv("PYTHONPATH", root)
    monkeypatch.setattr(draw_job, "RETRY_SECONDS", (0, 0))
    if "full_size" not in request.fixturenames:
        monkeypatch.setattr(making, "COMMAND", QUICK)


@pytest.fixture
def full_size() -> None:
    """For a test that wants pictures as they are drawn for people."""


@pytest.fixture
def api(shared: Api) -> Api:
    """One server for all: each test has artworks of its own."""
    return shared


def asked(api: Api, **wishes: Any) -> dict[str, Any]:
    """An artwork that waits to be drawn."""
    answer = api.post("/artwork", json={"title": "Rainy night", "seed": 7, **wishes})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def finished(api: Api, artwork_id: str) -> dict[str, Any]:
    """One whose state is final."""
    for _ in range(10):
        found: dict[str, Any] = api.get(f"/artwork/{artwork_id}?wait=20").json()
        if found["status"] in ("completed", "failed"):
            return found
    raise AssertionError(found)


def drawn(api: Api, **wishes: Any) -> dict[str, Any]:
    """One that has a picture."""
    found = finished(api, asked(api, **wishes)["id"])
    assert found["status"] == "completed", found
    return found


def upload(api: Api, content: Any, **query: str) -> httpx.Response:
    headers = {"Content-Type": "application/octet-stream"}
    if "key" in query:
        headers["Idempotency-Key"] = query.pop("key")
    query.setdefault("title", "Rainy night")
    return api.http.post("/artwork/upload", params=query, content=content, headers=headers)


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    found: dict[str, Any] = answer.json()
    return found


Start = Callable[..., Api]
