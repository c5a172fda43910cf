"""`amv serve` as a process: it starts, stops when told, and survives being killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

SERVE = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from aimusicverse.server.run import serve
sys.exit(serve(port=0, data_dir=Path({folder!r})))
"""


class Process:
    """A server in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.parent / "stderr"
        code = SERVE.format(root=str(Path(__file__).parents[2]), folder=str(folder))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code], stderr=log, stdin=subprocess.DEVNULL
            )
        where = self._where()
        self.http = httpx.Client(
            base_url=f"{where['url']}/api/v1", headers={"X-API-Key": where["api_key"]}, timeout=60
        )

    def _where(self) -> dict[str, Any]:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                where: dict[str, Any] = json.loads((self.folder / "server.json").read_text())
            except (OSError, ValueError):
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.02)
                continue
            if where["pid"] == self.process.pid:
                return where
            time.sleep(0.02)
        raise AssertionError("the server did not say where it is")

    def end(self, number: int) -> int:
        self.http.close()
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "server"


@pytest.fixture
def serve(folder: Path) -> Iterator[Any]:
    running: list[Process] = []

    def start() -> Process:
        running.append(Process(folder))
        return running[-1]

    yield start
    for server in running:
        server.http.close()
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()


def begin_long_song(server: Process) -> str:
    """A generation that is certainly in the middle of its render.

    The render goes on for a moment at a time and stands still while we look, so it cannot be over before we
    have seen it, however long an answer takes.
    """
    created = server.http.post(
        "/generate", json={"prompt": "lofi", "duration_seconds": 120, "seed": 5}
    ).json()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        render = children_of(server.process.pid)
        for child in render:
            os.kill(child, signal.SIGSTOP)
        state = server.http.get(f"/generations/{created['id']}").json()
        for child in render:
            os.kill(child, signal.SIGCONT)
        if state["progress"] > 0.05:
            assert state["status"] == "processing"
            return str(created["id"])
        time.sleep(0.02)
    raise AssertionError("the render did not begin")


def children_of(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def gone(pid: int) -> bool:
    import psutil

    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_kill_in_the_middle_of_a_render_loses_nothing(serve: Any, folder: Path) -> None:
    first = serve()
    generation = begin_long_song(first)
    [child] = children_of(first.process.pid)
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    deadline = time.monotonic() + 20
    while not gone(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert gone(child), "the render outlived its server"

    second = serve()
    ended = second.http.get(f"/generations/{generation}?wait=60").json()
    assert ended["status"] == "completed"
    [track] = ended["tracks"]
    assert len(second.http.get(f"/tracks/{track['id']}/audio").content) == track["audio"]["size_bytes"]
    types = [event["type"] for event in second.http.get("/events").json()["data"]]
    assert types.count("track.created") == types.count("generation.completed") == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_stops_it_in_order_and_the_work_goes_on_later(
    serve: Any, folder: Path, number: int, code: int
) -> None:
    first = serve()
    generation = begin_long_song(first)
    assert first.end(number) == code
    assert not (folder / "server.json").exists()
    assert not list((folder / "blobs" / "tmp").iterdir())
    second = serve()
    assert second.http.get(f"/generations/{generation}?wait=60").json()["status"] == "completed"


def test_the_log_is_json_and_knows_no_secret(serve: Any, folder: Path) -> None:
    server = serve()
    key = server.http.headers["x-api-key"]
    server.http.get("/tracks", headers={"Authorization": f"Bearer {key}"})
    server.http.get(f"/tracks/{key}")
    server.end(signal.SIGTERM)
    text = server.log.read_text()
    assert key not in text
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["message"] == "request"]
    assert len(requests) == 2
    assert requests[0]["route"] == "/api/v1/tracks"
    assert requests[0]["status"] == 200
    assert re.fullmatch(r"req_\w+", requests[0]["request_id"])


def test_two_servers_cannot_own_one_folder(serve: Any, folder: Path) -> None:
    first = serve()
    code = SERVE.format(root=str(Path(__file__).parents[2]), folder=str(folder))
    second = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=dict(os.environ)
    )
    assert second.returncode != 0
    assert "is held by the server at" in second.stderr
    assert first.http.get("/tracks").status_code == 200
