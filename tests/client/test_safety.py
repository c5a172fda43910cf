"""A key is shown to nobody, goes to nobody else, and a client survives what programs do to it."""

from __future__ import annotations

import asyncio
import logging
import pickle
import subprocess
import sys
import textwrap
import traceback

import pytest

from aimusicverse import AsyncClient, Client, ConfigurationError, NotFoundError, RequestOptions
from tests.transport.peer import Peer, answer, hang, problem
from tests.transport.samples import track
from tests.transport.worlds import KEY

TRACK = answer(200, track())


def with_locals(error: BaseException) -> str:
    """What a crash reporter shows, without the frames of the test itself, which does hold the key."""
    rich = traceback.TracebackException.from_exception(error, capture_locals=True)
    pending, shown = [rich], []
    while pending:
        one = pending.pop()
        shown += [str(one)]
        shown += [str(f.locals) for f in one.stack if "/tests/" not in f.filename]
        pending += [other for other in (one.__cause__, one.__context__) if other is not None]
    return "\n".join(shown)


@pytest.mark.parametrize(
    ("key", "url"),
    [
        (KEY, "http://music.example.com"),
        (KEY, "not an address"),
        (KEY + "\n", "https://music.example.com"),
        (KEY + " ", None),
        ("ключ" + KEY, "https://music.example.com"),
    ],
)
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_client_that_cannot_be_made_does_not_show_the_key(kind, key, url):
    with pytest.raises(ConfigurationError) as caught:
        kind(key, url)
    assert "S3cr3t" not in with_locals(caught.value)


def test_a_key_in_the_environment_is_not_shown_either(monkeypatch):
    monkeypatch.setenv("AMV_API_KEY", KEY + " x")
    with pytest.raises(ConfigurationError) as caught:
        Client(base_url="https://music.example.com")
    assert "S3cr3t" not in with_locals(caught.value)


async def test_a_cancelled_call_does_not_show_the_key():
    for transport in (None, "aiohttp"):
        with Peer(hang) as peer:
            async with AsyncClient(KEY, peer.url, transport=transport) as client:
                task = asyncio.create_task(client.tracks.get("trk_1"))
                await asyncio.sleep(0.1)
                task.cancel()
                with pytest.raises(asyncio.CancelledError) as caught:
                    await task
                assert KEY not in with_locals(caught.value)


def test_what_interrupts_a_call_does_not_show_the_key(world, caplog):
    caplog.set_level(logging.DEBUG)

    def interrupt(_):
        raise KeyboardInterrupt

    with Peer(TRACK) as peer, pytest.raises(KeyboardInterrupt) as caught:
        world(world.client(peer.url, on_response=interrupt).tracks.get("trk_1"))
    assert KEY not in with_locals(caught.value) + caplog.text


def test_a_client_cannot_be_pickled_and_says_why(world):
    client = world.client()
    for thing in (client, client._engine, client.tracks):
        with pytest.raises(TypeError) as caught:
            pickle.dumps(thing)
        assert KEY not in str(caught.value)


def test_errors_pickle_whole(world):
    with (
        Peer(problem(404, "track_not_found", X_Request_Id="req_1")) as peer,
        pytest.raises(NotFoundError) as caught,
    ):
        world(world.client(peer.url).tracks.get("trk_1"))
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.request_id, again.code, again.status) == ("req_1", "track_not_found", 404)
    assert str(again) == str(caught.value)
    assert KEY.encode() not in pickle.dumps(caught.value)


# In the clear


@pytest.mark.parametrize(("said", "allowed"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_the_environment_can_allow_a_network_without_tls(world, monkeypatch, said, allowed):
    monkeypatch.setenv("AMV_ALLOW_HTTP", said)
    if allowed:
        assert world.client("http://server:8787").base_url == "http://server:8787"
        with pytest.raises(ConfigurationError, match="no TLS"):
            world.client("http://server:8787", allow_http=False)
    else:
        with pytest.raises(ConfigurationError, match="AMV_ALLOW_HTTP=1"):
            world.client("http://server:8787")


def test_a_setting_that_is_neither_yes_nor_no_is_refused(world, monkeypatch):
    monkeypatch.setenv("AMV_ALLOW_HTTP", "perhaps")
    with pytest.raises(ConfigurationError, match="AMV_ALLOW_HTTP is 1 or 0"):
        world.client("http://server:8787")
    assert world.client("http://localhost:1").base_url == "http://localhost:1"


# Processes and loops


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs fork")
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_forked_child_has_connections_of_its_own(kind):
    code = {
        "sync": """
            import os, sys
            from aimusicverse import Client
            client = Client("k", sys.argv[1])
            client.tracks.get("trk_1")
            child = os.fork()
            client.tracks.get("trk_2" if child else "trk_3")
            client.tracks.get("trk_2" if child else "trk_3")
            if not child:
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        """,
        "async": """
            import asyncio, os, sys
            from aimusicverse import AsyncClient
            client = AsyncClient("k", sys.argv[1])
            async def get(name):
                await client.tracks.get(name)
                return await client.tracks.get(name)
            async def first():
                await client.tracks.get("trk_1")
                child = os.fork()
                if child:
                    await get("trk_2")
                return child
            # the child leaves the parent's loop by asking for one of its own
            loop = asyncio.new_event_loop()
            child = loop.run_until_complete(first())
            if not child:
                asyncio.run(get("trk_3"))
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        """,
    }[kind]
    with Peer(TRACK) as peer:
        subprocess.run([sys.executable, "-c", textwrap.dedent(code), peer.url], check=True, timeout=30)
    used = {name: {h.connection for h in peer.heard if name in h.target} for name in ("_1", "_2", "_3")}
    assert len(peer.heard) == 5
    assert used["_1"] == used["_2"]  # the parent goes on as before
    assert len(used["_3"]) == 1
    assert used["_3"].isdisjoint(used["_1"])


def test_an_async_client_after_its_loop_says_so_whatever_is_asked():
    with Peer(answer(200, track(), Connection="close")) as peer:
        client = AsyncClient(KEY, peer.url)

        async def use():
            await client.tracks.get("trk_1")

        asyncio.run(use())
        with pytest.raises(ConfigurationError, match="another event loop"):
            asyncio.run(use())
        with pytest.raises(ConfigurationError, match="another event loop"):
            asyncio.run(client.aclose())


def test_a_closed_client_stays_closed(world):
    with Peer(TRACK) as peer:
        client = world.client(peer.url)
        other = client.with_options(timeout=1)
        world(client.tracks.get("trk_1"))
        for _ in range(2):
            world((client.aclose if world.name == "async" else client.close)())
        for closed in (client, other):
            with pytest.raises(ConfigurationError, match="closed"):
                world(closed.tracks.get("trk_1"))


# Options


def test_options_of_a_client_are_those_of_its_calls(world):
    options = RequestOptions(timeout=7, retries=5, headers={"X-Mine": "1"})
    client = world.client(options=options, max_retries=1)
    settings = client._engine.settings
    assert (settings.timeout, settings.retries, dict(settings.headers)) == (7, 1, {"x-mine": "1"})
    changed = client.with_options(options=RequestOptions(timeout=3), headers={"x-mine": "2"})._engine.settings
    assert (changed.timeout, changed.retries, dict(changed.headers)) == (3, 1, {"x-mine": "2"})
    with pytest.raises(ConfigurationError, match="idempotency_key is for one call"):
        world.client(options=RequestOptions(idempotency_key="k"))


def test_connections_are_said_in_one_place_only(world):
    import httpx

    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=track()))
    for said in ({"proxy": "http://p:1"}, {"verify": "x.pem"}, {"limits": httpx.Limits()}):
        with pytest.raises(ConfigurationError, match="set them there"):
            world.client(transport=transport, **said)
    with pytest.raises(ConfigurationError, match="cannot be read as authorities"):
        world.client("https://music.example.com", verify="/no/such/file.pem")
    with pytest.raises(ConfigurationError, match=r"verify is an ssl\.SSLContext"):
        world.client("https://music.example.com", verify=False)
    with pytest.raises(ConfigurationError, match="not 'curl'"):
        world.client(transport="curl")


def test_a_proxy_gets_what_goes_out_and_environment_and_no_proxy_are_heeded(world, monkeypatch):
    with Peer(TRACK) as proxy:
        client = world.client("http://music.example.com", proxy=proxy.url, allow_http=True)
        assert world(client.tracks.get("trk_1")).id == "trk_1"
        assert proxy.heard[0].target == "http://music.example.com/api/v1/tracks/trk_1"
        monkeypatch.setenv("http_proxy", f"127.0.0.1:{proxy.port}")
        world(world.client("http://music.example.com", allow_http=True).tracks.get("trk_1"))
        assert len(proxy.heard) == 2
        monkeypatch.setenv("no_proxy", "example.com")
        from aimusicverse.transport.connections import environment_proxy

        assert environment_proxy("http://music.example.com") is None
