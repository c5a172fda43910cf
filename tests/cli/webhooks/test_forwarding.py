"""What a program answers, or does instead of answering, in the words that deliveries have for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

import pytest

from aimusicverse.cli.webhooks.forwarding import Forwarder, accepted
from aimusicverse.types import DeliveryAttempt, Event
from aimusicverse.webhooks.keys import new_secret
from tests.server.deliveries.receiver import Behaviour, Receiver, receiving

EVENT = Event(id="evt_1", seq=1, type="track.created", timestamp=datetime(2026, 1, 31, tzinfo=UTC), data={})


@pytest.fixture(scope="module")
def program() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def forwarded(url: str, *, seconds: float = 10) -> DeliveryAttempt:
    with Forwarder(url, url, new_secret()) as forwarder:
        return forwarder.forward(EVENT, number=1, seconds=seconds)


def says(*pieces: bytes, stall: threading.Event | None = None) -> Behaviour:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        for piece in pieces:
            handler.wfile.write(piece)
        if stall is not None:
            stall.wait(20)
        handler.close_connection = True

    return answer


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"


@pytest.mark.parametrize(
    ("pieces", "status", "error"),
    [
        ((), None, "reset"),
        ((b"SSH-2.0-secret words\r\n\r\n",), None, "protocol"),
        ((HEAD, b"half"), 200, "cut"),
        ((b"HTTP/1.1 204 No Content\r\n\r\n",), 204, None),
    ],
)
def test_an_answer_that_is_none_is_told_apart(
    program: Receiver, pieces: tuple[bytes, ...], status: int | None, error: str | None
) -> None:
    program.usual = says(*pieces)
    told = forwarded(program.url)
    assert (told.status_code, told.error) == (status, error)
    assert accepted(told) is (status is not None)  # what was answered counts, even if the rest did not come
    assert "secret" not in str(told.error_detail)


@pytest.mark.parametrize(
    ("pieces", "status", "error"), [((), None, "timeout"), ((HEAD, b"half"), 200, "deadline")]
)
def test_one_deadline_covers_all_of_an_answer(
    program: Receiver, pieces: tuple[bytes, ...], status: int | None, error: str
) -> None:
    over = threading.Event()
    program.usual = says(*pieces, stall=over)
    told = forwarded(program.url, seconds=0.3)
    over.set()
    assert (told.status_code, told.error) == (status, error)


def test_an_answer_without_an_end_is_left_alone(program: Receiver) -> None:
    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n")
        while True:
            handler.wfile.write(b"x" * 8192)

    program.usual = flood
    told = forwarded(program.url)
    assert (told.status_code, len(told.response_body or "")) == (200, 20_000)


def test_nobody_there_and_no_tls_there_are_told_apart(program: Receiver) -> None:
    with receiving() as gone:
        pass
    assert forwarded(gone.url).error == "connect"
    assert forwarded(program.url.replace("http:", "https:")).error == "tls"
    assert forwarded("http://nobody.invalid/hook").error == "dns"
