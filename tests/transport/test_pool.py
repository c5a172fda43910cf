"""What goes out by a transport, or by a client that was passed in."""

from __future__ import annotations

import gzip
import json

import httpx
import pytest

from aimusicverse import APIStatusError
from tests.transport.peer import Peer, answer
from tests.transport.samples import generation, track

TRACK = answer(200, track())


def close(world, client):
    world((client.aclose if world.name == "async" else client.close)())


class Counting(httpx.MockTransport):
    closed = 0

    def close(self):
        self.closed += 1

    async def aclose(self):
        self.closed += 1


def test_a_transport_that_was_passed_in_is_closed_once_with_the_client(world):
    transport = Counting(lambda request: httpx.Response(200, json=track()))
    client = world.client(transport=transport)
    assert world(client.tracks.get("trk_1")).id == "trk_1"
    for _ in range(2):
        close(world, client)
    assert transport.closed == 1


def test_cookies_are_not_kept(any_world):
    with Peer(answer(200, track(), Set_Cookie="a=b; Path=/")) as peer:
        client = any_world.client(peer.url)
        for _ in range(2):
            any_world(client.tracks.get("trk_1"))
    assert all("cookie" not in heard.headers for heard in peer.heard)


def test_a_passed_in_client_that_follows_redirects_does_not_here(world):
    kind = httpx.AsyncClient if world.name == "async" else httpx.Client
    with Peer(answer(302, b"", Location="/elsewhere"), TRACK) as peer:
        http = kind(follow_redirects=True)
        with pytest.raises(APIStatusError, match="redirects are not followed"):
            world(world.client(peer.url, http_client=http).tracks.get("trk_1"))
        close(world, http)
    assert len(peer.heard) == 1


@pytest.mark.parametrize("packed", [False, True])
def test_a_hook_of_a_client_that_was_passed_in_may_read_the_answer(world, packed):
    body = json.dumps(track()).encode()
    step = (
        answer(200, gzip.compress(body), of="application/json", Content_Encoding="gzip") if packed else TRACK
    )
    seen = []

    def read(response):
        seen.append(response.read())

    async def aread(response):
        seen.append(await response.aread())

    asynchronous = world.name == "async"
    kind = httpx.AsyncClient if asynchronous else httpx.Client
    with Peer(step) as peer:
        http = kind(event_hooks={"response": [aread if asynchronous else read]})
        assert world(world.client(peer.url, http_client=http).tracks.get("trk_1")).id == "trk_1"
        close(world, http)
    assert [json.loads(body)["id"] for body in seen] == ["trk_1"]


def test_each_world_sends_the_same(any_world):
    with Peer(TRACK, answer(202, generation("queued"))) as peer:
        client = any_world.client(peer.url)
        any_world(client.tracks.get("trk_1"))
        any_world(client.generation.create("lofi ~ rain"))
    got, posted = peer.heard
    assert got.target == "/api/v1/tracks/trk_1"
    assert list(got.headers) == [
        "host", "accept", "accept-encoding", "connection", "user-agent", "authorization"
    ]  # fmt: skip
    assert got.headers["host"] == f"127.0.0.1:{peer.port}"
    assert posted.headers["content-type"] == "application/json"
    assert json.loads(posted.body)["prompt"] == "lofi ~ rain"


def test_an_address_goes_out_as_it_was_quoted(any_world):
    with Peer(answer(200, {"data": [], "next_cursor": None})) as peer:
        any_world.items(any_world.client(peer.url).tracks.list(genre="a/b ~ü%"))
    assert peer.heard[0].target.startswith("/api/v1/tracks?genre=a%2Fb+~%C3%BC%25")


def test_a_proxy_gets_the_credentials_in_its_address(any_world):
    with Peer(TRACK) as proxy:
        client = any_world.client(
            "http://music.example.com", proxy=f"http://me:secret@127.0.0.1:{proxy.port}", allow_http=True
        )
        for _ in range(2):
            any_world(client.tracks.get("trk_1"))
    assert [heard.target for heard in proxy.heard] == ["http://music.example.com/api/v1/tracks/trk_1"] * 2
    assert {heard.headers["proxy-authorization"] for heard in proxy.heard} == {"Basic bWU6c2VjcmV0"}
    assert all(heard.headers["authorization"].startswith("Bearer ") for heard in proxy.heard)
