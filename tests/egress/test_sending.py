"""Receivers that are slow, endless, broken or hostile, over sockets. It reads like the list of attacks."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import psutil
import pytest

from aimusicverse.egress import Answer, Egress, EgressError, Rules, connector
from aimusicverse.egress.line import IdleLines, Line
from tests.egress.receiver import (
    Receiver,
    Script,
    answering,
    deaf,
    dripping,
    ending,
    ok,
    pouring,
    silent,
)

BODY = b'{"type":"generation.completed"}'
HEADERS = {"Content-Type": "application/json", "webhook-id": "evt_1", "User-Agent": "aimusicverse/1"}
#: Seconds: whatever is slow comes later; and whatever must come first has come, on a busy machine too.
SOON, NOT_SO_SOON = 0.3, 1


async def send(egress: Egress, url: str, *, body: bytes = BODY, seconds: float = 5, **limits: int) -> Answer:
    return await egress.send(url, headers=HEADERS, body=body, deadline_seconds=seconds, **limits)


async def eventually(check: Callable[[], bool]) -> None:
    for _ in range(500):
        if check():
            return
        await asyncio.sleep(0.01)
    assert check()


def connections_to(port: int) -> int:
    return sum(1 for at in psutil.Process().net_connections("tcp") if at.raddr and at.raddr.port == port)


def with_buffer(which: int, size: int) -> Callable[[Any], socket.socket]:
    """What makes a socket for us, with a buffer of a certain size."""
    as_it_is = connector._socket_to

    def made(info: Any) -> socket.socket:
        made = as_it_is(info)
        made.setsockopt(socket.SOL_SOCKET, which, size)
        return made

    return made


async def failing(egress: Egress, url: str, **options: Any) -> tuple[str, str]:
    with pytest.raises(EgressError) as caught:
        await send(egress, url, **options)
    assert "/hook" not in caught.value.message
    assert "aiohttp" not in caught.value.message
    return caught.value.reason, caught.value.message


# -- what arrives ------------------------------------------------------------------------------


async def test_a_request_arrives_as_it_was_given_and_with_nothing_else(egress: Egress) -> None:
    async with Receiver(answering(ok("fine", content_type="text/plain", retry_after="7", x="1"))) as receiver:
        answer = await send(egress, receiver.url + "?a=%20")
    head, body = receiver.heard[0]
    assert body == BODY
    assert head.rstrip().split("\r\n") == [
        "POST /hook?a=%20 HTTP/1.1",
        f"Host: 127.0.0.1:{receiver.port}",
        "Content-Type: application/json",
        "webhook-id: evt_1",
        "User-Agent: aimusicverse/1",
        f"Content-Length: {len(BODY)}",
    ]
    assert (answer.status, answer.body, answer.truncated, answer.ended) == (200, b"fine", False, "complete")
    assert answer.headers == {"content-type": "text/plain", "retry-after": "7"}
    assert 0 < answer.duration_seconds < 5


async def test_a_body_without_headers_and_headers_without_a_body(egress: Egress) -> None:
    async with Receiver(answering(ok())) as receiver:
        await egress.send(receiver.url, headers={}, body=b"x")
        await egress.send(receiver.url, headers={"A": "b"}, body=b"")
    assert receiver.heard[0][0].rstrip().split("\r\n")[2:] == ["Content-Length: 1"]
    assert receiver.heard[1][0].rstrip().split("\r\n")[2:] == ["A: b", "Content-Length: 0"]


@pytest.mark.parametrize("status", [204, 304, 400, 410, 429, 500, 503, 999])
async def test_any_status_is_an_answer(egress: Egress, status: int) -> None:
    async with Receiver(answering(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n")) as receiver:
        assert (await send(egress, receiver.url)).status == status


async def test_who_would_rather_speak_something_else_has_answered_too(egress: Egress) -> None:
    answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    async with Receiver(answering(answer)) as receiver:
        assert (await send(egress, receiver.url)).status == 101
        await asyncio.wait_for(receiver.cut.wait(), 5)


async def test_ipv6_is_reached_on_loopback(egress: Egress) -> None:
    async with Receiver(answering(ok()), host="::1") as receiver:
        assert (await send(egress, receiver.url)).status == 200
    assert f"\r\nHost: [::1]:{receiver.port}\r\n" in receiver.heard[0][0]


async def test_early_hints_are_passed_over(egress: Egress) -> None:
    async with Receiver(answering("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok("late"))) as receiver:
        answer = await send(egress, receiver.url)
    assert (answer.status, answer.body) == (200, b"late")


async def test_what_a_receiver_puts_into_headers_is_made_fit_to_be_kept(egress: Egress) -> None:
    hostile = ok(content_type="text/\xff\x1b[31m" + "x" * 500, retry_after="\xe9")
    async with Receiver(answering(hostile)) as receiver:
        headers = (await send(egress, receiver.url)).headers
    assert headers["content-type"] == "text/??[31m" + "x" * 189
    assert headers["retry-after"] == "?"


# -- slow --------------------------------------------------------------------------------------


@contextmanager
def full_queue() -> Iterator[int]:
    """A port on which connecting hangs: the queue of those who wait to be accepted is full."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
        for one in waiting:
            one.close()


async def test_a_connection_that_hangs_ends_with_the_deadline(egress: Egress) -> None:
    with full_queue() as port:
        assert await failing(egress, f"http://127.0.0.1:{port}/hook", seconds=SOON) == (
            "timeout",
            f"127.0.0.1:{port} did not take a connection within 0.3 s.",
        )


DRIPPING_BODY = dripping("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", "x")
DRIPPING_HEAD = dripping("HTTP/1.1 200 OK\r\n", "X-More: 1\r\n")
SLOW: dict[str, Script] = {
    "no answer": silent,
    "a head that drips": DRIPPING_HEAD,
    "a status line that drips": dripping("HTTP/1.1 200 ", "O"),
    "informational answers that drip": dripping("", "HTTP/1.1 100 Continue\r\n\r\n"),
}


async def test_without_the_whole_head_of_an_answer_the_deadline_ends_it(egress: Egress) -> None:
    async def outcome(script: Script) -> bool:
        async with Receiver(script) as receiver:
            said = await failing(egress, receiver.url, seconds=NOT_SO_SOON)
            await asyncio.wait_for(receiver.cut.wait(), 5)
            return said == ("timeout", f"127.0.0.1:{receiver.port} did not answer within 1 s.")

    outcomes = await asyncio.gather(*map(outcome, SLOW.values()))
    assert dict(zip(SLOW, outcomes, strict=True)) == dict.fromkeys(SLOW, True)


async def test_a_handshake_that_hangs_ends_with_the_deadline(egress: Egress) -> None:
    async with Receiver(silent) as receiver:
        reason, _ = await failing(egress, receiver.url.replace("http", "https"), seconds=SOON)
    assert reason == "timeout"


async def test_a_body_that_drips_ends_with_the_deadline_and_its_status_counts(egress: Egress) -> None:
    async with Receiver(DRIPPING_BODY) as receiver:
        answer = await send(egress, receiver.url, seconds=NOT_SO_SOON)
        await asyncio.wait_for(receiver.cut.wait(), 5)
    assert (answer.status, answer.ended, answer.truncated) == (200, "deadline", True)
    assert set(answer.body) == {ord("x")}


async def test_a_receiver_that_does_not_read_ends_with_the_deadline_and_leaves_no_connection(
    egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As towards a receiver who is far away: little of what is sent is on its way.
    monkeypatch.setattr(connector, "_socket_to", with_buffer(socket.SO_SNDBUF, 4096))
    async with Receiver(deaf) as receiver:
        receiver.take_little()
        assert (await failing(egress, receiver.url, body=bytes(900_000), seconds=SOON))[0] == "timeout"
        await eventually(lambda: not connections_to(receiver.port))


async def test_all_steps_share_one_deadline(nothing_is_left: None) -> None:
    """Each of the two is quick enough for itself."""

    def slow_lookup(host: str) -> list[str]:
        time.sleep(0.3)
        return ["127.0.0.1"]

    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.request(reader)
        await asyncio.sleep(0.3)
        writer.write(ok().encode())
        await reader.readexactly(1)

    async with Receiver(script) as receiver, Egress(Rules.of(local=True), lookup=slow_lookup) as egress:
        url = f"http://hooks.example.com:{receiver.port}/hook"
        assert (await failing(egress, url, seconds=0.5))[0] == "timeout"


# -- endless -----------------------------------------------------------------------------------


CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ENDLESS: dict[str, Script] = {
    "body": pouring("HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
    "body of a known size": pouring("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b"x" * 65_536),
    "chunks": pouring(CHUNKED, b"1\r\nx\r\n" * 8_000),
    "about chunks": pouring(CHUNKED, (b"1;" + b"e" * 4_000 + b"\r\nx\r\n") * 16),
}


@pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS)
async def test_an_answer_without_end_is_cut_and_its_status_counts(egress: Egress, script: Script) -> None:
    async with Receiver(script) as receiver:
        tracemalloc.start()
        answer = await send(egress, receiver.url)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        await asyncio.wait_for(receiver.cut.wait(), 5)
    assert (answer.status, answer.truncated) == (200, True)
    assert answer.ended == "read_at_most"
    assert len(answer.body) <= 20_000
    assert peak < 4_000_000
    assert receiver.sent < 30_000_000  # what buffers of the system hold, and not the hundred millions


ENDLESS_HEADS: dict[str, Script] = {
    "headers": pouring("HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n" * 5_000),
    "one header": pouring("HTTP/1.1 200 OK\r\nX-More: ", b"x" * 65_536),
    "status line": pouring("HTTP/1.1 200 ", b"x" * 65_536),
    "informational answers": pouring("", b"HTTP/1.1 100 Continue\r\n\r\n" * 2_000),
    "no HTTP": pouring("", b"\0" * 65_536),
}


@pytest.mark.parametrize("script", ENDLESS_HEADS.values(), ids=ENDLESS_HEADS)
async def test_a_head_without_end_is_no_answer(egress: Egress, script: Script) -> None:
    async with Receiver(script) as receiver:
        assert (await failing(egress, receiver.url))[0] == "protocol"
        await asyncio.wait_for(receiver.cut.wait(), 5)


async def test_trailers_without_end_are_cut(egress: Egress) -> None:
    """Versions of aiohttp differ in whether there was an answer before them."""
    async with Receiver(pouring(f"{CHUNKED}0\r\n", b"X-Trailer: 1\r\n" * 4_000)) as receiver:
        with suppress(EgressError):
            assert (await send(egress, receiver.url)).ended == "read_at_most"
        await asyncio.wait_for(receiver.cut.wait(), 5)
    assert receiver.sent < 30_000_000


async def test_of_a_long_body_the_beginning_is_kept(egress: Egress) -> None:
    body = "".join(f"{number:06}" for number in range(8_000))
    async with Receiver(answering(ok(body))) as receiver:
        answer = await send(egress, receiver.url)
        assert (answer.ended, answer.truncated, answer.body) == ("complete", True, body[:20_000].encode())
        answer = await send(egress, receiver.url, keep=48_000)
        assert (answer.ended, answer.truncated, answer.body) == ("complete", False, body.encode())
        assert receiver.connections == 1
        answer = await send(egress, receiver.url, read_at_most=1_000)
        assert (answer.ended, answer.truncated) == ("read_at_most", True)
        assert body.encode().startswith(answer.body)
        assert 900 < len(answer.body) < 1_000


async def test_who_wants_all_of_an_answer_in_many_pieces_gets_it(
    egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They arrive at once, and aiohttp pauses in the middle of them."""
    monkeypatch.setattr(connector, "_socket_to", with_buffer(socket.SO_RCVBUF, 1_000_000))
    async with Receiver(answering(CHUNKED + "1\r\nx\r\n" * 40_000 + "0\r\n\r\n")) as receiver:
        answer = await send(egress, receiver.url, read_at_most=10**6, keep=10**6)
    assert (answer.ended, answer.truncated, len(answer.body)) == ("complete", False, 40_000)


async def test_a_compressed_answer_stays_as_it_came(egress: Egress) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    async with Receiver(answering(head.encode() + bomb)) as receiver:
        answer = await send(egress, receiver.url)
    assert (answer.body, answer.ended) == (bomb, "complete")


# -- broken ------------------------------------------------------------------------------------


@pytest.mark.parametrize("reset", [True, False], ids=["reset", "ended"])
async def test_an_answer_that_breaks_off_in_its_body_counts(egress: Egress, reset: bool) -> None:
    async with Receiver(ending("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", reset=reset)) as receiver:
        answer = await send(egress, receiver.url)
    assert (answer.status, answer.ended, answer.truncated, answer.body) == (200, "cut", True, b"half")


async def test_a_body_may_end_with_its_connection(egress: Egress) -> None:
    async with Receiver(ending("HTTP/1.1 200 OK\r\n\r\nall of it", reset=False)) as receiver:
        answer = await send(egress, receiver.url)
    assert (answer.ended, answer.truncated, answer.body) == ("complete", False, b"all of it")


@pytest.mark.parametrize("script", [answering(f"{CHUNKED}zz\r\n"), dripping(CHUNKED, "zz\r\n")])
async def test_what_is_no_chunk_is_no_answer_whenever_it_comes(egress: Egress, script: Script) -> None:
    async with Receiver(script) as receiver:
        assert (await failing(egress, receiver.url))[0] == "protocol"


@pytest.mark.parametrize("reset", [True, False], ids=["reset", "ended"])
@pytest.mark.parametrize("first", ["", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Le"])
async def test_a_connection_that_ends_before_an_answer(egress: Egress, first: str, reset: bool) -> None:
    async with Receiver(ending(first, reset=reset)) as receiver:
        reason, message = await failing(egress, receiver.url)
        assert (reason, message) == (
            "reset",
            f"127.0.0.1:{receiver.port} closed the connection before it answered.",
        )
        assert len(receiver.heard) == 1  # and it was not tried again behind the caller's back


@pytest.mark.parametrize("answer", ["220 mail.example.com ESMTP\r\n", "HTTP/2 200\r\n\r\n", "<html>\r\n\r\n"])
async def test_what_is_no_http(egress: Egress, answer: str) -> None:
    async with Receiver(answering(answer)) as receiver:
        assert await failing(egress, receiver.url) == (
            "protocol",
            f"127.0.0.1:{receiver.port} sent what is no answer of HTTP/1.1.",
        )


async def test_who_speaks_before_he_is_asked_is_no_http_server(egress: Egress) -> None:
    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n" * 4_000)
        await reader.read()

    async with Receiver(script) as receiver:
        assert (await failing(egress, receiver.url))[0] == "protocol"


async def test_nobody_listens(egress: Egress) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    assert await failing(egress, f"http://127.0.0.1:{port}/hook") == (
        "connect",
        f"127.0.0.1:{port} cannot be connected to: Connection refused.",
    )


async def test_an_answer_before_the_request_was_read(egress: Egress) -> None:
    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ok("too large", status="413 Content Too Large").encode())
        await asyncio.sleep(20)

    async with Receiver(script) as receiver:
        receiver.take_little()
        answer = await send(egress, receiver.url, body=bytes(900_000))
    assert (answer.status, answer.body) == (413, b"too large")


# -- leading elsewhere -------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_answer_and_nothing_follows_it(egress: Egress, status: int) -> None:
    async with Receiver(answering(ok())) as other:
        redirect = ok(status=f"{status} Elsewhere", location=other.url)
        async with Receiver(answering(redirect)) as receiver:
            answer = await send(egress, receiver.url)
    assert answer.status == status
    assert other.connections == 0


async def test_cookies_are_not_kept(egress: Egress) -> None:
    async with Receiver(answering(ok(set_cookie="a=b; Path=/"))) as receiver:
        for _ in range(2):
            await send(egress, receiver.url.replace("127.0.0.1", "localhost"))
    assert "cookie" not in receiver.heard[1][0].lower()


async def test_proxies_of_the_environment_are_not_used(
    egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Receiver(answering(ok())) as proxy, Receiver(answering(ok("direct"))) as receiver:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
            monkeypatch.setenv(name.upper(), proxy.url)
        monkeypatch.setenv("no_proxy", "")
        assert (await send(egress, receiver.url)).body == b"direct"
    assert proxy.connections == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Own": "a\r\nX-Evil: 1"},
        {"X-Own": "a\nX-Evil: 1"},
        {"X-Own": "a\rX-Evil: 1"},
        {"X-Own": "a\0"},
        {"X-Own": "é"},
        {"X-Own\r\nX-Evil": "1"},
        {"X-Own: 1\r\nX-Evil": "1"},
        {"X Own": "1"},
        {"": "1"},
        {"Host": "127.0.0.1"},
        {"Content-Length": "0"},
        {"transfer-encoding": "chunked"},
        {"Connection": "close"},
        {"Upgrade": "websocket"},
        {"Expect": "100-continue"},
        {"Accept-Encoding": "gzip"},
        {"Proxy-Authorization": "Basic s3cret"},
        {"X-Own": "1", "x-own": "2"},
        {"X-Own": "x" * 8_191},
        {f"X-{number}": "1" for number in range(65)},
    ],
    ids=repr,
)
async def test_headers_that_would_be_others_are_refused(egress: Egress, headers: dict[str, str]) -> None:
    async with Receiver(answering(ok())) as receiver:
        with pytest.raises(EgressError) as caught:
            await egress.send(receiver.url, headers=headers, body=BODY)
    assert caught.value.reason == "bad_header"
    assert "\n" not in caught.value.message
    assert "s3cret" not in caught.value.message
    assert receiver.connections == 0


# -- connections that are kept -----------------------------------------------------------------


async def test_a_connection_is_kept_and_used_again(egress: Egress) -> None:
    async with Receiver(answering(ok())) as receiver:
        for _ in range(5):
            await send(egress, receiver.url)
        assert receiver.connections == 1


async def test_a_connection_is_not_used_for_ever(egress: Egress, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Receiver(answering(ok())) as receiver:
        await send(egress, receiver.url)
        monkeypatch.setattr("aimusicverse.egress.line.LONGEST_LIFE", 0)
        await send(egress, receiver.url)
        assert receiver.connections == 2


async def test_a_kept_connection_that_is_closed_meanwhile_is_replaced(egress: Egress) -> None:
    """The second request of a connection meets its end, as when a server goes down."""

    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.request(reader)
        writer.write(ok(str(self.connections)).encode())
        await self.request(reader)

    async with Receiver(script) as receiver:
        await asyncio.gather(send(egress, receiver.url), send(egress, receiver.url))
        assert receiver.connections == 2
        assert (await send(egress, receiver.url)).body == b"3"
        assert len(receiver.heard) == 4  # the second connection that was kept is not tried: it is as old


async def test_it_is_replaced_once_and_not_for_ever(egress: Egress) -> None:
    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.request(reader)
        if self.connections == 1:
            writer.write(ok().encode())
            await self.request(reader)

    async with Receiver(script) as receiver:
        assert (await send(egress, receiver.url)).status == 200
        assert (await failing(egress, receiver.url))[0] == "reset"
        assert receiver.connections == 2
        assert len(receiver.heard) == 3


async def test_what_began_to_answer_is_not_asked_again(egress: Egress) -> None:
    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.request(reader)
        writer.write(ok().encode())
        await self.request(reader)
        writer.write(b"HTTP/1.1 20")
        await writer.drain()
        await asyncio.sleep(0.05)

    async with Receiver(script) as receiver:
        assert (await send(egress, receiver.url)).status == 200
        assert (await failing(egress, receiver.url))[0] == "reset"
        assert len(receiver.heard) == 2


async def test_a_connection_that_nobody_uses_is_closed(
    egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "KEPT_FOR", 0.1)
    async with Receiver(answering(ok())) as receiver:
        await send(egress, receiver.url)
        await asyncio.wait_for(receiver.cut.wait(), 5)


@pytest.mark.parametrize("pause", [0, 0.05], ids=["at once", "in two pieces"])
async def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next(
    egress: Egress, pause: float
) -> None:
    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.request(reader)
        head, body = ok("first").split("\r\n\r\n")
        writer.write(f"{head}\r\n\r\n".encode())
        await asyncio.sleep(pause)
        writer.write((body + ok("planted", status="500 No")).encode())
        await self.request(reader)

    async with Receiver(script) as receiver:
        for _ in range(3):
            assert (await send(egress, receiver.url)).body == b"first"
        assert receiver.connections == 3


async def test_who_says_anything_on_a_kept_connection_is_cut(egress: Egress) -> None:
    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.request(reader)
        writer.write(ok().encode())
        await asyncio.sleep(0.05)
        writer.write(b"H")
        await reader.readexactly(1)

    async with Receiver(script) as receiver:
        assert (await send(egress, receiver.url)).status == 200
        await asyncio.wait_for(receiver.cut.wait(), 5)
        assert (await send(egress, receiver.url)).status == 200


async def test_who_leaves_late_takes_nothing_from_the_next() -> None:
    """A connection is free as soon as an answer has ended, before whoever reads it knows."""
    line = Line(asyncio.get_running_loop(), IdleLines())
    first, second = object(), object()
    line.take(first, 10)
    line.take(second, 10)
    line.leave(first, keep=False)
    line.data_received(b"01234")
    assert not line.flooded
    line.leave(second, keep=False)
    line.data_received(b"0")
    assert line.flooded


async def test_of_many_connections_that_nobody_uses_only_some_are_kept(
    egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Receiver(answering(ok())) as receiver:
        monkeypatch.setattr("aimusicverse.egress.line.MOST_IDLE", 3)
        await asyncio.gather(*(send(egress, receiver.url) for _ in range(12)))
        assert receiver.connections == 12
        await eventually(lambda: connections_to(receiver.port) == 3)


# -- ends --------------------------------------------------------------------------------------


async def test_who_is_cancelled_leaves_nothing_behind(egress: Egress) -> None:
    for script in (silent, deaf, dripping("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", "x")):
        async with Receiver(script) as receiver:
            sending = asyncio.create_task(send(egress, receiver.url, body=bytes(500_000)))
            await eventually(lambda: receiver.connections == 1)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
    with full_queue() as port:
        sending = asyncio.create_task(send(egress, f"http://127.0.0.1:{port}/hook"))
        await asyncio.sleep(0.1)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
    async with Receiver(answering(ok())) as receiver:
        assert (await send(egress, receiver.url)).status == 200


async def test_what_is_being_sent_when_it_is_closed_fails(egress: Egress) -> None:
    async with Receiver(silent) as receiver:
        sending = asyncio.create_task(send(egress, receiver.url))
        await eventually(lambda: receiver.connections == 1)
        await egress.aclose()
        with pytest.raises(EgressError) as caught:
            await sending
        assert caught.value.reason == "reset"


async def test_it_may_be_closed_before_it_was_used() -> None:
    await Egress().aclose()


@pytest.fixture
async def crowd() -> AsyncIterator[list[Receiver]]:
    scripts = [
        answering(ok()),
        silent,
        ENDLESS["body"],
        answering("nonsense\r\n\r\n"),
        DRIPPING_HEAD,
    ]
    receivers = [await Receiver(script).__aenter__() for script in scripts]
    yield receivers
    for receiver in receivers:
        await receiver.__aexit__(None, None, None)


async def test_a_hundred_at_once_disturb_each_other_in_nothing(egress: Egress, crowd: list[Receiver]) -> None:
    async def outcome(number: int) -> str:
        try:
            answer = await send(egress, crowd[number % 5].url, seconds=10 if ends[number % 5] else SOON)
        except EgressError as error:
            return error.reason
        return answer.ended

    ends = ["complete", "", "read_at_most", "protocol", ""]
    outcomes = await asyncio.gather(*(outcome(number) for number in range(100)))
    assert outcomes == [end or "timeout" for end in ends] * 20
