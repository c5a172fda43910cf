"""What every answer says to browsers, whatever it is and wherever it comes from."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest

from tests.server.conftest import Api
from tests.server.door.wire import Answer, Wire
from tests.server.processes import until


def of(answer: Answer | httpx.Response) -> dict[str, str]:
    pairs = answer.headers.multi_items() if isinstance(answer, httpx.Response) else answer.headers
    names = [name.lower() for name, _ in pairs]
    assert len(set(names)) == len(names), names
    return {name.lower(): value for name, value in pairs}


def check(answer: Answer | httpx.Response) -> dict[str, str]:
    headers = of(answer)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cross-origin-resource-policy"] in ("same-origin", "cross-origin")
    assert headers["cache-control"]
    assert headers["x-request-id"].startswith("req_")
    assert headers["date"]
    assert not {"server", "x-powered-by", "access-control-allow-origin"} & set(headers)
    return headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/docs", 200),
        ("GET", "/docs/assets/swagger-ui.css", 200),
        ("GET", "/docs/assets/start.js", 200),
        ("GET", "/problems/internal_error", 200),
        ("GET", "/api/v1/tracks", 200),
        ("GET", "/api/v1/tracks/trk_none", 404),
        ("GET", "/api/v1/tracks?limit=0", 422),
        ("PATCH", "/api/v1/tracks", 405),
        ("POST", "/api/v1/generate", 422),
        ("GET", "/nowhere", 404),
        ("GET", "/healthz?api_key=x", 400),
        ("HEAD", "/api/v1/tracks/trk_none/audio", 404),
        ("OPTIONS", "/api/v1/tracks", 405),
        ("TRACE", "/api/v1/tracks", 405),
    ],
)
def test_every_answer_has_them_once(api: Api, method: str, path: str, status: int) -> None:
    answer = httpx.request(method, api.server.url + path, headers={"X-API-Key": api.key})
    assert answer.status_code == status
    headers = check(answer)
    assert headers["cross-origin-resource-policy"] == "same-origin"
    if path.startswith("/api/"):
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
        b"POST /api/v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n",
    ],
    ids=["nonsense", "no host", "another host", "long URL", "long header", "large body"],
)
def test_also_what_no_application_has_seen(wire: Wire, data: bytes) -> None:
    wire.send(data)
    answer = wire.answer()
    check(answer)
    assert answer.problem()["title"]
    assert answer.header("connection") == "close"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_defect_has_them_and_shows_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret of the house")

    for name in ("read", "write"):
        monkeypatch.setattr(api.server.services.store, name, broken)
    with caplog.at_level(logging.ERROR, "aimusicverse.server.access"):
        answer = api.http.request(method, "/playlists", json={"title": "x"})
        until(lambda: caplog.records)  # it is answered first
    assert [record.message for record in caplog.records] == ["a request met a defect"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret of the house" not in answer.text
    check(answer)


def test_audio_may_be_played_by_pages_of_others(api: Api) -> None:
    [track] = api.generate()["tracks"]
    link = api.post(f"/tracks/{track['id']}/play-url", json={"format": "wav"}).json()["url"]
    for headers, status in (({}, 200), ({"Range": "bytes=0-99"}, 206)):
        answer = httpx.get(link, headers=headers)
        assert answer.status_code == status
        assert check(answer)["cross-origin-resource-policy"] == "cross-origin"
        assert "no-store" not in answer.headers["cache-control"]
    cached = httpx.get(link, headers={"If-None-Match": answer.headers["etag"]})
    assert cached.status_code == 304
    assert check(cached)["cross-origin-resource-policy"] == "cross-origin"
    changed = httpx.get(link + "x")
    assert changed.status_code == 403
    assert check(changed)["cross-origin-resource-policy"] == "same-origin"


def test_the_documentation_may_load_what_is_its_own_and_nothing_else(api: Api) -> None:
    policy = check(httpx.get(f"{api.server.url}/docs"))["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["script-src"] == "'self'"
    assert rules["connect-src"] == "'self'"
    assert rules["form-action"] == rules["base-uri"] == "'none'"
    assert "http" not in policy
    kept = httpx.get(f"{api.server.url}/docs/assets/swagger-ui-bundle.js").headers["cache-control"]
    assert "max-age" in kept
