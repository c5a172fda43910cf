"""Bounds of heads and bodies, whatever way they come in."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import psutil
import pytest

from tests.server.conftest import Api
from tests.server.door.wire import Wire

LIMIT = 32 * 1024
TOO_LARGE = (414, 431)


@pytest.mark.parametrize("pieces", [1, 7, 300])
@pytest.mark.parametrize(
    "head",
    [
        "GET /{x} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /healthz?{x} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nCookie: {x}\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\n{x}: x\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: {x}\r\n\r\n",
        "POST /api/v1/generate HTTP/1.1\r\nHost: localhost\r\nX: {x}\r\nContent-Length: 2\r\n\r\n{{}}",
    ],
    ids=["path", "query", "value", "name", "host", "with a body"],
)
def test_a_head_over_the_limit_is_refused(wire: Wire, head: str, pieces: int) -> None:
    data = head.format(x="x" * (LIMIT + 2000)).encode()
    size = -(-len(data) // pieces)
    for start in range(0, len(data), size):
        try:
            wire.send(data[start : start + size])
        except OSError:
            break  # it has been refused meanwhile
    answer = wire.answer()
    assert answer.status in TOO_LARGE
    assert answer.code in ("headers_too_large", "url_too_long")


def test_many_small_headers_are_as_large_as_one(wire: Wire) -> None:
    lines = [f"X-{number}: {number}" for number in range(4000)]
    wire.request("GET /healthz HTTP/1.1", *lines, "Connection: close")
    assert wire.answer().code == "headers_too_large"


def test_a_head_that_never_ends_is_refused_as_soon_as_it_is_too_large(wire: Wire) -> None:
    wire.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ")
    sent = 0
    try:
        while sent < 64 * 1024 * 1024:
            wire.send(b"x" * 4096)
            sent += 4096
    except OSError:
        pass
    assert sent < 8 * 1024 * 1024  # what fits into the buffers between


def test_a_head_below_the_limit_passes(wire: Wire) -> None:
    wire.request("GET /healthz HTTP/1.1", "Cookie: " + "x" * (LIMIT - 2000), "Connection: close")
    assert wire.answer().status == 200


def test_a_large_body_in_the_same_piece_is_no_large_head(api: Api, wire: Wire) -> None:
    body = json.dumps({"prompt": "x", "lyrics": "la " * 100_000}).encode()
    head = (
        f"POST /api/v1/generate HTTP/1.1\r\nHost: {wire.host}\r\nX-API-Key: {api.key}\r\n"
        f"Connection: close\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    wire.send(head.encode() + body)
    assert wire.answer().code == "invalid_request"  # too many words, and nothing else


@pytest.mark.parametrize("endless", [b"5;" + b"x" * 4096, b"0\r\nX: " + b"x" * 4096])
def test_extensions_and_trailers_without_end_are_refused(api: Api, wire: Wire, endless: bytes) -> None:
    wire.request(
        "POST /api/v1/generate HTTP/1.1",
        f"X-API-Key: {api.key}",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
    )
    sent = 0
    try:
        wire.send(endless)
        while sent < 64 * 1024 * 1024:
            wire.send(b"x" * 4096)
            sent += 4096
    except OSError:
        pass
    assert sent < 8 * 1024 * 1024


def test_what_is_refused_is_not_kept(api: Api) -> None:
    process = psutil.Process(os.getpid())
    before = process.memory_info().rss
    for _ in range(20):
        with Wire(api.server.url) as wire:
            wire.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
            try:
                for _ in range(512):
                    wire.send(b"x" * 4096)
            except OSError:
                pass
    assert process.memory_info().rss - before < 32 * 1024 * 1024


SMALL = {"title": "x"}


def large(size: int) -> bytes:
    return json.dumps({"title": "x", "description": "x" * size}).encode()


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/playlists"),
        ("PATCH", "/api/v1/playlists/pls_x"),
        ("PUT", "/api/v1/playlists/pls_x/tracks"),
        ("POST", "/api/v1/generate"),
        ("POST", "/api/v1/tracks/trk_x/play-url"),
    ],
)
def test_a_body_over_the_limit_is_refused(api: Api, method: str, path: str, chunked: bool) -> None:
    body = large(1024 * 1024)
    content: Any = (body[start : start + 65536] for start in range(0, len(body), 65536)) if chunked else body
    answer = api.http.request(
        method, api.server.url + path, content=content, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_it_is_refused_by_its_head_before_any_of_it_is_read(wire: Wire) -> None:
    wire.request("POST /api/v1/generate HTTP/1.1", "Content-Length: 99999999", "Expect: 100-continue")
    answer = wire.answer()
    assert (answer.status, answer.code) == (413, "body_too_large")


def test_a_number_too_large_for_any_disk_is_refused(wire: Wire) -> None:
    wire.request("POST /api/v1/tracks HTTP/1.1", "Content-Length: 9223372036854775807", "Connection: close")
    assert wire.first().status == 401


def test_the_limits_can_be_set(start: Callable[..., Api]) -> None:
    api = start(max_body_kb=2, max_header_kb=4)
    assert api.post("/playlists", json=SMALL).status_code == 201
    answer = api.post("/playlists", content=large(2048), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert "2,048 bytes" in answer.json()["detail"]
    for size, status in ((3000, 200), (6000, 431)):
        with Wire(api.server.url) as wire:
            wire.request("GET /healthz HTTP/1.1", "Cookie: " + "x" * size, "Connection: close")
            assert wire.answer().status == status


def test_a_fault_on_an_upload_does_not_make_it_too_large(start: Callable[..., Api]) -> None:
    api = start(dev=True)
    fault = {"route": "POST /tracks", "delay_seconds": 0.01}
    api.http.post(f"{api.server.url}/_local/faults", json=fault).raise_for_status()
    answer = api.post("/tracks?title=x", content=b"x" * 3_000_000, headers={"Content-Type": "audio/wav"})
    assert (answer.status_code, answer.json()["code"]) == (422, "audio_unreadable")
