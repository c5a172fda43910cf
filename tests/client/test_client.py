from __future__ import annotations

import httpx
import pytest
import respx

from aimusicverse import APITimeoutError, ConfigurationError, JobFailedError, RequestOptions, Secret
from tests.transport.peer import Peer, answer
from tests.transport.samples import generation, track
from tests.transport.worlds import KEY, URL


def test_a_client_shows_its_server_and_not_its_key(world):
    client = world.client()
    assert client.base_url == URL
    assert repr(client).endswith("Client(base_url='http://127.0.0.1:8787', api_key=***)")
    assert KEY not in repr(client) + str(client)


def test_a_key_may_be_a_secret(world):
    with respx.mock:
        route = respx.get(f"{URL}/api/v1/tracks/trk_1").respond(200, json=track())
        world(world.client(api_key=Secret(KEY)).tracks.get("trk_1"))
    assert route.calls[0].request.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "base",
    ["https://music.example.com", "https://music.example.com/api/v1/", "https://MUSIC.example.com:443"],
)
def test_the_prefix_is_added_once(world, base):
    with respx.mock:
        respx.get("https://music.example.com/api/v1/tracks/trk_1").respond(200, json=track())
        assert world(world.client(base).tracks.get("trk_1")).id == "trk_1"


def test_a_server_below_a_path_is_found(world):
    with respx.mock:
        respx.get("https://example.com/music/api/v1/tracks/trk_1").respond(200, json=track())
        assert world(world.client("https://example.com/music/").tracks.get("trk_1")).id == "trk_1"


def test_a_key_does_not_cross_a_network_in_the_clear_unasked(world):
    with pytest.raises(ConfigurationError, match="allow_http"):
        world.client("http://music.example.com")
    assert world.client("http://music.example.com", allow_http=True).base_url == "http://music.example.com"


def test_a_transport_or_a_client_can_be_passed_in_but_only_of_its_world(world):
    ours, others = httpx.MockTransport(lambda request: httpx.Response(200, json=track())), object()
    assert world(world.client(transport=ours).tracks.get("trk_1")).id == "trk_1"
    wrong = httpx.Client() if world.name == "async" else httpx.AsyncClient()
    for options in ({"transport": others}, {"http_client": wrong}, {"transport": ours, "http_client": wrong}):
        with pytest.raises(ConfigurationError):
            world.client(**options)


def test_with_options_shares_connections_and_adds_headers(world):
    with Peer(answer(200, track())) as peer:
        client = world.client(peer.url)
        other = client.with_options(timeout=5, headers={"X-Mine": "1"})
        world(client.tracks.get("trk_1"))
        world(other.tracks.get("trk_1"))
        world((other.aclose if world.name == "async" else other.close)())
        world(client.tracks.get("trk_1"))
        world(client.tracks.get("trk_1", options=RequestOptions(headers={"x-mine": "2"})))
    assert [heard.headers.get("x-mine") for heard in peer.heard] == [None, "1", None, "2"]
    assert {heard.connection for heard in peer.heard} == {1}


def test_a_header_said_twice_is_sent_once_as_it_was_said_last(world):
    got = []

    def answers(request):
        got.append([request.headers.get_list(name) for name in ("x-mine", "accept", "user-agent")])
        return httpx.Response(200, json=track())

    client = world.client(transport=httpx.MockTransport(answers)).with_options(headers={"X-Mine": "1"})
    options = RequestOptions(headers={"x-mine": "2", "ACCEPT": "x/y", "User-Agent": "mine"})
    world(client.tracks.get("trk_1", options=options))
    assert got == [[["2"], ["x/y"], ["mine"]]]


def test_with_options_outlives_the_client_it_came_from(world):
    with Peer(answer(200, track())) as peer:
        other = world.client(peer.url).with_options(max_retries=0)
        assert world(other.tracks.get("trk_1")).id == "trk_1"


@pytest.mark.parametrize(
    "options", [{"timeout": 0}, {"timeout": "5"}, {"max_retries": -1}, {"max_retries": 1.5}]
)
def test_settings_that_cannot_be_are_refused_when_the_client_is_made(world, options):
    with pytest.raises(ConfigurationError):
        world.client(**options)


def test_generate_creates_and_waits(world):
    seen = []
    script = (
        answer(202, generation()),
        answer(200, generation("processing", progress=0.5)),
        answer(200, generation("completed", tracks=[track()])),
    )
    with Peer(*script) as peer:
        options = RequestOptions(idempotency_key="mine")
        made = world(
            world.client(peer.url).generate(
                "lofi", duration_seconds=30, progress=seen.append, options=options
            )
        )
    assert made.tracks[0].id == "trk_1"
    assert [g.status for g in seen] == ["queued", "processing", "completed"]
    assert peer.heard[0].body == b'{"prompt":"lofi","duration_seconds":30}'
    assert peer.heard[0].headers["idempotency-key"] == "mine"
    assert all("idempotency-key" not in heard.headers for heard in peer.heard[1:])


def test_generate_has_one_deadline_for_both(world):
    def late(connection, peer):
        peer.ending.wait(0.15)
        answer(202, generation())(connection, peer)

    with (
        Peer(late, answer(200, generation("processing"))) as peer,
        pytest.raises(APITimeoutError, match="gen_1 is still"),
    ):
        world(world.client(peer.url).generate("lofi", timeout=0.5))
    assert 2 <= len(peer.heard) <= 5


def test_a_generation_that_failed_is_an_error_that_holds_it(world):
    why = {"title": "Out of memory", "status": 500, "code": "engine_failed"}
    with (
        Peer(answer(202, generation()), answer(200, generation("failed", problem=why))) as peer,
        pytest.raises(JobFailedError, match="gen_1 failed: Out of memory") as caught,
    ):
        world(world.client(peer.url).generate("lofi"))
    assert caught.value.object.problem.code == "engine_failed"


def test_sync_and_async_clients_are_the_same():
    import inspect

    from aimusicverse import AsyncClient, Client
    from aimusicverse.resources._async.generation import AsyncGenerations
    from aimusicverse.resources._async.tracks import AsyncTracks
    from aimusicverse.resources._async.webhooks import AsyncWebhooks
    from aimusicverse.resources._sync.generation import Generations
    from aimusicverse.resources._sync.tracks import Tracks
    from aimusicverse.resources._sync.webhooks import Webhooks

    def shape(kind: type) -> dict[str, list[str]]:
        public = {n: m for n, m in vars(kind).items() if not n.startswith("_") and inspect.isfunction(m)}
        return {
            n.replace("aclose", "close"): list(inspect.signature(m).parameters) for n, m in public.items()
        }

    pairs = [
        (Client, AsyncClient),
        (Generations, AsyncGenerations),
        (Tracks, AsyncTracks),
        (Webhooks, AsyncWebhooks),
    ]
    for one, other in pairs:
        assert shape(one) == shape(other)
    for kind in (Generations, Tracks, Webhooks):
        assert all("options" in parameters for parameters in shape(kind).values())
