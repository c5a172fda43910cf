"""What a program can see of its calls: raw answers, hooks, spans, warnings."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import warnings
from dataclasses import FrozenInstanceError

import pytest

from aimusicverse import APIConnectionError, InternalServerError, NotFoundError, RawResponse
from tests.transport.peer import Peer, answer, cut, problem
from tests.transport.samples import generation, track
from tests.transport.worlds import KEY

TRACK = answer(200, track(), X_Request_Id="req_7")


def test_raw_gives_status_headers_and_request_id_with_the_result(world):
    with Peer(TRACK, answer(200, {"data": [track()], "next_cursor": None}, X_Request_Id="req_8")) as peer:
        client = world.client(peer.url)
        got = world(client.raw(client.tracks.get, "trk_1"))
        assert isinstance(got, RawResponse)
        assert (got.status, got.request_id, got.parsed.title) == (200, "req_7", "Rain")
        assert got.headers["content-type"] == "application/json"
        listed = world(client.raw(client.tracks.list(limit=3).page))
        assert (listed.request_id, listed.parsed.data[0].id) == ("req_8", "trk_1")


def test_raw_of_several_calls_is_that_of_the_last(world):
    with Peer(answer(202, generation()), answer(200, generation("completed"))) as peer:
        client = world.client(peer.url)
        assert world(client.raw(client.generate, "lofi")).status == 200


def test_raw_lets_errors_through_and_leaves_no_record_behind(world):
    from aimusicverse.transport.raw import recording

    with Peer(problem(404, "track_not_found")) as peer:
        client = world.client(peer.url)
        with pytest.raises(NotFoundError):
            world(client.raw(client.tracks.get, "trk_1"))
    assert recording.get() is None


async def test_raw_of_tasks_side_by_side_are_not_mixed_up():
    from aimusicverse import AsyncClient

    def named(connection, peer):
        name = peer.heard[-1].target.rpartition("_")[2]
        answer(200, track(int(name)), X_Request_Id=f"req_{name}")(connection, peer)

    with Peer(named) as peer:
        async with AsyncClient(KEY, peer.url) as client:
            answers = []
            for start in range(0, 20, 4):
                calls = (client.raw(client.tracks.get, f"trk_{n}") for n in range(start, start + 4))
                answers += await asyncio.gather(*calls)
    for got in answers:
        assert got.request_id == got.parsed.id.replace("trk", "req")


@pytest.mark.usefixtures("quick_retries")
def test_hooks_see_each_try_and_no_secret(world):
    sent, seen = [], []
    with Peer(cut, problem(503, "overloaded", X_Request_Id="req_1"), answer(202, generation())) as peer:
        client = world.client(peer.url, on_request=sent.append, on_response=seen.append)
        world(client.generation.create("lofi"))
    assert [(s.method, s.route, s.attempt) for s in sent] == [("POST", "/generate", n) for n in (1, 2, 3)]
    assert {s.idempotency_key for s in sent} == {peer.heard[0].headers["idempotency-key"]}
    assert [(s.status, s.request_id, s.error) for s in seen] == [
        (None, None, "APIConnectionError"),
        (503, "req_1", "InternalServerError"),
        (202, None, None),
    ]
    assert all(0 <= s.seconds < 5 for s in seen)
    assert [s.request for s in seen] == sent
    assert KEY not in repr(sent) + repr(seen)
    with pytest.raises(FrozenInstanceError):
        sent[0].method = "GET"


def test_a_route_has_no_ids(world):
    sent = []
    with Peer(TRACK) as peer:
        world(world.client(peer.url, on_request=sent.append).tracks.get("trk_1"))
    assert (sent[0].route, sent[0].target) == ("/tracks/{id}", "/tracks/trk_1")


@pytest.mark.parametrize("hook", ["on_request", "on_response"])
def test_what_a_hook_raises_ends_the_call(world, hook):
    def stop(_):
        raise RuntimeError("enough")

    with Peer(TRACK) as peer, pytest.raises(RuntimeError, match="enough"):
        world(world.client(peer.url, **{hook: stop}).tracks.get("trk_1"))


# OpenTelemetry


@pytest.fixture(scope="module")
def exported():
    pytest.importorskip("opentelemetry.sdk")
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    yield exporter
    for name in [name for name in sys.modules if name.startswith("opentelemetry")]:
        del sys.modules[name]  # the tests after these trace nothing


@pytest.fixture
def spans(exported):
    exported.clear()
    return exported


@pytest.mark.usefixtures("quick_retries")
def test_each_try_is_a_span_by_the_semantic_conventions(world, spans):
    with Peer(problem(503, "overloaded"), cut, TRACK) as peer:
        world(world.client(peer.url).tracks.get("trk_1"))
    done = spans.get_finished_spans()
    assert [span.name for span in done] == ["GET /tracks/{id}"] * 3
    assert all(span.kind.name == "CLIENT" for span in done)
    first, second, third = (dict(span.attributes) for span in done)
    assert first == {
        "http.request.method": "GET",
        "server.address": "127.0.0.1",
        "server.port": peer.port,
        "url.full": f"{peer.url}/api/v1/tracks/trk_1",
        "url.template": "/tracks/{id}",
        "http.response.status_code": 503,
        "error.type": "503",
    }
    assert (second["error.type"], second["http.request.resend_count"]) == ("APIConnectionError", 1)
    assert (third["http.response.status_code"], third["http.request.resend_count"]) == (200, 2)
    assert [span.status.status_code.name for span in done] == ["ERROR", "ERROR", "UNSET"]
    for heard, span in zip(peer.heard, done, strict=True):
        assert f"{span.context.span_id:016x}" in heard.headers["traceparent"]
    assert KEY not in "".join(span.to_json() for span in done)


@pytest.mark.usefixtures("spans")
def test_a_span_hangs_on_that_of_the_program(world, spans):
    from opentelemetry import trace

    with Peer(TRACK) as peer:
        client = world.client(peer.url)
        if world.name == "async":

            async def go():
                with trace.get_tracer("mine").start_as_current_span("mine"):
                    await client.tracks.get("trk_1")

            world(go())
        else:
            with trace.get_tracer("mine").start_as_current_span("mine"):
                client.tracks.get("trk_1")
    inner, outer = spans.get_finished_spans()
    assert inner.parent.span_id == outer.context.span_id


def test_opentelemetry_is_not_loaded_for_its_own_sake():
    with Peer(TRACK) as peer:
        code = f"""
            import sys
            from aimusicverse import Client
            Client("k", {peer.url!r}).tracks.get("trk_1")
            assert not [name for name in sys.modules if name.startswith("opentelemetry")]
        """
        subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)
    assert "traceparent" not in peer.heard[0].headers


# Deprecation and Sunset

GOING = {"Deprecation": "@1767225600", "Sunset": "Wed, 01 Jul 2026 00:00:00 GMT"}


def test_what_is_going_away_warns_once_at_the_callers_own_line(world):
    with Peer(answer(200, track(), **GOING)) as peer, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        client = world.client(peer.url)
        if world.name == "sync":
            client.tracks.get("trk_1")  # this line
        else:

            async def go():
                await client.tracks.get("trk_1")  # this line

            world(go())
        world(client.tracks.get("trk_2"))
        world(client.with_options(timeout=5).tracks.get("trk_3"))
    (warning,) = caught
    assert warning.category is DeprecationWarning
    assert str(warning.message).startswith(
        "GET /tracks/{id}, or something that was sent to it, is deprecated since 2026-01-01 "
        "and stops working on Wed, 01 Jul 2026 00:00:00 GMT"
    )
    with open(warning.filename, encoding="utf-8") as file:  # noqa: PTH123
        assert file.readlines()[warning.lineno - 1].strip().endswith("# this line")


def test_each_operation_warns_for_itself(world):
    listed = answer(200, {"data": [], "next_cursor": None}, Deprecation="true")
    with Peer(answer(200, track(), **GOING), listed) as peer:
        client = world.client(peer.url)
        with pytest.warns(DeprecationWarning, match=r"^GET /tracks/\{id\}, "):
            world(client.tracks.get("trk_1"))
        with pytest.warns(DeprecationWarning, match=r"^GET /tracks, .* is deprecated; "):
            world(client.tracks.list().page())


def test_a_refusal_can_carry_the_news_too(world):
    gone = problem(404, "route_not_found", **GOING)
    with Peer(gone) as peer, pytest.warns(DeprecationWarning, match="stops"), pytest.raises(NotFoundError):
        world(world.client(peer.url).tracks.get("trk_1"))


def test_warnings_that_are_errors_come_out_as_such(world):
    with Peer(answer(200, track(), **GOING)) as peer, pytest.raises(DeprecationWarning):
        world(world.client(peer.url).tracks.get("trk_1"))


def test_hooks_learn_of_a_try_that_was_lost(world):
    seen = []
    with Peer(cut) as peer, pytest.raises(APIConnectionError):
        world(world.client(peer.url, max_retries=0, on_response=seen.append).tracks.get("trk_1"))
    with Peer(problem(500, "internal_error")) as peer, pytest.raises(InternalServerError):
        world(world.client(peer.url, max_retries=0, on_response=seen.append).tracks.get("trk_1"))
    assert [(s.status, s.error) for s in seen] == [
        (None, "APIConnectionError"),
        (500, "InternalServerError"),
    ]
