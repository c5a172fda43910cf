"""A call that is refused before it is routed is counted under the route it was meant for."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from aimusicverse.server.store.errors import StoreBusy
from aimusicverse.server.store.tables import usage
from tests.server.conftest import Api
from tests.server.security.keys import id_of, unknown_key
from tests.server.security.limits.callers import key_with, says_nothing_of_a_limit
from tests.server.security.test_access import operations, sent
from tests.server.usage.conftest import stats


def counted(api: Api, status: int, key: str | None = None) -> dict[str, int]:
    """Method and template of what was answered so, and how often; to calls with a key, or nobody's."""
    stats(api)  # which writes what there is
    rows = api.server.services.store.read_now(lambda tx: tx.all(sa.select(usage)))
    key_id = id_of(key) if key else ""
    return {
        f"{row.method} {row.route}": row.requests
        for row in rows
        if (row.status, row.key_id) == (status, key_id)
    }


def test_each_operation_that_a_limit_refuses_is_counted_as_itself(api: Api) -> None:
    key = key_with(api, hour=0, day=0)
    for operation in operations():
        path = re.sub(r"\{\w+\}", "id_x", operation.path)
        method = operation.method.upper()
        answer = httpx.request(
            method, api.server.url + path, headers={"X-API-Key": key}, timeout=30, **sent(operation)
        )
        assert answer.status_code == 429, answer.text
    expected = {f"{operation.method.upper()} {operation.path}": 1 for operation in operations()}
    assert counted(api, 429, key) == expected


@pytest.mark.parametrize(
    ("method", "path", "template"),
    [
        ("HEAD", "/tracks/trk_x/audio", "/api/v1/tracks/{track_id}/audio"),
        ("DELETE", "/tracks", "/api/v1/tracks"),  # 405, if it were let in: the path is known
        ("OPTIONS", "/tracks/trk_x", "/api/v1/tracks/{track_id}"),
        ("GET", "/nowhere", ""),
        ("GET", "/tracks/trk_x/nowhere", ""),
        ("GET", "/TRACKS", ""),
        ("GET", "", ""),
    ],
)
def test_refused_or_let_in_it_is_the_same_endpoint(api: Api, method: str, path: str, template: str) -> None:
    barred, free = key_with(api, hour=0, day=0), key_with(api, hour=9, day=9)
    url = f"{api.server.url}/api/v1{path}"
    statuses = [httpx.request(method, url, headers={"X-API-Key": key}).status_code for key in (barred, free)]
    assert statuses[0] == 429
    for key, status in zip((barred, free), statuses, strict=True):
        assert counted(api, status, key) == {f"{method} {template}": 1}


def test_a_key_that_opens_nothing_is_counted_where_it_was_tried(api: Api) -> None:
    for key in ("junk", unknown_key()):
        httpx.get(f"{api.server.url}/api/v1/tracks/trk_x", headers={"X-API-Key": key})
    httpx.get(f"{api.server.url}/api/v1/nowhere", headers={"X-API-Key": "junk"})
    assert counted(api, 401) == {"GET /api/v1/tracks/{track_id}": 2, "GET ": 1}


def test_so_is_what_the_door_turns_away(api: Api) -> None:
    url = f"{api.server.url}/api/v1/generate"
    large: dict[str, Any] = {"content": b"x" * 2_000_000, "headers": {"Content-Type": "application/json"}}
    assert httpx.post(url, **large).status_code == 413
    assert httpx.post(url, headers={"Host": "elsewhere.example"}).status_code == 421
    assert httpx.request("TRACE", url).status_code == 405
    assert counted(api, 413) == counted(api, 421) == {"POST /api/v1/generate": 1}
    assert counted(api, 405) == {"OTHER /api/v1/generate": 1}


def test_a_database_that_does_not_answer_is_counted_where_and_to_whom_it_happened(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_with(api, hour=10, day=10)
    with monkeypatch.context() as patched:

        async def fails(*_: object) -> None:
            raise StoreBusy("it is away")

        patched.setattr(api.server.services.limiter, "ask", fails)
        patched.setattr(api.server.services.limiter, "take", lambda _: None)
        answer = httpx.get(f"{api.server.url}/api/v1/tracks", headers={"X-API-Key": key})
        assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
        assert says_nothing_of_a_limit(answer)
    assert counted(api, 503, key) == {"GET /api/v1/tracks": 1}


def test_a_key_in_the_path_is_not_counted_under_any_route(api: Api) -> None:
    assert httpx.get(f"{api.server.url}/api/v1/tracks/{api.key}").status_code == 400
    assert counted(api, 400) == {"GET ": 1}
