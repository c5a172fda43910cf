"""CORS: whole origins from a list, for nobody else, and never with a browser's credentials."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from aimusicverse.errors import ConfigurationError
from aimusicverse.server.door import origins
from aimusicverse.server.settings import Settings
from tests.server.conftest import Api
from tests.server.door.conftest import started

PAGE = "https://app.example.com"
ALLOWED = f"{PAGE}, http://localhost:5173 ,https://other.example.com:8443"
CORS = ("access-control-allow-origin", "access-control-allow-credentials", "access-control-expose-headers")


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server with a list."""
    api = started(tmp_path_factory.mktemp("server"), cors_origins=ALLOWED)
    yield api
    api.http.close()
    api.server.close()


def preflight(api: Api, origin: str, path: str = "/api/v1/tracks") -> httpx.Response:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    return httpx.options(api.server.url + path, headers=headers)


@pytest.mark.parametrize("origin", [PAGE, "http://localhost:5173", "https://other.example.com:8443"])
def test_a_page_on_the_list_may_call_and_read(listed: Api, origin: str) -> None:
    answer = listed.get("/tracks", headers={"Origin": origin})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["vary"] == "Origin"
    shown = answer.headers["access-control-expose-headers"].lower().split(", ")
    assert {"x-request-id", "etag", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= set(
        shown
    )
    assert {"retry-after", "content-range", "deprecation", "sunset"} <= set(shown)
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/api/v1/tracks", "/api/v1/tracks/trk_x/audio", "/nowhere"])
def test_its_browser_is_told_beforehand_what_it_may_send(listed: Api, path: str) -> None:
    answer = preflight(listed, PAGE, path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "content-length" not in answer.headers
    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= set(
        answer.headers["access-control-allow-methods"].split(", ")
    )
    taken = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "x-api-key", "content-type", "idempotency-key", "if-match", "range"} <= set(
        taken
    )
    assert "*" not in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["vary"].startswith("Origin")
    assert int(answer.headers["access-control-max-age"]) > 0


def test_its_refusals_can_be_read_too(listed: Api) -> None:
    for path, status in {"/api/v1/tracks": 401, "/nowhere": 404, "/healthz?api_key=x": 400}.items():
        answer = httpx.get(listed.server.url + path, headers={"Origin": PAGE})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, PAGE)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "*",
        "",
        # suffix, prefix, sub-domain
        "https://app.example.com.evil.example",
        "https://evilapp.example.com",
        "https://evil-app.example.com",
        "https://a.app.example.com",
        "https://example.com",
        "https://app.example.co",
        "https://app.example.comm",
        "https://app-example.com",
        "https://appxexample.com",
        # scheme
        "http://app.example.com",
        "wss://app.example.com",
        "file://",
        "https:app.example.com",
        # port
        "https://app.example.com:443",
        "https://app.example.com:8443",
        "http://localhost",
        "http://localhost:517",
        "http://localhost:51730",
        "https://other.example.com",
        # spellings that no browser sends
        "HTTPS://APP.EXAMPLE.COM",
        "https://app.example.com/",
        "https://app.example.com.",
        "https://user@app.example.com",
        "https://app.example.com https://evil.example",
        "https://app.example.com, https://evil.example",
        "https://evil.example?https://app.example.com",
        "https://evil.example#https://app.example.com",
        "https://app.example.com%00.evil.example",
    ],
)  # fmt: skip
def test_nobody_else_may_neither_ask_nor_read(listed: Api, origin: str) -> None:
    answer = listed.get("/tracks", headers={"Origin": origin})
    assert not [name for name in CORS if name in answer.headers]
    assert answer.headers["vary"] == "Origin"  # or a cache would hand it to those who may
    asked = preflight(listed, origin)
    assert (asked.status_code, asked.json()["code"]) == (403, "origin_not_allowed")
    assert not [name for name in asked.headers if name.startswith("access-control-")]


def test_two_origins_are_not_the_one_on_the_list(listed: Api) -> None:
    for pair in ([PAGE, "https://evil.example"], ["https://evil.example", PAGE]):
        answer = httpx.get(f"{listed.server.url}/healthz", headers=[("Origin", one) for one in pair])
        allowed = answer.headers.get_list("access-control-allow-origin")
        assert allowed in ([], [PAGE])  # a browser sends one; and never is another named


def test_an_answer_varies_by_origin_also_for_those_who_send_none(listed: Api) -> None:
    answer = listed.get("/tracks")
    assert answer.headers["vary"] == "Origin"
    assert "access-control-allow-origin" not in answer.headers


def test_options_that_is_no_question_of_a_browser_is_an_ordinary_call(listed: Api) -> None:
    answer = httpx.options(f"{listed.server.url}/api/v1/tracks", headers={"Origin": PAGE})
    assert answer.status_code == 405


def test_the_list_is_empty_unless_it_is_set(api: Api) -> None:
    answer = api.get("/tracks", headers={"Origin": PAGE})
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control-") or name == "vary"]
    asked = preflight(api, PAGE)
    assert asked.status_code == 405
    assert not [name for name in asked.headers if name.startswith("access-control-")]


def test_origins_are_kept_as_browsers_send_them() -> None:
    assert origins.listed(
        "HTTPS://App.Example.com:443,http://LOCALHOST:80 , http://[::1]:3000,tauri://localhost,"
    ) == (
        b"https://app.example.com",
        b"http://localhost",
        b"http://[::1]:3000",
        b"tauri://localhost",
    )


@pytest.mark.parametrize(
    "value",
    [
        "*", "null", "https://*.example.com", "app.example.com", "https://app.example.com/", "https://a.com/x",
        "https://a.com?x", "https://a.com#", "https://u:p@a.com", "https://", "https://a.com:port", "//a.com",
        "https://müsic.example", "https://a.com https://b.com", "https://a\x00.com",
    ],
)  # fmt: skip
def test_what_is_no_origin_cannot_be_on_the_list(value: str) -> None:
    with pytest.raises(ConfigurationError, match="AMV_CORS_ORIGINS"):
        Settings.from_environment({"AMV_CORS_ORIGINS": f"https://first.example,{value}"})
