"""Several processes are one server: on one port, one database, one folder."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil
import pytest

from aimusicverse.credentials.sources import running_local_server
from aimusicverse.secret import Secret
from tests.server.databases import postgres_database
from tests.server.processes import Program, Start, answered_by, is_gone, programs, until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="several processes of one socket are for POSIX")

SERVE = ("serve", "--port", "0", "--workers", "2")


@pytest.fixture(scope="module")
def postgres_of_two() -> Iterator[Secret]:
    with postgres_database() as url:
        yield url


@pytest.fixture
def postgres_url() -> Iterator[Secret]:
    with postgres_database() as url:
        yield url


class Two(NamedTuple):
    """A server of two processes, and a connection to each."""

    server: Program
    first: httpx.Client
    second: httpx.Client


@pytest.fixture(scope="module")
def two(postgres_of_two: Secret, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """For tests that leave it as it was; nobody does its jobs."""
    with programs(tmp_path_factory.mktemp("two") / "server", postgres_of_two) as start:
        server = start(*SERVE, "--no-jobs")
        with closing(server.http_to("api-1")) as first, closing(server.http_to("api-2")) as second:
            yield Two(server, first, second)


@pytest.fixture
def start(postgres_url: Secret, tmp_path: Path) -> Iterator[Start]:
    with programs(tmp_path / "server", postgres_url) as start:
        yield start


@pytest.fixture
def start_on_sqlite(tmp_path: Path) -> Iterator[Start]:
    with programs(tmp_path / "server", None) as start:
        yield start


def generate(client: httpx.Client, seconds: int = 5) -> str:
    created = client.post("/generate", json={"prompt": "lofi", "duration_seconds": seconds, "seed": 5})
    assert created.status_code == 202, created.text
    return str(created.json()["id"])


def cancel(client: httpx.Client, generation: str) -> int:
    return client.post(f"/generations/{generation}/cancel").status_code


def renders_of(worker: Program) -> list[psutil.Process]:
    return [child for child in worker.children() if not is_gone(child)]


def test_what_one_process_wrote_another_reads_at_once_and_the_other_way_round(two: Two) -> None:
    generation = generate(two.first)
    assert two.second.get(f"/generations/{generation}").json()["status"] == "queued"
    assert cancel(two.second, generation) == 200
    assert two.first.get(f"/generations/{generation}").json()["status"] == "cancelled"
    for client in (two.first, two.second):
        events = client.get("/events?limit=100").json()["data"]
        assert [e["type"] for e in events if e["data"]["id"] == generation] == ["generation.cancelled"]


def test_a_long_poll_at_one_is_woken_by_a_write_through_the_other(two: Two) -> None:
    generation = generate(two.first)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(two.second.get, f"/generations/{generation}?wait=30")
        time.sleep(0.3)
        assert not waiting.done()
        began = time.monotonic()
        cancel(two.first, generation)
        assert waiting.result().json()["status"] == "cancelled"
        assert time.monotonic() - began < 10


def test_what_happens_to_a_key_in_one_process_counts_in_the_other_at_once(two: Two) -> None:
    """Made, narrowed, rotated, suspended, revoked; and its user suspended."""
    here, there = two.first, two.second

    def soon(key: str, status: int, code: str | None = None, path: str = "/tracks") -> None:
        def found() -> bool:
            answer = there.get(path, headers={"X-API-Key": key})
            return (answer.status_code, answer.json().get("code")) == (status, code)

        began = time.monotonic()
        until(found, 10)
        assert time.monotonic() - began < 5  # nothing that is looked at now and then only

    user = here.post("/admin/users", json={"name": "Ann", "tier": "enterprise"}).json()
    mine = {"X-API-Key": user["api_key"]["key"]}
    soon(mine["X-API-Key"], 200)  # it is remembered there from now on
    new = {"name": "x", "scopes": ["tracks:read"]}
    made = here.post("/api-keys", json=new, headers=mine).json()
    soon(made["key"], 200)
    here.patch(f"/api-keys/{made['id']}", json={"scopes": ["playlists:read"]}, headers=mine)
    soon(made["key"], 403, "scope_missing")
    soon(made["key"], 200, path="/playlists")
    rotate = f"/api-keys/{made['id']}/rotate"
    rotated = here.post(rotate, json={"overlap_seconds": 0}, headers=mine).json()
    soon(made["key"], 401, "api_key_revoked")
    soon(rotated["key"], 200, path="/playlists")
    for suspended, status, code in ((True, 403, "api_key_suspended"), (False, 200, None)):
        here.patch(f"/admin/api-keys/{rotated['id']}", json={"suspended": suspended})
        soon(rotated["key"], status, code, "/playlists")
    for suspended, status, code in ((True, 403, "user_suspended"), (False, 200, None)):
        here.patch(f"/admin/users/{user['id']}", json={"suspended": suspended})
        soon(mine["X-API-Key"], status, code)
    here.delete(f"/api-keys/{user['api_key']['id']}", headers=mine)
    soon(mine["X-API-Key"], 401, "api_key_revoked")


def test_connections_that_stay_open_are_shared_out_between_them(two: Two) -> None:
    clients = [two.server.http() for _ in range(20)]
    with ThreadPoolExecutor(20) as threads:
        counted = Counter(threads.map(answered_by, clients))
    for client in clients:
        client.close()
    assert set(counted) == {"api-1", "api-2"}
    assert min(counted.values()) >= 4, counted


def test_each_line_of_the_log_says_which_process_wrote_it(two: Two) -> None:
    generation = generate(two.second)
    cancel(two.first, generation)
    pids = {"parent": two.server.pid}
    for name in ("api-1", "api-2"):
        child = two.server.child(name)
        assert child is not None
        pids[name] = child.pid
    lines = until(lambda: (lines := two.server.lines()) and len({x["process"] for x in lines}) == 3 and lines)
    assert {line["process"]: line["pid"] for line in lines} == pids


def test_a_process_that_is_killed_is_replaced_while_the_other_goes_on_answering(start: Start) -> None:
    server = start(*SERVE, "--no-jobs")
    with closing(server.http_to("api-2")) as other:
        killed = until(lambda: server.child("api-1"))
        server.http_to("api-1").close()  # it is ready
        killed.kill()
        answers = 0

        def is_back() -> bool:
            nonlocal answers
            answers += other.get("/tracks").status_code == 200
            new = server.child("api-1")
            return new is not None and new.pid != killed.pid

        until(is_back)
        assert answers > 0
        server.http_to("api-1").close()
        assert other.get("/tracks").status_code == 200
    assert any(line["message"] == "child ended; it is started again" for line in server.lines())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_to_the_parent_ends_all_of_them_in_order(start: Start, number: int, code: int) -> None:
    server = start(*SERVE)
    with server.http() as client:
        generation = generate(client, 120)
        until(lambda: client.get(f"/generations/{generation}").json()["status"] == "processing")
    until(lambda: len(server.children()) >= 4)  # two that answer, one for jobs, a render
    family = server.children()
    assert server.end(number) == code
    until(lambda: all(map(is_gone, family)))
    assert not (server.folder / "server.json").exists()
    assert not list((server.folder / "workers").iterdir())
    assert not list((server.folder / "blobs" / "tmp").iterdir())


@pytest.mark.long
def test_a_parent_that_is_killed_takes_its_children_along_and_misleads_nobody(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMV_DATA_DIR", str(start("worker").folder))  # somebody else shares the folder
    server = start(*SERVE)
    server.http_to("api-1").close()
    assert running_local_server() is not None
    family = server.children()
    server.end(signal.SIGKILL)
    until(lambda: all(map(is_gone, family)))
    assert (server.folder / "server.json").exists()
    assert running_local_server() is None
    again = start(*SERVE)
    with again.http() as client:
        assert client.get("/tracks").status_code == 200


def test_the_last_server_of_a_folder_is_the_one_that_amv_finds_and_the_first_leaves_it_alone(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start("serve", "--port", "0")
    until(first.where)
    monkeypatch.setenv("AMV_DATA_DIR", str(first.folder))
    second = start("serve", "--port", "0")
    where = until(second.where)
    first.end(signal.SIGTERM)
    found = running_local_server()
    assert found is not None
    assert found.url == where["url"]
    second.end(signal.SIGTERM)
    assert running_local_server() is None


def test_a_worker_renders_what_an_api_only_server_accepted_and_a_cancel_ends_it(
    start: Start,
) -> None:
    server = start("serve", "--port", "0", "--no-jobs")
    with server.http() as client:
        short = generate(client)
        assert client.get(f"/generations/{short}?wait=1").json()["status"] == "queued"
        worker = start("worker", "--slots", "1")
        ended = client.get(f"/generations/{short}?wait=60").json()
        assert ended["status"] == "completed"
        audio = client.get(f"/tracks/{ended['tracks'][0]['id']}/audio")
        assert len(audio.content) == ended["tracks"][0]["audio"]["size_bytes"]

        long = generate(client, 120)
        until(lambda: client.get(f"/generations/{long}").json()["progress"] > 0)
        [render] = renders_of(worker)
        cancel(client, long)
        until(lambda: is_gone(render), 5)

        long = generate(client, 120)
        until(lambda: renders_of(worker))
        assert worker.end(signal.SIGTERM) == 0
        until(lambda: client.get(f"/generations/{long}").json()["status"] == "processing")
        other = start("worker")
        until(lambda: renders_of(other), 20)  # put back, so no lease has to run out
        assert other.end(signal.SIGINT) == 130
    listening = [line for line in worker.lines() if line["process"] != "worker"]
    assert listening == []


@pytest.mark.long
def test_work_of_a_worker_that_was_killed_is_taken_up_before_its_lease_runs_out(start: Start) -> None:
    server = start("serve", "--port", "0", "--no-jobs")
    first = start("worker")
    with server.http() as client:
        generation = generate(client, 60)
        until(lambda: client.get(f"/generations/{generation}").json()["progress"] > 0)
        first.end(signal.SIGKILL)
        began = time.monotonic()
        second = start("worker")
        until(lambda: renders_of(second), 20)
        assert time.monotonic() - began < 20  # of 30 s
        assert second.said("interrupted work is taken up again")


@pytest.mark.parametrize("words", [("serve", "--workers", "2"), ("serve", "--workers", "2", "--dev")])
def test_several_processes_on_sqlite_are_refused_with_what_to_set(
    start_on_sqlite: Start, words: tuple[str, ...]
) -> None:
    refused = start_on_sqlite(*words)
    assert refused.process.wait(40) == 2
    assert "AMV_DATABASE_URL" in refused.log.read_text()
    assert refused.log.read_text().count("\n") == 1


def test_dev_mode_goes_with_one_process(start: Start) -> None:
    refused = start(*SERVE, "--dev")
    assert refused.process.wait(40) == 2
    assert "--dev goes with one process" in refused.log.read_text()


def test_a_worker_beside_a_server_on_sqlite_is_refused_with_what_to_set(start_on_sqlite: Start) -> None:
    server = start_on_sqlite("serve", "--port", "0")
    url = until(server.where)["url"]
    refused = start_on_sqlite("worker")
    assert refused.process.wait(40) == 2
    assert f"held by the server at {url}" in refused.log.read_text()
    assert "AMV_DATABASE_URL" in refused.log.read_text()
    assert server.end(signal.SIGTERM) == 0
    alone = start_on_sqlite("worker")
    until(lambda: alone.said("does jobs"))
    assert alone.end(signal.SIGTERM) == 0


@pytest.mark.long
def test_servers_that_start_together_on_an_empty_folder_make_one_key(start: Start) -> None:
    servers = [start("serve", "--port", "0", "--no-jobs") for _ in range(4)]
    keys = set()
    lock = threading.Lock()

    def key_of(server: Program) -> None:
        until(lambda: server.said("aimusicverse serves"))
        with lock:
            keys.add((server.folder / "owner.key").read_text())

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(key_of, servers))
    assert len(keys) == 1
