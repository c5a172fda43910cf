"""LocalServer: from its constructor to the first answer to an authenticated call."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.processes import PYTHON, environment
from benchmarks.table import Row

ROUNDS = 9

#: What a bare uvicorn needs for the same: a socket, a thread, one answer.
_ASK = """
import http.client, json, sys, time
def ask(host, port, key):
    connection = http.client.HTTPConnection(host, port)
    connection.request("GET", "/api/v1/tracks?limit=1", headers={"Authorization": "Bearer " + key})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    connection.close()
"""
_BARE = (
    _ASK
    + """
import socket, threading, uvicorn
from uvicorn.protocols.http import auto
import uvloop
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})
began = time.perf_counter()
listener = socket.create_server(("127.0.0.1", 0))
server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
threading.Thread(target=server.run, args=([listener],), daemon=True).start()
ask(*listener.getsockname(), "none")
print(json.dumps((time.perf_counter() - began) * 1000))
server.should_exit = True
"""
)
_OURS = (
    _ASK
    + """
import aimusicverse, aimusicverse.server.running
from aimusicverse import LocalServer
began = time.perf_counter()
server = LocalServer(sys.argv[1])
ask("127.0.0.1", int(server.url.rpartition(":")[2]), server.api_key)
print(json.dumps((time.perf_counter() - began) * 1000))
server.close()
"""
)


def measure() -> list[Row]:
    """Medians over fresh processes: a new folder, the same folder again, and uvicorn without us."""
    fresh, existing, bare = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        _taken(_OURS, Path(folder) / "warm")  # compiles bytecode
        for turn in range(ROUNDS):
            place = Path(folder) / str(turn)
            fresh.append(_taken(_OURS, place))
            existing.append(_taken(_OURS, place))
            bare.append(_taken(_BARE, place))
    floor = ("bare uvicorn, first answer", median(bare))
    return [
        Row("LocalServer, new folder, to first answer, ms", median(fresh), 350, floor),
        Row("LocalServer, existing folder, to first answer, ms", median(existing), 150, floor),
    ]


def _taken(program: str, folder: Path) -> float:
    done = subprocess.run(
        [*PYTHON, "-c", program, str(folder)], env=environment(), capture_output=True, text=True, check=True
    )
    return float(json.loads(done.stdout))
