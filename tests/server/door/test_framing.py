"""Request smuggling: what two programs might read differently is refused, and the connection ends."""

from __future__ import annotations

import time

import pytest

from tests.server.conftest import Api
from tests.server.door.wire import Wire

SMUGGLED = b"GET /problems/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /api/v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        POST + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + SMUGGLED,
        POST + b"Content-Length: 44\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
        POST + b"Content-Length: 0, 44\r\n\r\n" + SMUGGLED,
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: identity\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n' + SMUGGLED,
        POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Transfer_Encoding: chunked\r\nContent-Length : 5\r\n\r\n" + SMUGGLED,
        POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Content-Length: +5\r\n\r\nhello" + SMUGGLED,
        POST + b"Content-Length: -5\r\n\r\nhello" + SMUGGLED,
        POST + b"Content-Length: 0x5\r\n\r\nhello" + SMUGGLED,
        POST + b"Content-Length: 5 5\r\n\r\nhello" + SMUGGLED,
        POST + b"Content-Length: 5_0\r\n\r\nhello" + SMUGGLED,
        POST + b"Content-Length: \xb2\r\n\r\nhello" + SMUGGLED,
        POST + b"Content-Length:\r\n\r\nhello" + SMUGGLED,
        POST + b"Content-Length: 99999999999999999999999999\r\n\r\nhello" + SMUGGLED,
        POST + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n" + SMUGGLED,
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\rContent-Length: 44\r\n\r\n" + SMUGGLED,
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n" + SMUGGLED,
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n: a\r\n\r\n" + SMUGGLED,
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX Y: a\r\n\r\n" + SMUGGLED,
        b"GET /healthz HTTP/2.0\r\nHost: localhost\r\n\r\n" + SMUGGLED,
        b"GET /healthz HTTP/1.2\r\nHost: localhost\r\n\r\n" + SMUGGLED,
        b"GET /healthz HTTP/1.1 x\r\nHost: localhost\r\n\r\n" + SMUGGLED,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SMUGGLED,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + SMUGGLED,
    ],
)  # fmt: skip
def test_nothing_is_smuggled(wire: Wire, request_: bytes) -> None:
    wire.send(request_)
    answers = wire.answers()
    assert [(answer.status, answer.code) for answer in answers] == [(400, "malformed_http")]
    assert answers[0].header("connection") == "close"


def test_a_chunk_larger_than_any_number_is_no_end_of_a_body(wire: Wire) -> None:
    wire.send(POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\nhello\r\n" + SMUGGLED)
    assert wire.first().status in (400, 401)  # h11 lets it be that large, and waits for the rest


def test_nothing_of_a_refused_request_is_done(api: Api) -> None:
    before = api.get("/playlists").json()
    body = b'{"title": "smuggled"}'
    for framing in (
        b"Transfer-Encoding: identity\r\n\r\n" + body,
        b"Content-Length: 21\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n" + body + b"\r\n0\r\n\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n\r\n15\r\n" + body + b"\r\n0\r\n\r\n",
    ):
        with Wire(api.server.url) as wire:
            head = f"POST /api/v1/playlists HTTP/1.1\r\nHost: {wire.host}\r\nX-API-Key: {api.key}\r\n"
            wire.send(head.encode() + b"Content-Type: application/json\r\n" + framing)
            assert wire.answer().code == "malformed_http"
    assert api.get("/playlists").json() == before


def test_a_trailer_is_no_header(api: Api, wire: Wire) -> None:
    body = b'{"prompt": "x", "duration_seconds": 5}'
    wire.request(
        "POST /api/v1/generate HTTP/1.1",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
        "Trailer: X-API-Key",
        "Connection: close",
    )
    wire.send(b"%x\r\n%s\r\n0\r\nX-API-Key: %s\r\n\r\n" % (len(body), body, api.key.encode()))
    assert wire.answer().code == "api_key_missing"


def test_garbage_behind_a_request_spoils_no_answer_to_it(api: Api, wire: Wire) -> None:
    wire.request("GET /api/v1/events?after=9&wait=1 HTTP/1.1", f"X-API-Key: {api.key}")
    time.sleep(0.2)  # it waits
    wire.send(b"\x00garbage\r\n\r\n")
    # Cut, or answered one after the other, but no 400 for the first request.
    assert [answer.status for answer in wire.answers()] in ([], [200, 400])


@pytest.mark.parametrize(
    "method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "PURGE", "DEBUG", "get", "FOO", "G\u00cbT"]
)
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/tracks", "*"])
def test_other_methods_do_nothing(wire: Wire, method: str, path: str) -> None:
    wire.request(f"{method} {path} HTTP/1.1", "X-Secret: echo?", "Max-Forwards: 0", "Connection: close")
    answer = wire.answer()
    assert answer.status in (400, 405)
    assert answer.code in ("malformed_http", "method_not_allowed")
    assert b"echo?" not in answer.body
    if answer.status == 405:
        assert "GET" in (answer.header("allow") or "")
        assert "TRACE" not in (answer.header("allow") or "")


def test_a_tunnel_is_refused(wire: Wire) -> None:
    wire.send(b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n\x16\x03\x01")
    assert wire.answers()[0].status in (400, 421)


@pytest.mark.parametrize("upgrade", ["h2c", "websocket", "TLS/1.2", "anything"])
def test_an_upgrade_is_not_made_and_what_follows_is_not_read(wire: Wire, upgrade: str) -> None:
    wire.request("GET /healthz HTTP/1.1", "Connection: Upgrade, HTTP2-Settings", f"Upgrade: {upgrade}")
    wire.send(SMUGGLED)
    answers = wire.answers()
    assert answers[0].status == 200
    assert b"smuggled" not in b"".join(answer.body for answer in answers)


def test_requests_in_a_row_on_one_connection_are_answered_in_order(wire: Wire) -> None:
    for _ in range(20):
        wire.request("GET /healthz HTTP/1.1")
        wire.request("GET /nowhere HTTP/1.1")
    wire.request("GET /readyz HTTP/1.1", "Connection: close")
    assert [answer.status for answer in wire.answers()] == [200, 404] * 20 + [200]
