"""Slowloris and its relatives: who keeps the server waiting is let go, and nobody else."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from aimusicverse.server.door import connection, patience
from tests.server.conftest import Api
from tests.server.door.conftest import PARSERS, started
from tests.server.door.wire import Wire

HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(parser, marks=[pytest.mark.long] * bool(index)) for index, parser in enumerate(PARSERS)
    ],
    ids=lambda parser: parser.__name__,
)
def hasty(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Api]:
    """A server that waits for a second or two. The parser that is seldom used comes in the long run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "Guarded", request.param)
        patch.setattr(patience, "BODY_SECONDS", 1.5)
        patch.setattr(patience, "ANSWER_SECONDS", 1.5)
        api = started(
            tmp_path_factory.mktemp("server"), header_seconds=1, idle_seconds=1, min_bytes_per_second=2000
        )
        yield api
        api.http.close()
        api.server.close()


def drip(wire: Wire, data: bytes, seconds: float = 0.1) -> float:
    """Send a byte now and then until the server has enough; for how long it took."""
    began = time.monotonic()
    wire.socket.settimeout(seconds)
    for byte in data:
        try:
            wire.send(bytes([byte]))
            if wire.socket.recv(1, socket.MSG_PEEK) is not None:
                break
        except TimeoutError:
            continue
        except OSError:
            break
    wire.socket.settimeout(10)
    return time.monotonic() - began


def test_headers_that_drip_are_cut(hasty: Api) -> None:
    with Wire(hasty.server.url) as wire:
        took = drip(wire, HEAD + b"X: " + b"x" * 500)
        answer = wire.answer()
        assert (answer.status, answer.code) == (408, "request_timeout")
        assert took < 20


def test_a_head_that_lacks_its_end_is_cut(hasty: Api) -> None:
    with Wire(hasty.server.url) as wire:
        wire.send(HEAD)
        assert wire.answer().code == "request_timeout"


def test_a_connection_on_which_nothing_comes_is_closed_without_a_word(hasty: Api) -> None:
    with Wire(hasty.server.url) as wire:
        assert wire.rest() == b""


def test_a_second_request_has_no_more_time_than_the_first(hasty: Api) -> None:
    with Wire(hasty.server.url) as wire:
        wire.send(HEAD + b"\r\n")
        assert wire.first().status == 200
        wire.send(HEAD)
        assert wire.answer().code == "request_timeout"


def test_an_idle_connection_is_closed(hasty: Api) -> None:
    with Wire(hasty.server.url) as wire:
        wire.send(HEAD + b"\r\n")
        assert wire.first().status == 200
        assert wire.rest() == b""


@pytest.mark.parametrize("framing", ["Content-Length: 2000", "Transfer-Encoding: chunked"])
def test_a_body_that_drips_is_cut(hasty: Api, framing: str) -> None:
    with Wire(hasty.server.url) as wire:
        wire.request(
            "POST /api/v1/generate HTTP/1.1",
            f"X-API-Key: {hasty.key}",
            "Content-Type: application/json",
            framing,
        )
        took = drip(wire, (b"1\r\n \r\n" if "chunked" in framing else b" ") * 300)
        assert wire.answer().code == "request_timeout"
        assert took < 20


def test_an_upload_that_drips_is_cut_and_leaves_nothing(hasty: Api) -> None:
    before = hasty.get("/tracks").json()
    with Wire(hasty.server.url) as wire:
        wire.request(
            "POST /api/v1/tracks?title=x HTTP/1.1",
            f"X-API-Key: {hasty.key}",
            "Content-Type: audio/wav",
            "Content-Length: 9000000",
        )
        drip(wire, b"R" * 300)
        assert wire.answer().code == "request_timeout"
    assert hasty.get("/tracks").json() == before
    folder = hasty.server.services.settings.data_dir / "blobs" / "tmp"
    deadline = time.monotonic() + 10
    while any(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list(folder.iterdir())


def test_the_rest_of_a_body_that_was_refused_is_not_waited_for(hasty: Api) -> None:
    with Wire(hasty.server.url) as wire:
        wire.request(
            "POST /api/v1/tracks?title=x HTTP/1.1", "Content-Type: audio/wav", "Content-Length: 9000000"
        )
        assert wire.first().status == 401
        drip(wire, b"R" * 300)
        assert wire.rest() == b""


def test_who_does_not_read_an_answer_is_cut(hasty: Api, caplog: pytest.LogCaptureFixture) -> None:
    [track] = hasty.generate(duration_seconds=600)["tracks"]
    size = track["audio"]["size_bytes"]
    with Wire(hasty.server.url) as wire:
        wire.request(f"GET /api/v1/tracks/{track['id']}/audio HTTP/1.1", f"X-API-Key: {hasty.key}")
        time.sleep(5)
        assert len(wire.rest()) < size  # what was in the buffers between
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_the_server_goes_on_for_others_meanwhile(hasty: Api) -> None:
    slow: list[Wire] = []
    try:
        for _ in range(200):
            slow.append(Wire(hasty.server.url))
            slow[-1].send(b"GET /healthz HT")  # at once: one that stays silent is closed without a word
        began = time.monotonic()
        for _ in range(20):
            assert hasty.get("/engines").status_code == 200
        assert time.monotonic() - began < 20
        for wire in slow:
            assert wire.answer().status == 408
    finally:
        for wire in slow:
            wire.socket.close()


def test_long_polls_and_steady_bodies_are_nobodys_fault(hasty: Api) -> None:
    waited = hasty.get("/events?after=999999&wait=3")
    assert waited.status_code == 200

    def steady() -> Iterator[bytes]:
        for _ in range(15):
            time.sleep(0.2)
            yield b" " * 2000

    answer = hasty.post("/generate", content=steady(), headers={"Content-Type": "application/json"})
    assert answer.json()["code"] == "malformed_json"


def test_a_body_that_the_server_does_not_read_yet_may_wait(
    hasty: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key's first check takes its time; then the body is read."""
    authenticator = hasty.server.services.authenticator
    original = authenticator.authenticate

    async def slow(text: str | None) -> Any:
        import asyncio

        await asyncio.sleep(3)
        return await original(text)

    monkeypatch.setattr(authenticator, "authenticate", slow)
    body = b'{"title": "' + b"x" * 300_000 + b'"}'
    answer = hasty.post("/playlists", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["code"] == "invalid_request"


def test_many_slow_connections_end_and_leave_nothing_behind(hasty: Api) -> None:
    def attack() -> None:
        with Wire(hasty.server.url) as wire:
            wire.send(b"POST /api/v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n ")
            wire.rest()

    threads = [threading.Thread(target=attack) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not [thread for thread in threads if thread.is_alive()]
    with httpx.Client() as http:
        assert http.get(f"{hasty.server.url}/healthz").status_code == 200
