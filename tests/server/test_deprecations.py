"""Marked in one place, a deprecated route, field or parameter shows in specification and headers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI

from aimusicverse.server.call import Call
from aimusicverse.server.front import Front
from aimusicverse.server.routing import Router
from aimusicverse.types import Answer, Request
from aimusicverse.types.deprecation import Deprecation
from tests.server.conftest import Api

OLD = Deprecation(since=date(2026, 1, 1), sunset=date(2026, 9, 1), instead="`tempo_bpm`")
OLDER = Deprecation(since=date(2025, 1, 1), sunset=date(2026, 3, 1), instead="`limit`")
ENDLESS = Deprecation(since=date(2026, 2, 1), sunset=None, instead="`GET /new`")


class Wish(Request):
    tempo: Annotated[float | None, OLD] = None
    tempo_bpm: float | None = None


class Done(Answer):
    ok: bool = True


def application() -> FastAPI:
    router = Router("Old")

    @router.get("/old", scope="tracks:read", deprecated=ENDLESS)
    async def old(call: Call) -> Done:
        """An old route."""
        return Done()

    @router.post("/wish", scope="tracks:read")
    async def wish(body: Wish, call: Call, count: Annotated[int | None, OLDER] = None) -> Done:
        """A route with old parts."""
        return Done()

    app = FastAPI()
    app.include_router(router.routes)
    return app


@pytest.fixture
async def http(api: Api) -> Any:
    transport = httpx.ASGITransport(Front(application(), api.server.services))
    headers = {"X-API-Key": api.key}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost/api/v1", headers=headers
    ) as http:
        yield http


async def test_a_deprecated_route_says_so_each_time(http: httpx.AsyncClient) -> None:
    answer = await http.get("/old")
    assert answer.headers["deprecation"] == "@1769904000"
    assert "sunset" not in answer.headers


async def test_a_deprecated_field_says_so_only_when_it_is_used(http: httpx.AsyncClient) -> None:
    used = await http.post("/wish", json={"tempo": 80})
    assert used.headers["deprecation"] == "@1767225600"
    assert used.headers["sunset"] == "Tue, 01 Sep 2026 00:00:00 GMT"
    assert "deprecation" not in (await http.post("/wish", json={"tempo_bpm": 80})).headers


async def test_of_several_the_first_to_end_is_named(http: httpx.AsyncClient) -> None:
    answer = await http.post("/wish?count=1", json={"tempo": 80})
    assert answer.headers["sunset"] == "Sun, 01 Mar 2026 00:00:00 GMT"


async def test_an_error_answer_says_so_too(http: httpx.AsyncClient) -> None:
    answer = await http.post("/wish", json={"tempo": "fast"})
    assert answer.status_code in (422, 500) or "deprecation" in answer.headers
    assert answer.headers["deprecation"] == "@1767225600"


async def test_a_body_that_is_no_object_breaks_nothing(http: httpx.AsyncClient) -> None:
    answer = await http.post("/wish", content=b"[1", headers={"content-type": "application/json"})
    assert "deprecation" not in answer.headers


def test_the_specification_marks_all_three() -> None:
    paths = application().openapi()
    route = paths["paths"]["/api/v1/old"]["get"]
    assert route["deprecated"] is True
    assert "Deprecated since 2026-02-01. Use `GET /new`." in route["description"]
    field = paths["components"]["schemas"]["Wish"]["properties"]["tempo"]
    assert field["deprecated"] is True
    assert "works until 2026-09-01" in field["description"]
    parameters = {p["name"]: p for p in paths["paths"]["/api/v1/wish"]["post"]["parameters"]}
    assert parameters["count"]["schema"]["deprecated"] is True
