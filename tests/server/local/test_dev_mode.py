"""Dev mode: the clock moves, faults are played, states are kept; and nobody else can."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from aimusicverse import ConfigurationError, LocalServer
from aimusicverse.testing.instant_engine import InstantEngine
from tests.server.conftest import Api
from tests.server.quick_engine import QuickEngine
from tests.server.security.keys import create_key


@pytest.fixture(scope="module")
def local() -> Iterator[LocalServer]:
    with LocalServer(engines=[InstantEngine()]) as server:
        yield server


@pytest.fixture
def server(local: LocalServer) -> LocalServer:
    local.reset()
    return local


@pytest.fixture
def http(server: LocalServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers={"X-API-Key": server.api_key}, timeout=20) as http:
        yield http


def generate(http: httpx.Client) -> dict[str, Any]:
    created = http.post("/api/v1/generate", json={"prompt": "x", "duration_seconds": 5}).json()
    ended: dict[str, Any] = http.get(f"/api/v1/generations/{created['id']}?wait=20").json()
    assert ended["status"] == "completed"
    return ended


def test_none_of_it_exists_outside_dev_mode(api: Api) -> None:
    for method, path in (("GET", "clock"), ("POST", "reset"), ("POST", "snapshots"), ("DELETE", "faults")):
        answer = api.http.request(method, f"{api.server.url}/_local/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")


def test_it_needs_the_local_key(start: Callable[..., Api]) -> None:
    api = start(dev=True)
    assert httpx.get(f"{api.server.url}/_local/clock").status_code == 401
    other = create_key(api)
    assert httpx.get(f"{api.server.url}/_local/clock", headers={"X-API-Key": other}).status_code == 403
    assert api.get(f"{api.server.url}/_local/clock").status_code == 200


def test_a_server_that_is_not_in_dev_mode_says_so(tmp_path: Any) -> None:
    with LocalServer(tmp_path) as server, pytest.raises(ConfigurationError, match="AMV_DEV=1"):
        server.reset()


def test_the_clock_moves_over_http(http: httpx.Client, server: LocalServer) -> None:
    before = server.clock.now()
    moved = http.post("/_local/clock", json={"seconds": 3600}).json()
    assert moved["offset_seconds"] == 3600
    assert server.clock.now() - before >= timedelta(hours=1)
    assert http.get("/_local/clock").json()["offset_seconds"] == 3600
    assert http.post("/_local/clock", json={"seconds": -1}).status_code == 422


def test_a_reset_empties_everything_but_the_key(http: httpx.Client, server: LocalServer) -> None:
    generate(http)
    server.clock.advance(timedelta(days=1))
    server.faults.add("* /*", status=500)
    server.faults.clear()
    assert http.post("/_local/reset").status_code == 204
    for path in ("generations", "tracks", "events"):
        assert http.get(f"/api/v1/{path}").json()["data"] == []
    assert http.get("/_local/clock").json()["offset_seconds"] == 0
    generate(http)


def test_a_reset_ends_what_runs(start: Callable[..., Api]) -> None:
    engine = QuickEngine()
    engine.held.set()
    api = start(engine=engine, dev=True)
    api.post("/generate", json={"prompt": "x"})
    assert engine.started.acquire(timeout=10)
    api.post(f"{api.server.url}/_local/reset")
    deadline = threading.Event()
    for _ in range(300):
        if engine.running == 0:
            break
        deadline.wait(0.01)
    assert engine.running == 0
    engine.held.clear()
    assert api.generate()["status"] == "completed"


def test_a_snapshot_brings_everything_back(http: httpx.Client, server: LocalServer) -> None:
    ended = generate(http)
    [track] = ended["tracks"]
    kept = http.post("/_local/snapshots").json()["id"]
    http.delete(f"/api/v1/tracks/{track['id']}")
    generate(http)
    server.clock.advance(timedelta(days=1))
    assert http.post(f"/_local/snapshots/{kept}/restore").status_code == 204
    assert [one["id"] for one in http.get("/api/v1/tracks").json()["data"]] == [track["id"]]
    assert http.get("/_local/clock").json()["offset_seconds"] == 0
    assert http.get(f"/api/v1/tracks/{track['id']}/audio").status_code == 200
    server.restore(kept)
    assert len(http.get("/api/v1/generations").json()["data"]) == 1


def test_an_unknown_snapshot_is_not_found(http: httpx.Client, server: LocalServer) -> None:
    assert http.post("/_local/snapshots/snp_x/restore").json()["code"] == "snapshot_not_found"
    with pytest.raises(ConfigurationError, match="snapshot"):
        server.restore("snp_x")


def test_work_that_ran_at_a_restore_is_abandoned_and_done_anew(start: Callable[..., Api]) -> None:
    engine = QuickEngine()
    engine.held.set()
    api = start(engine=engine, dev=True)
    created = api.post("/generate", json={"prompt": "x", "duration_seconds": 5}).json()
    assert engine.started.acquire(timeout=10)
    kept = api.post(f"{api.server.url}/_local/snapshots").json()["id"]
    assert api.post(f"{api.server.url}/_local/snapshots/{kept}/restore").status_code == 204
    assert engine.started.acquire(timeout=10)  # claimed again, under a new number
    engine.held.clear()
    ended = api.wait(created["id"])
    assert ended["status"] == "completed"
    assert len(ended["tracks"]) == 1
    assert api.event_types().count("generation.completed") == 1


def test_whoever_waits_is_answered_from_the_restored_state(start: Callable[..., Api]) -> None:
    api = start(dev=True)
    ended = api.generate()
    states = api.server.services.dev
    assert states is not None
    kept = states.states.keep()
    states.reset()
    assert api.get(f"/generations/{ended['id']}").status_code == 404
    states.states.restore(kept)
    assert api.get(f"/generations/{ended['id']}?wait=5").json()["status"] == "completed"


def test_a_status_is_answered_so_many_times(http: httpx.Client, server: LocalServer) -> None:
    server.faults.add("GET /tracks", times=2, status=429, retry_after="7")
    for _ in range(2):
        answer = http.get("/api/v1/tracks")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
        assert answer.json()["code"] == "fault"
    assert http.get("/api/v1/tracks").status_code == 200


def test_a_fault_hits_its_route_only(http: httpx.Client, server: LocalServer) -> None:
    server.faults.add("GET /tracks/{id}", status=503)
    assert http.get("/api/v1/tracks").status_code == 200
    assert http.delete("/api/v1/tracks/trk_x").status_code == 404
    assert http.get("/api/v1/tracks/trk_x/audio").status_code == 404
    assert http.get("/api/v1/tracks/trk_x").status_code == 503


def test_a_dropped_connection_before_does_nothing_and_after_does_it(
    http: httpx.Client, server: LocalServer
) -> None:
    for when, made in (("before", 0), ("after", 1)):
        server.faults.add("POST /generate", drop=when)  # type: ignore[arg-type]
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            http.post("/api/v1/generate", json={"prompt": "x", "duration_seconds": 5})
        assert len(http.get("/api/v1/generations").json()["data"]) == made


def receive(http: httpx.Client, path: str, received: list[bytes]) -> None:
    with http.stream("GET", path) as answer:
        for piece in answer.iter_bytes():
            received.append(piece)


def test_a_cut_body_ends_where_it_was_cut(http: httpx.Client, server: LocalServer) -> None:
    [track] = generate(http)["tracks"]
    server.faults.add("GET /tracks/{id}/audio", cut_body_after=1000)
    received: list[bytes] = []
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        receive(http, f"/api/v1/tracks/{track['id']}/audio", received)
    assert len(b"".join(received)) <= 1000


def test_garbage_and_delay(http: httpx.Client, server: LocalServer) -> None:
    server.faults.add("GET /tracks", garbage=True)
    answer = http.get("/api/v1/tracks")
    assert answer.status_code == 200
    with pytest.raises(ValueError):
        answer.json()
    server.faults.add("GET /tracks", delay_seconds=5)
    with pytest.raises(httpx.ReadTimeout):
        http.get("/api/v1/tracks", timeout=0.2)


@pytest.mark.parametrize(
    "fault",
    [
        {"route": "GET /x"},
        {"route": "tracks", "status": 500},
        {"route": "GET /x", "status": 200},
        {"route": "GET /x", "status": 500, "garbage": True},
        {"route": "GET /x", "garbage": True, "times": 0},
        {"route": "GET /x", "garbage": True, "retry_after": "1"},
    ],
)
def test_a_fault_that_cannot_be_is_refused(
    http: httpx.Client, server: LocalServer, fault: dict[str, Any]
) -> None:
    assert http.post("/_local/faults", json=fault).status_code == 422
    with pytest.raises(ConfigurationError):
        server.faults.add(**fault)


def test_faults_come_over_http_too(http: httpx.Client) -> None:
    assert http.post("/_local/faults", json={"route": "GET /tracks", "status": 503}).status_code == 204
    assert http.post("/_local/faults", json={"route": "GET /tracks", "status": 500}).status_code == 204
    assert http.get("/api/v1/tracks").status_code == 503
    assert http.delete("/_local/faults").status_code == 204
    assert http.get("/api/v1/tracks").status_code == 200


def test_an_upload_of_any_size_is_counted(http: httpx.Client) -> None:
    answer = http.post("/_local/upload", content=(b"x" * 65536 for _ in range(64))).json()
    assert answer["size_bytes"] == 64 * 65536


def test_an_upload_is_not_kept_in_memory_whatever_key_it_carries(
    http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(request: object) -> bytes:
        raise AssertionError("the whole body was read at once")

    monkeypatch.setattr("fastapi.Request.body", never)
    answer = http.post("/_local/upload", content=b"x" * 100_000, headers={"Idempotency-Key": "k"})
    assert answer.json()["size_bytes"] == 100_000


def test_the_server_survives_a_peer_that_hangs_up(server: LocalServer, http: httpx.Client) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as peer:
        peer.sendall(b"POST /_local/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc")
    assert http.get("/healthz").status_code == 200
