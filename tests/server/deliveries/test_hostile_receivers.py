"""Receivers that hang, drip, flood or break off: one deadline and one cap, and nobody else waits for them."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest
import sqlalchemy as sa

from aimusicverse.server.store.base import Store
from aimusicverse.server.store.tables import delivery_attempt
from aimusicverse.types import Delivery, DeliveryAttempt, Webhook
from aimusicverse.webhooks import message
from tests.server.deliveries.box import Box, sends
from tests.server.deliveries.receiver import PATIENCE, Behaviour, Receiver, answer_with
from tests.server.processes import until

DEADLINE = 0.4
SOON = timedelta(seconds=2)


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Whoever sends has less time; at first a moment."""

    def set_to(seconds: float) -> None:
        monkeypatch.setattr(message, "DEADLINE_SECONDS", seconds)

    set_to(DEADLINE)
    return set_to


def tried(box: Box, url: str) -> tuple[Delivery, DeliveryAttempt]:
    """A delivery after its first try."""
    target = box.webhook(url)
    box.trigger()
    with sends(box.store):
        until(lambda: box.of(target)[0].attempts)
        found = box.get(box.of(target)[0].id)
    return found, found.attempts[0]


def answered(box: Box, receiver: Receiver, *parts: bytes | float) -> tuple[Delivery, DeliveryAttempt]:
    """A delivery whose first try is answered with these bytes, with pauses of so many seconds."""
    receiver.answers.append(raw(*parts))
    return tried(box, receiver.url)


def raw(*parts: bytes | float) -> Behaviour:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        with suppress(OSError):  # whoever sends has hung up
            for part in parts:
                if isinstance(part, bytes):
                    handler.wfile.write(part)
                else:
                    time.sleep(part)

    return answer


def drip(data: bytes) -> Iterator[bytes | float]:
    """A byte now and then, for much longer than there is time."""
    for byte in data * 50:
        yield bytes([byte])
        yield DEADLINE / 20


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Break off at once, without a goodbye."""
    handler.close_connection = True
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


HEAD = b"HTTP/1.1 200 OK\r\n"
BODY = HEAD + b"Content-Type: text/plain\r\n"


# -- no answer --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("hurried")
def test_one_that_takes_no_connection(box: Box) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        place = full.getsockname()
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)
            with suppress(BlockingIOError):
                one.connect(place)
        found, attempt = tried(box, f"http://127.0.0.1:{place[1]}/")
        for one in crowd:
            one.close()
    assert (found.status, attempt.status_code, attempt.error) == ("pending", None, "timeout")
    assert attempt.duration_ms < DEADLINE * 1000 + 2_000


def test_one_where_nobody_listens(box: Box) -> None:
    found, attempt = tried(box, "http://127.0.0.1:9/")
    assert (found.status, attempt.status_code, attempt.error) == ("pending", None, "connect")
    assert attempt.error_detail


@pytest.mark.usefixtures("hurried")
def test_one_that_never_answers(box: Box, receiver: Receiver) -> None:
    found, attempt = answered(box, receiver, DEADLINE * 4)
    assert (found.status, attempt.status_code, attempt.error) == ("pending", None, "timeout")


@pytest.mark.usefixtures("hurried")
def test_one_that_drips_its_headers(box: Box, receiver: Receiver) -> None:
    found, attempt = answered(box, receiver, HEAD, *drip(b"X-A: b\r\n"))
    assert (found.status, attempt.status_code, attempt.error) == ("pending", None, "timeout")


def test_one_with_headers_without_end(box: Box, receiver: Receiver) -> None:
    found, attempt = answered(box, receiver, HEAD, *[b"X-Header: " + b"x" * 1_000 + b"\r\n"] * 200)
    assert (found.status, attempt.status_code, attempt.error) == ("pending", None, "protocol")


def test_one_that_does_not_speak_http(box: Box, receiver: Receiver) -> None:
    found, attempt = answered(box, receiver, b"SSH-2.0-OpenSSH_9.6\r\n")
    assert (found.status, attempt.status_code, attempt.error) == ("pending", None, "protocol")


def test_one_that_breaks_off_before_it_answers_gets_it_again_under_the_same_id(
    box: Box, receiver: Receiver
) -> None:
    receiver.answers.append(reset)
    target = box.webhook(receiver.url)
    [event] = box.trigger()
    with sends(box.store):
        until(lambda: box.of(target)[0].attempts)
        box.store.clock.set_offset(SOON)
        until(lambda: box.of(target, "succeeded"))
    errors = [one.error for one in box.of(target)[0].attempts]
    assert errors == ["reset", None]
    assert [one.id for one in receiver.received] == [event, event]


def test_one_that_does_its_work_and_is_too_slow_to_say_so_gets_it_again_under_the_same_id(
    box: Box, receiver: Receiver, hurried: Callable[[float], None]
) -> None:
    receiver.answers.append(raw(DEADLINE * 3, HEAD + b"Content-Length: 0\r\n\r\n"))
    target = box.webhook(receiver.url)
    [event] = box.trigger()
    with sends(box.store):
        until(lambda: box.of(target)[0].attempts)
        hurried(PATIENCE)
        box.store.clock.set_offset(SOON)
        until(lambda: box.of(target, "succeeded"))
    first, second = receiver.received
    assert first.id == second.id == event
    assert first.body == second.body
    errors = [one.error for one in box.of(target)[0].attempts]
    assert errors == ["timeout", None]


# -- an answer, and then -----------------------------------------------------------------------------


def test_one_that_drips_its_body_has_answered(
    box: Box, receiver: Receiver, hurried: Callable[[float], None]
) -> None:
    hurried(DEADLINE * 2)  # enough for the head
    found, attempt = answered(box, receiver, BODY + b"Content-Length: 100000\r\n\r\n", *drip(b"x"))
    assert (found.status, attempt.status_code, attempt.error) == ("succeeded", 200, "deadline")
    assert attempt.duration_ms < DEADLINE * 1000 + 2_000
    assert attempt.response_body
    assert set(attempt.response_body) == {"x"}


@pytest.mark.parametrize(("status", "then"), [(200, "succeeded"), (500, "pending")])
def test_one_whose_body_has_no_end_is_read_so_far_and_no_further(
    box: Box, receiver: Receiver, status: int, then: str
) -> None:
    sent = [0]

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        with suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 %d X\r\n\r\n" % status)
            while sent[0] < 50_000_000:
                sent[0] += handler.wfile.write(b"abcdefgh" * 1_000)

    receiver.answers.append(flood)
    found, attempt = tried(box, receiver.url)
    assert (found.status, attempt.status_code) == (then, status)
    assert attempt.response_body is not None
    assert len(attempt.response_body) == message.KEPT_BYTES
    assert sent[0] < 50_000_000  # it was cut off


def test_a_gzip_bomb_is_kept_as_it_came_and_never_inflated(box: Box, receiver: Receiver) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    found, attempt = answered(
        box,
        receiver,
        BODY + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb,
    )
    assert (found.status, attempt.status_code, attempt.error) == ("succeeded", 200, None)
    kept = box.store.read_now(lambda tx: tx.scalar(sa.select(delivery_attempt.c.response_body)))
    assert kept == bomb[: message.KEPT_BYTES]


def test_one_that_says_200_and_breaks_off_has_done_its_work(box: Box, receiver: Receiver) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(BODY + b"Content-Length: 1000\r\n\r\nhalf")
        time.sleep(DEADLINE / 8)  # a reset throws away what was not read yet
        reset(handler)

    receiver.answers.append(answer)
    found, attempt = tried(box, receiver.url)
    assert (found.status, attempt.status_code, attempt.error) == ("succeeded", 200, "cut")
    assert attempt.response_body == "half"
    assert len(receiver.received) == 1


@pytest.mark.parametrize("body", [b"\x00\xff\xfe NUL", "夜".encode("utf-16"), b"<script>alert(1)</script>"])
def test_a_body_that_is_no_text_is_shown_as_far_as_it_is_one(
    box: Box, receiver: Receiver, body: bytes
) -> None:
    receiver.answers.append(answer_with(500, body))
    _, attempt = tried(box, receiver.url)
    assert attempt.response_body == body.decode("utf-8", "replace")


# -- others -----------------------------------------------------------------------------------------


def test_one_that_hangs_holds_up_no_other(
    box: Box, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message, "DEADLINE_SECONDS", PATIENCE * 2)
    released = threading.Event()

    def hang(handler: BaseHTTPRequestHandler) -> None:
        released.wait(PATIENCE)
        answer_with(200)(handler)

    slow, quick = box.webhook(f"{receiver.url}/slow"), box.webhook(f"{receiver.url}/quick")
    receiver.at["/hook/slow"] = hang
    box.trigger(30)
    with sends(box.store):
        until(lambda: len(box.of(quick, "succeeded")) == 30)
        assert all_wait(box, slow)
        released.set()
        until(lambda: len(box.of(slow, "succeeded")) == 30)


def all_wait(box: Box, target: Webhook) -> bool:
    return {one.status for one in box.of(target)} == {"pending"}
