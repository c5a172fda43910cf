"""What goes over a real wire."""

from __future__ import annotations

import gzip
import logging
import threading
import time
import traceback
from datetime import UTC, datetime

import httpx
import pytest

from aimusicverse import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    ConfigurationError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    RateLimitError,
    RequestOptions,
    UnprocessableEntityError,
)
from tests.transport.peer import Peer, Step, answer, cut, drip, gibberish, hang, problem
from tests.transport.samples import generation, track
from tests.transport.worlds import KEY

HTML = b"<html><body><h1>502 Bad Gateway</h1>nginx</body></html>"


@pytest.mark.usefixtures("quick_retries")
@pytest.mark.parametrize(
    "trouble",
    [cut, gibberish, answer(503, HTML, of="text/html"), problem(429, "rate_limit", Retry_After="0")],
)
def test_a_body_is_resent_whole_under_the_same_idempotency_key(world, trouble):
    with Peer(trouble, trouble, answer(202, generation())) as peer:
        made = world(world.client(peer.url).generation.create("lofi", lyrics="la " * 1000))
    assert made.id == "gen_1"
    first, *others = peer.heard
    assert len(others) == 2
    assert len(first.body) > 3000
    for heard in others:
        assert heard.body == first.body
        assert heard.headers == first.headers
    assert first.headers["idempotency-key"]


def test_every_request_says_who_it_is(world):
    with Peer(answer(200, track())) as peer:
        world(world.client(peer.url).tracks.get("trk_1"))
    heard = peer.heard[0]
    assert (heard.method, heard.target) == ("GET", "/api/v1/tracks/trk_1")
    assert heard.headers["authorization"] == f"Bearer {KEY}"
    assert heard.headers["user-agent"].startswith("aimusicverse/")
    assert heard.headers["accept"] == "application/json"
    assert "idempotency-key" not in heard.headers


@pytest.mark.usefixtures("quick_retries")
def test_retries_stop_at_their_number(world):
    with Peer(problem(503, "overloaded")) as peer:
        client = world.client(peer.url, max_retries=1)
        with pytest.raises(InternalServerError):
            world(client.tracks.get("trk_1"))
        assert len(peer.heard) == 2
        with pytest.raises(InternalServerError):
            world(client.tracks.get("trk_1", options=RequestOptions(retries=3)))
        assert len(peer.heard) == 6
        with pytest.raises(InternalServerError):
            world(client.with_options(max_retries=0).tracks.get("trk_1"))
        assert len(peer.heard) == 7


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, UnprocessableEntityError),
        (401, AuthenticationError),
        (404, NotFoundError),
        (409, ConflictError),
        (422, UnprocessableEntityError),
        (501, InternalServerError),
        (418, APIStatusError),
    ],
)
def test_a_refusal_is_final_and_says_why(world, status, kind):
    with Peer(problem(status, "some_code", X_Request_Id="req_2")) as peer, pytest.raises(kind) as caught:
        world(world.client(peer.url).tracks.get("trk_1"))
    assert len(peer.heard) == 1
    error = caught.value
    assert (error.status, error.code, error.request_id) == (status, "some_code", "req_1")
    assert error.problem.title == "some code"
    assert str(error) == "some code"


@pytest.mark.usefixtures("quick_retries")
def test_a_proxys_html_page_stays_out_of_the_message(world):
    with (
        Peer(answer(502, HTML, of="text/html", X_Request_Id="req_2")) as peer,
        pytest.raises(InternalServerError) as caught,
    ):
        world(world.client(peer.url).tracks.get("trk_1"))
    assert (caught.value.code, caught.value.request_id) == ("http_502", "req_2")
    assert str(caught.value) == "the server answered 502 Bad Gateway"
    assert caught.value.problem is None


def test_json_that_is_no_problem_of_ours_is_an_answer_like_any_other(world):
    with Peer(answer(404, {"detail": "Not Found"})) as peer, pytest.raises(NotFoundError) as caught:
        world(world.client(peer.url).tracks.get("trk_1"))
    assert caught.value.code == "http_404"


@pytest.mark.usefixtures("quick_retries")
def test_a_conflict_is_waited_out_only_while_the_first_call_still_runs(world):
    with Peer(problem(409, "idempotency_in_progress"), answer(202, generation())) as peer:
        assert world(world.client(peer.url).generation.create("lofi")).id == "gen_1"
        assert len(peer.heard) == 2


def test_a_retry_after_that_fits_is_waited_out(world):
    with Peer(problem(429, "rate_limit", Retry_After="0.4"), answer(200, track())) as peer:
        began = time.monotonic()
        world(world.client(peer.url).tracks.get("trk_1"))
        assert 0.4 <= time.monotonic() - began < 1.5


def test_a_retry_after_that_does_not_fit_is_an_error_at_once(world):
    with Peer(problem(429, "rate_limit", Retry_After="3600")) as peer:
        began = time.monotonic()
        with pytest.raises(RateLimitError) as caught:
            world(world.client(peer.url).tracks.get("trk_1"))
    assert time.monotonic() - began < 1.0
    assert caught.value.retry_after == 3600
    assert len(peer.heard) == 1


@pytest.mark.usefixtures("quick_retries")
@pytest.mark.parametrize("script", [(hang,), (drip(),), (cut, hang)], ids=["silence", "drip", "second-try"])
def test_one_deadline_covers_all_tries_and_a_body_that_trickles(world, script):
    with Peer(*script) as peer:
        began = time.monotonic()
        with pytest.raises(APITimeoutError, match=r"GET /tracks/trk_1: no answer (in|within)"):
            world(world.client(peer.url, timeout=0.3, max_retries=9).tracks.get("trk_1"))
        assert 0.25 < time.monotonic() - began < 0.7


def test_a_call_may_have_a_deadline_of_its_own(world):
    with Peer(hang) as peer:
        client = world.client(peer.url)
        began = time.monotonic()
        with pytest.raises(APITimeoutError):
            world(client.tracks.get("trk_1", options=RequestOptions(timeout=0.1)))
        with pytest.raises(APITimeoutError):
            world(client.with_options(timeout=0.1).tracks.get("trk_1"))
        assert time.monotonic() - began < 1.0


def test_an_endless_deadline_is_one(world):
    with Peer(answer(200, track())) as peer:
        assert world(world.client(peer.url, timeout=float("inf")).tracks.get("trk_1")).id == "trk_1"


def test_a_long_poll_is_not_cut_by_the_usual_deadline(world):
    def late(connection, peer):
        peer.ending.wait(0.25)
        answer(200, generation("completed"))(connection, peer)

    with Peer(late) as peer:
        got = world(world.client(peer.url, timeout=0.15).generation.get("gen_1", wait=1))
    assert got.is_final
    assert peer.heard[0].target == "/api/v1/generations/gen_1?wait=1"


@pytest.mark.usefixtures("quick_retries")
@pytest.mark.parametrize(
    "trouble", [cut, gibberish, answer(200, b"{}", claim=500)], ids=["cut", "gibberish", "short"]
)
def test_every_failure_of_the_wire_is_an_error_of_ours(world, trouble):
    with Peer(trouble) as peer, pytest.raises(APIConnectionError) as caught:
        world(world.client(peer.url).tracks.get("trk_1"))
    assert len(peer.heard) == 3
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert str(caught.value).startswith("GET /tracks/trk_1: ")


@pytest.mark.usefixtures("quick_retries")
def test_nobody_there_is_said_as_the_system_says_it(world):
    with Peer(cut) as peer:
        pass
    with pytest.raises(APIConnectionError, match="no connection"):
        world(world.client(peer.url).tracks.get("trk_1"))


@pytest.mark.usefixtures("quick_retries")
@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b'{"id": 5}', b"\xff\xfe"])
def test_an_answer_of_another_shape_is_tried_again_and_then_named(world, content):
    with (
        Peer(answer(200, content, of="application/json")) as peer,
        pytest.raises(APIConnectionError, match="not what was expected"),
    ):
        world(world.client(peer.url).tracks.get("trk_1"))
    assert len(peer.heard) == 3


def test_unknown_fields_and_values_of_a_newer_server_are_kept(world):
    with Peer(answer(200, track(status="remixing", brand_new=[1]))) as peer:
        got = world(world.client(peer.url).tracks.get("trk_1"))
    assert (got.status, got.brand_new) == ("remixing", [1])


def test_a_compressed_answer_is_read(world):
    import json

    packed = gzip.compress(json.dumps(track()).encode())
    with Peer(answer(200, packed, of="application/json", Content_Encoding="gzip")) as peer:
        assert world(world.client(peer.url).tracks.get("trk_1")).id == "trk_1"


def test_redirects_are_not_followed(world):
    with Peer(answer(200, track())) as elsewhere:
        with (
            Peer(answer(307, b"", Location=elsewhere.url + "/x")) as peer,
            pytest.raises(APIStatusError, match="redirects are not followed") as caught,
        ):
            world(world.client(peer.url).tracks.get("trk_1"))
        assert caught.value.code == "http_307"
        assert elsewhere.heard == []


def repeats_the_key() -> Step:
    echo = {"title": f"bad key {KEY}", "status": 401, "code": "invalid_key", "detail": f"{KEY} is wrong"}
    return answer(401, echo)


def test_the_key_shows_in_no_repr_log_or_traceback(world, caplog):
    caplog.set_level(logging.DEBUG)
    with Peer(repeats_the_key(), cut) as peer:
        client = world.client(peer.url, max_retries=0)
        shown = [repr(client), repr(client._engine), repr(client.tracks), repr(vars(client._engine))]
        for _ in range(2):
            with pytest.raises((AuthenticationError, APIConnectionError)) as caught:
                world(client.tracks.get("trk_1"))
            error = caught.value
            rich = traceback.TracebackException.from_exception(error, capture_locals=True)
            shown += [repr(error), str(error), repr(vars(error)), *rich.format()]
    assert KEY in peer.heard[0].headers["authorization"]
    assert "\n".join([*shown, caplog.text]).count(KEY) == 0


def test_a_key_that_the_other_side_repeats_is_taken_out_of_the_error(world):
    with Peer(answer(401, b"", X_Echo=f"key {KEY}")) as peer, pytest.raises(AuthenticationError) as caught:
        world(world.client(peer.url).tracks.get("trk_1"))
    assert caught.value.headers["x-echo"] == "key ***"


def test_a_client_that_is_closed_says_so(world):
    with Peer(answer(200, track())) as peer:
        client = world.client(peer.url)
        world((client.aclose if world.name == "async" else client.close)())
        with pytest.raises(ConfigurationError, match="closed"):
            world(client.tracks.get("trk_1"))


def test_the_allowance_is_known_after_an_answer(world):
    limits = {"X_RateLimit_Limit": "10", "X_RateLimit_Remaining": "9", "X_RateLimit_Reset": "1769860800"}
    with Peer(
        answer(200, track(), **limits),
        answer(200, track()),
        answer(200, track(), **{**limits, "X_RateLimit_Reset": "x"}),
    ) as peer:
        client = world.client(peer.url)
        other = client.with_options(timeout=5)
        assert client.rate_limit is None
        world(client.tracks.get("trk_1"))
        assert client.rate_limit == other.rate_limit
        assert (client.rate_limit.limit, client.rate_limit.remaining) == (10, 9)
        assert client.rate_limit.reset_at == datetime(2026, 1, 31, 12, tzinfo=UTC)
        for _ in range(2):
            world(client.tracks.get("trk_1"))
            assert client.rate_limit is None


def test_no_proxy_of_the_environment_stands_before_this_machine(world, monkeypatch):
    with Peer(answer(200, track())) as peer, Peer(cut) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        world(world.client(peer.url).tracks.get("trk_1"))
    assert proxy.heard == []


def test_an_auth_of_a_passed_in_client_does_not_replace_the_key(world):
    kind = httpx.AsyncClient if world.name == "async" else httpx.Client
    with Peer(answer(200, track())) as peer:
        http = kind(auth=("user", "password"), headers={"X-Theirs": "1"})
        client = world.client(peer.url, http_client=http)
        world(client.tracks.get("trk_1"))
        world((client.aclose if world.name == "async" else client.close)())
        assert not http.is_closed
        world((http.aclose if world.name == "async" else http.close)())
    assert peer.heard[0].headers["authorization"] == f"Bearer {KEY}"
    assert peer.heard[0].headers["x-theirs"] == "1"


class Broken:
    """Raises in the second try, where tenacity has taken over."""

    def __init__(self, error):
        self.error = error
        self.calls = 0

    def __call__(self, done, total):
        self.calls += 1
        raise self.error


@pytest.mark.usefixtures("quick_retries")
@pytest.mark.parametrize("error", [OSError(28, "disk full"), TimeoutError("theirs"), RuntimeError("theirs")])
@pytest.mark.parametrize("script", [(answer(200, b"x"),), (cut, answer(200, b"x"))], ids=["first", "second"])
def test_what_a_callers_own_code_raises_comes_out_as_it_is(world, error, script, tmp_path):
    stop = Broken(error)
    with Peer(*script) as peer, pytest.raises(type(error)) as caught:
        world(world.client(peer.url).tracks.download("trk_1", tmp_path / "a.wav", progress=stop))
    assert caught.value is error
    assert (stop.calls, len(peer.heard)) == (1, len(script))


def test_a_refusal_that_is_cut_short_is_a_refusal(world):
    with (
        Peer(answer(404, b"{", claim=100, of="application/json")) as peer,
        pytest.raises(NotFoundError) as caught,
    ):
        world(world.client(peer.url).tracks.get("trk_1"))
    assert caught.value.code == "http_404"


def test_missing_bytes_are_noticed_where_the_transport_does_not(world):
    def short(request):
        return httpx.Response(200, content=b"{}", headers={"content-length": "500"})

    client = world.client(transport=httpx.MockTransport(short), max_retries=0)
    with pytest.raises(APIConnectionError, match="ended before its end"):
        world(client.tracks.get("trk_1"))


def test_a_status_without_a_name_is_shown_as_its_number(world):
    with Peer(answer(499, b"x")) as peer, pytest.raises(APIStatusError, match=r"answered 499$"):
        world(world.client(peer.url).tracks.get("trk_1"))


def test_threads_share_a_client():
    from aimusicverse import Client

    with Peer(answer(200, track())) as peer, Client(KEY, peer.url) as client:
        results: list[str] = []

        def work() -> None:
            results.extend(client.tracks.get("trk_1").id for _ in range(10))

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == ["trk_1"] * 80
    assert len({heard.connection for heard in peer.heard}) < 80


def test_an_async_client_says_that_it_belongs_to_another_loop():
    import asyncio

    from aimusicverse import AsyncClient

    with Peer(answer(200, track())) as peer:
        client = AsyncClient(KEY, peer.url)

        async def first() -> None:
            await client.tracks.get("trk_1")
            await client.aclose()

        asyncio.run(first())

        async def second() -> None:
            await client.tracks.get("trk_1")

        with pytest.raises(ConfigurationError, match="another event loop"):
            asyncio.run(second())


async def test_a_cancelled_call_ends_at_once_and_gives_its_connection_back():
    import asyncio

    from aimusicverse import AsyncClient

    with Peer(hang, answer(200, track())) as peer:
        async with AsyncClient(KEY, peer.url) as client:
            task = asyncio.create_task(client.tracks.get("trk_1"))
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (await client.tracks.get("trk_1")).id == "trk_1"
