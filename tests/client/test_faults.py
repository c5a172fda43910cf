"""What can go wrong between a client and its server, one by one, on real sockets.

Each is tried in both worlds, and in the async one over httpx's own network and over aiohttp.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from email.utils import formatdate
from pathlib import Path

import psutil
import pytest

from aimusicverse import (
    APIConnectionError,
    APITimeoutError,
    AsyncClient,
    Client,
    InternalServerError,
    RateLimitError,
    RequestOptions,
)
from aimusicverse.transport.request import Request, build
from aimusicverse.transport.source import FileSource
from tests.transport.peer import Peer, answer, cut, drip, drip_head, gibberish, hang, problem
from tests.transport.samples import generation, track
from tests.transport.worlds import KEY

TRACK = answer(200, track())
SOUND = os.urandom(400_000)
SUM = hashlib.sha256(SOUND).hexdigest()
ETAG = f'"{SUM}"'


def get(world, peer, **options):
    options.setdefault("timeout", 10)
    return world(world.client(peer.url, **options).tracks.get("trk_1"))


# No connection


@pytest.mark.usefixtures("quick_retries")
def test_connection_refused(any_world):
    with Peer(TRACK) as peer:
        pass
    with pytest.raises(APIConnectionError, match="no connection") as caught:
        get(any_world, peer)
    assert "Connection refused" in str(caught.value)


def test_a_name_that_does_not_exist(any_world):
    client = any_world.client("https://nowhere.invalid", max_retries=0, timeout=20)
    with pytest.raises(APIConnectionError, match="no connection"):
        any_world(client.tracks.get("trk_1"))


@pytest.mark.usefixtures("quick_retries")
def test_a_server_that_does_not_speak_tls(any_world):
    with Peer(TRACK, greeting=b"220 smtp.example.com ESMTP\r\n") as peer:
        client = any_world.client(peer.url.replace("http:", "https:"), timeout=10)
        with pytest.raises(APIConnectionError, match=r"no connection \(.*SSL"):
            any_world(client.tracks.get("trk_1"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("needs the program openssl to make a certificate")
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    subprocess.run(
        ["openssl", *request.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", pem, "-out", pem],
        check=True,
        capture_output=True,
    )
    # `-keyout` and `-out` of the same name: openssl writes both, one after the other.
    return pem


@pytest.mark.usefixtures("quick_retries")
def test_a_certificate_that_nobody_vouches_for(any_world, certificate):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with Peer(TRACK, tls=tls) as peer:
        with pytest.raises(APIConnectionError, match=r"(?i)certificate"):
            get(any_world, peer)
        assert get(any_world, peer, verify=str(certificate)).id == "trk_1"


# A connection that breaks


@pytest.mark.usefixtures("quick_retries")
def test_a_reset_before_anything_was_read(any_world):
    with Peer(answer(202, generation()), slams=2) as peer:
        made = any_world(any_world.client(peer.url).generation.create("lofi"))
    assert made.id == "gen_1"
    assert len(peer.heard) == 1


@pytest.mark.usefixtures("quick_retries")
def test_a_reset_after_the_body_was_sent(any_world):
    with Peer(cut, answer(202, generation())) as peer:
        any_world(any_world.client(peer.url).generation.create("lofi"))
    first, second = peer.heard
    assert first.body == second.body
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


@pytest.mark.usefixtures("quick_retries")
def test_a_lost_connection_is_no_timeout(any_world):
    with Peer(cut) as peer, pytest.raises(APIConnectionError) as caught:
        get(any_world, peer)
    assert not isinstance(caught.value, APITimeoutError)
    assert len(peer.heard) == 3


@pytest.mark.usefixtures("quick_retries")
def test_half_a_response(any_world):
    half = answer(200, b'{"id": "trk', of="application/json", claim=800)
    with Peer(half, TRACK) as peer:
        assert get(any_world, peer).id == "trk_1"
    with Peer(half) as peer, pytest.raises(APIConnectionError):
        get(any_world, peer)


# An answer that takes its time


@pytest.mark.parametrize("slow", [drip_head(), drip(), hang], ids=["head", "body", "silence"])
def test_a_slow_drip_ends_at_the_deadline(any_world, slow):
    with Peer(slow) as peer:
        began = time.monotonic()
        with pytest.raises(APITimeoutError, match="GET /tracks/trk_1"):
            get(any_world, peer, timeout=0.4)
        assert 0.3 < time.monotonic() - began < 1.0


def test_a_server_that_reads_slowly_ends_at_the_deadline(any_world, tmp_path):
    (tmp_path / "big").write_bytes(bytes(30_000_000))

    def never_reads(listener):
        connection, _ = listener.accept()
        done.wait(10)
        connection.close()

    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=never_reads, args=(listener,))
        thread.start()
        began = time.monotonic()
        with pytest.raises(APITimeoutError):
            upload(
                any_world,
                f"http://127.0.0.1:{listener.getsockname()[1]}",
                build("POST", "/up", source=FileSource(tmp_path / "big")),
                timeout=0.5,
            )
        assert time.monotonic() - began < 1.5
        done.set()
        thread.join()


def test_the_clock_of_the_machine_jumps(any_world, monkeypatch):
    jumps = iter(range(0, 10**9, 86_400))
    real = time.time
    monkeypatch.setattr("time.time", lambda: real() + next(jumps))
    soon = formatdate(real() + 1, usegmt=True)
    with Peer(problem(503, "overloaded", Retry_After="0.2"), TRACK) as peer:
        assert get(any_world, peer).id == "trk_1"
    with Peer(problem(503, "overloaded", Retry_After=soon), TRACK) as peer:
        began = time.monotonic()
        assert get(any_world, peer).id == "trk_1"
        assert time.monotonic() - began < 2


# An answer that is none


@pytest.mark.usefixtures("quick_retries")
def test_an_html_502(any_world):
    html = answer(502, b"<html><h1>Bad Gateway</h1></html>", of="text/html", X_Request_Id="req_9")
    with Peer(html) as peer, pytest.raises(InternalServerError, match="502 Bad Gateway") as caught:
        get(any_world, peer)
    assert caught.value.request_id == "req_9"
    assert "<html" not in str(caught.value)
    with Peer(html, TRACK) as peer:
        assert get(any_world, peer).id == "trk_1"


@pytest.mark.usefixtures("quick_retries")
@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "it is empty"), (b'{"id": 5}', "fields differ"), (b"[]", "fields differ")],
    ids=["empty", "wrong-shape", "list"],
)
def test_a_200_that_is_empty_or_of_another_shape(any_world, content, said):
    bad = answer(200, content, of="application/json")
    with Peer(bad, TRACK) as peer:
        assert get(any_world, peer).id == "trk_1"
    with Peer(bad) as peer, pytest.raises(APIConnectionError, match=said):
        get(any_world, peer)


@pytest.mark.usefixtures("quick_retries")
def test_garbage_that_calls_itself_gzip(any_world):
    garbage = answer(200, b"\x1f\x8b not at all", of="application/json", Content_Encoding="gzip")
    with Peer(garbage) as peer, pytest.raises(APIConnectionError, match="compression is damaged"):
        get(any_world, peer)
    with Peer(garbage, TRACK) as peer:
        assert get(any_world, peer).id == "trk_1"


@pytest.mark.usefixtures("quick_retries")
def test_something_that_is_not_http(any_world):
    with Peer(gibberish) as peer, pytest.raises(APIConnectionError) as caught:
        get(any_world, peer)
    assert not isinstance(caught.value, APITimeoutError)


@pytest.mark.parametrize("absurd", ["99999999", "1e400", "-5", "soon", "Fri, 31 Dec 9999 23:59:59 GMT", "∞"])
def test_an_absurd_retry_after_never_outlasts_the_deadline(any_world, absurd):
    with Peer(refusal_with(absurd.encode())) as peer:
        began = time.monotonic()
        with pytest.raises(RateLimitError):
            get(any_world, peer, timeout=1.5)
        assert time.monotonic() - began < 2.0


def refusal_with(retry_after: bytes):
    def step(connection, peer):
        head = b"HTTP/1.1 429 X\r\nContent-Length: 0\r\nRetry-After: %s\r\n\r\n"
        connection.sendall(head % retry_after)

    return step


# A server that comes back


def page(number: int, following: str | None):
    return answer(200, {"data": [track(number)], "next_cursor": following})


@pytest.mark.usefixtures("quick_retries")
def test_a_restart_in_the_middle_of_a_page_walk(any_world):
    first = Peer(page(1, "two"))
    first.__enter__()
    seen = []
    second = Peer  # until it is there
    client = any_world.client(first.url)

    def restart():
        nonlocal second
        first.__exit__()
        second = Peer(page(2, "three"), page(3, None), port=first.port)
        second.__enter__()

    if any_world.name == "sync":
        for item in client.tracks.list(limit=1):
            seen.append(item.id)
            if len(seen) == 1:
                restart()
    else:

        async def walk():
            async for item in client.tracks.list(limit=1):
                seen.append(item.id)
                if len(seen) == 1:
                    restart()

        any_world(walk())
    second.__exit__()
    assert seen == ["trk_1", "trk_2", "trk_3"]
    assert [heard.target for heard in second.heard] == [
        "/api/v1/tracks?limit=1&cursor=two",
        "/api/v1/tracks?limit=1&cursor=three",
    ]


@pytest.mark.usefixtures("quick_retries")
def test_a_restart_in_the_middle_of_a_download(any_world, tmp_path):
    first = Peer(answer(200, SOUND[:150_000], of="audio/wav", claim=400_000, ETag=ETAG, X_Content_SHA256=SUM))
    first.__enter__()
    second = None

    def rest(connection, peer):
        start = int(peer.heard[-1].headers["range"].removeprefix("bytes=").removesuffix("-"))
        extent = f"bytes {start}-399999/400000"
        answer(206, SOUND[start:], of="audio/wav", ETag=ETAG, Content_Range=extent)(connection, peer)

    def restart(done, total):
        nonlocal second
        if second is None:
            first.__exit__()
            second = Peer(rest, port=first.port)
            second.__enter__()

    to = tmp_path / "song.wav"
    any_world(any_world.client(first.url, timeout=10).tracks.download("trk_1", to, progress=restart))
    second.__exit__()
    assert to.read_bytes() == SOUND
    assert second.heard[0].headers["if-range"] == ETAG


# What is sent more than once


def upload(world, url: str, request: Request, **options):
    """Send a request that no public method makes yet."""
    client = world.client(url, **options)

    if world.name == "sync":
        return client._engine.send(request, lambda body: body.read(), timeout=None, retries=None)

    async def read(body):
        return await body.read()

    return world(client._engine.send(request, read, timeout=None, retries=None))


@pytest.mark.usefixtures("quick_retries")
@pytest.mark.parametrize("trouble", [cut, problem(503, "overloaded"), answer(200, b"x", claim=99)])
def test_json_form_and_file_bodies_are_intact_on_every_retry(any_world, trouble, tmp_path):
    (tmp_path / "song.wav").write_bytes(SOUND)
    form = {"content-type": "application/x-www-form-urlencoded", "idempotency-key": "k"}
    with (tmp_path / "song.wav").open("rb") as opened:
        opened.seek(100_000)
        bodies = [
            (build("POST", "/x", json_body={"prompt": "la " * 999}), None),
            (Request("POST", "/x", form, b"a=1&b=%20" * 99), b"a=1&b=%20" * 99),
            (build("POST", "/x", source=FileSource(tmp_path / "song.wav")), SOUND),
            (build("POST", "/x", source=FileSource(opened)), SOUND[100_000:]),
        ]
        for request, expected in bodies:
            with Peer(trouble, trouble, answer(200, b"")) as peer:
                upload(any_world, peer.url, request)
            assert len(peer.heard) == 3
            first = peer.heard[0]
            assert first.body == (expected or request.body)
            assert all((heard.body, heard.headers) == (first.body, first.headers) for heard in peer.heard)
            assert first.headers["content-length"] == str(len(first.body))
            assert "transfer-encoding" not in first.headers


# Many at once, and many in a row


def test_a_hundred_threads_on_one_client():
    with Peer(TRACK) as peer, Client(KEY, peer.url) as client:
        got: list[str] = []

        def work():
            got.extend(client.tracks.get("trk_1").id for _ in range(5))

        threads = [threading.Thread(target=work) for _ in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert got == ["trk_1"] * 500


@pytest.mark.parametrize("transport", [None, "aiohttp"])
async def test_cancelled_tasks_leak_no_connection(transport):
    import httpx

    limits = httpx.Limits(max_connections=2, max_keepalive_connections=2)
    with Peer(*[hang] * 12, TRACK) as peer:
        async with AsyncClient(KEY, peer.url, transport=transport, limits=limits, timeout=10) as client:
            for number in range(6):
                tasks = [asyncio.create_task(client.tracks.get("trk_1")) for _ in range(2)]
                async with asyncio.timeout(20):
                    while len(peer.heard) < 2 * (number + 1):
                        await asyncio.sleep(0.005)
                for task in tasks:
                    task.cancel()
                ended = await asyncio.gather(*tasks, return_exceptions=True)
                assert all(isinstance(error, asyncio.CancelledError) for error in ended)
            assert len(peer.heard) == 12
            assert (await client.tracks.get("trk_1")).id == "trk_1"
            await asyncio.sleep(0)
            mine = psutil.Process().net_connections("tcp")
            ours = [c for c in mine if c.raddr and c.raddr.port == peer.port and c.status == "ESTABLISHED"]
            assert len(ours) <= 2


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
@pytest.mark.timeout(300)
def test_calls_leave_nothing_behind(any_world, count):
    process = psutil.Process()
    with Peer(TRACK) as peer:
        client = any_world.client(peer.url)

        async def loop():
            for _ in range(100):
                await client.tracks.get("trk_1")

        def call(times):
            for _ in range(times // 100):
                if any_world.name == "sync":
                    for _ in range(100):
                        client.tracks.get("trk_1")
                else:
                    any_world(loop())
                peer.heard.clear()  # what the other side remembers is not the client's
            gc.collect()

        call(1_000)
        memory, handles = process.memory_info().rss, process.num_fds()
        call(count)
        grown = process.memory_info().rss - memory
        assert grown < 1_000_000, f"{grown / 1e6:.2f} MB after {count} calls"
        assert abs(process.num_fds() - handles) <= 2


def test_a_call_that_may_not_be_repeated_is_not(any_world):
    request = Request("POST", "/x", {}, b"{}", repeatable=False)
    with Peer(cut) as peer, pytest.raises(APIConnectionError):
        upload(any_world, peer.url, request)
    assert len(peer.heard) == 1


def test_retries_can_be_turned_off_for_one_call(any_world):
    with Peer(cut) as peer, pytest.raises(APIConnectionError):
        any_world(any_world.client(peer.url).tracks.get("trk_1", options=RequestOptions(retries=0)))
    assert len(peer.heard) == 1
