"""Authenticated reads per second on one server process, and how long they take."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.processes import AMV, PYTHON, environment
from benchmarks.table import Row

TRACKS = 200
RATE = 500
SECONDS = 10
P95_MS = 50

#: The floor: uvicorn as our server runs it, answering a constant as long as a track's JSON.
_BARE = """
import socket, uvicorn
BODY = b"x" * 2000
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"2000")]
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")).run([listener])
"""


def measure() -> list[Row]:
    """Offer 500 reads a second to `amv serve`, then to the floor, then more than either can take."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        ids = library(folder, TRACKS)
        paths = [
            *(f"/api/v1/tracks/{track}" for track in ids["tracks"]),
            *(f"/api/v1/generations/{generation}" for generation in ids["generations"]),
            *["/api/v1/tracks?limit=20"] * TRACKS,  # so each of the three is asked as often
        ]
        with amv_serve(folder) as (server, key):
            offer(server, key, paths, rate=RATE, seconds=2)
            held, busy = _measured(server, key, paths)
            most = offer(server, key, paths, rate=2_000, seconds=4)
        with _bare() as server:
            bare, bare_busy = _measured(server, "none", ["/"])
    shares = f"server {busy:.0%} of a core (bare uvicorn {bare_busy:.0%})"
    return [
        Row(
            f"reads answered per second, {RATE} offered",
            held["rate"],
            0.99 * RATE,
            ("bare uvicorn", bare["rate"]),
            at_least=True,
            note=f"{held['errors']} errors; {shares}; generator {held['generator_cpu']:.0%}",
        ),
        Row("…p95, ms", held["p95"], P95_MS, ("bare uvicorn", bare["p95"])),
        Row("…p50, ms", held["p50"], None, ("bare uvicorn", bare["p50"])),
        Row("…p99, ms", held["p99"], None, ("bare uvicorn", bare["p99"])),
        Row("…errors", held["errors"], 0),
        Row("reads answered per second, 2,000 offered", most["rate"], None, note=f"p95 {most['p95']:.0f} ms"),
    ]


def library(folder: Path, count: int, **settings: str) -> dict[str, list[str]]:
    """A library of so many tracks; the ids."""
    command = [*PYTHON, "-m", "benchmarks.library", str(folder), str(count)]
    ids: dict[str, list[str]] = json.loads(_output(command, **settings))
    return ids


def _measured(server: Server, key: str, paths: list[str]) -> tuple[dict[str, Any], float]:
    """The load's figures, and the share of a core that the server needed."""
    before = server.cpu()
    began = time.monotonic()
    figures = offer(server, key, paths, rate=RATE, seconds=SECONDS)
    return figures, (server.cpu() - before) / (time.monotonic() - began)


def offer(server: Server, key: str, paths: list[str], *, rate: int, seconds: int) -> dict[str, Any]:
    """Ask one server at random; what the load generator measured."""
    order = {
        "host": "127.0.0.1",
        "ports": [server.port],
        "headers": {"Authorization": f"Bearer {key}"},
        "seconds": seconds,
        "streams": [{"rate": rate, "paths": paths}],
    }
    return offered(order)[0]


def offered(order: dict[str, Any]) -> list[dict[str, Any]]:
    """What the load generator measured, stream by stream."""
    figures: list[dict[str, Any]] = json.loads(_output([*PYTHON, "-m", "benchmarks.load"], json.dumps(order)))
    return figures


class Server:
    """A process that serves on a port of this machine."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def cpu(self) -> float:
        """Seconds of CPU so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)


@contextmanager
def amv_serve(folder: Path, *arguments: str, **settings: str) -> Iterator[tuple[Server, str]]:
    """`amv serve` on a free port, and its owner's key."""
    announced = folder / "server.json"
    announced.unlink(missing_ok=True)
    log = folder.with_suffix(".log").open("ab")
    command = [*AMV, "serve", "--port", "0", "--data-dir", str(folder), *arguments]
    with (
        log,
        subprocess.Popen(
            command, env=environment() | settings, stdin=subprocess.DEVNULL, stderr=log
        ) as process,
    ):
        try:
            deadline = time.monotonic() + 30
            while not announced.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"amv serve did not start; see {log.name}")
                time.sleep(0.02)
            found = json.loads(announced.read_text())
            yield Server(process, int(found["url"].rpartition(":")[2])), found["api_key"]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


@contextmanager
def _bare() -> Iterator[Server]:
    command = [*PYTHON, "-c", _BARE]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield Server(process, int(process.stdout.readline()))
        finally:
            process.kill()


def _output(command: list[str], stdin: str = "", **settings: str) -> str:
    # From the checkout's folder, so that `-m benchmarks…` is found.
    root = Path(__file__).parent.parent
    done = subprocess.run(
        command,
        env=environment() | settings,
        cwd=root,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(f"{os.fspath(command[2])} failed:\n{done.stderr}")
    return done.stdout
