"""What recording a request costs of its CPU, in paired runs: the same reads, recorded and not, in turn.

One server does both, because two processes of the same code differ by more than a per cent. It runs in this
process; who asks runs in another. Reads come in short blocks, recorded and not by turns, so that whatever
else changes on a machine changes for both; each pair of blocks gives one difference of CPU time, all threads
of the server together. What adds the records up and writes them, about once a second, is measured apart, and
shared out among the reads of a second: a thousand, which is the load that one process has to bear
(benchmarks/limited_reads.py), and 400 for comparison. Throughput would tell nothing of one per cent.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import mean, median, stdev
from typing import TYPE_CHECKING

from benchmarks.library import fill
from benchmarks.processes import PYTHON, environment
from benchmarks.table import Row

if TYPE_CHECKING:
    from aimusicverse.server.running import RunningServer

TRACKS = 200
PAIRS = 2_000
#: In a block.
READS = 20
#: After so many pairs, by turns, what was recorded is written: that makes a thousand reads, or 400.
PAIRS_A_SECOND = (50, 20)
#: Of the CPU of a read.
BAR = 0.01
_WARM_PAIRS = 40

#: Asks on one connection; for each line with a number so many times, and answers with a line.
_ASKER = """
import random, socket, sys
port, key, *paths = sys.stdin.readline().split()
connection = socket.create_connection(("127.0.0.1", int(port)))
connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
headers = ["Host: 127.0.0.1", f"Authorization: Bearer {key}", "Accept: application/json"]
head = "\\r\\n".join([*headers, "User-Agent: aimusicverse/0.1.0 python/3.11.7", "", ""])
requests = [f"GET {path} HTTP/1.1\\r\\n{head}".encode() for path in paths]
for line in sys.stdin:
    for _ in range(int(line)):
        connection.sendall(random.choice(requests))
        answer = b""
        while b"\\r\\n\\r\\n" not in answer:
            answer += connection.recv(65536)
        got, _, body = answer.partition(b"\\r\\n\\r\\n")
        assert b" 200 " in got[:13], got
        length = int(got.lower().partition(b"content-length:")[2].split(b"\\r\\n")[0])
        while len(body) < length:
            body += connection.recv(65536)
    print("done", flush=True)
"""


def measure() -> list[Row]:
    """Ask in blocks, with and without recording."""
    from aimusicverse.server.running import RunningServer
    from aimusicverse.server.settings import Settings

    with tempfile.TemporaryDirectory() as name, _its_log_written():
        folder = Path(name) / "data"
        tracks = fill(folder, TRACKS)["tracks"]
        server = RunningServer(Settings.from_environment({}, data_dir=folder, port=0, usage=False))
        try:
            order = [server.url.rpartition(":")[2], server.api_key.get_secret_value()]
            paths = [f"/api/v1/tracks/{track}" for track in tracks]
            with _asker(" ".join(order + paths)) as ask:
                recorded, silent, flushes = _blocks(server, ask)
        finally:
            server.close()
    differences = sorted(one - other for one, other in zip(recorded, silent, strict=True))
    tenth = len(differences) // 10
    taking = differences[tenth:-tenth]  # without the tenth on either side, which is other things' doing
    error = stdev(taking) / len(taking) ** 0.5
    writing = {reads: median(costs) for reads, costs in flushes.items()}
    whole = median(silent)
    return [
        Row(
            f"recording, of the CPU of GET /tracks/{{id}} at {reads:,} a second, %",
            100 * (mean(taking) + writing[reads]) / whole,
            100 * BAR if reads == max(writing) else None,
            note=f"of {whole:.0f} µs: taking {mean(taking):.1f} ± {error:.1f} (standard error), adding up "
            f"and writing {writing[reads]:.1f}; {PAIRS} pairs",
        )
        for reads in sorted(writing, reverse=True)
    ]


def _blocks(server: RunningServer, ask: Asker) -> tuple[list[float], list[float], dict[int, list[float]]]:
    """Microseconds of CPU per read: recorded and not, pair by pair; and of writing so many at once."""
    recorder = server.services.usage  # whose thread was not started: what it does is done here

    def block(on: bool) -> float:
        object.__setattr__(recorder, "on", on)
        before = time.process_time()
        ask(READS)
        return (time.process_time() - before) / READS * 1e6

    order = Random(1)
    taken: dict[bool, list[float]] = {True: [], False: []}
    flushes: dict[int, list[float]] = {}
    turns = cycle(PAIRS_A_SECOND)
    left = wanted = next(turns)
    for number in range(PAIRS + _WARM_PAIRS):
        for on in order.sample((True, False), 2):
            cost = block(on)
            if number >= _WARM_PAIRS:
                taken[on].append(cost)
        left -= 1
        if not left:
            before = time.process_time()
            recorder.flush()
            reads = READS * wanted
            flushes.setdefault(reads, []).append((time.process_time() - before) / reads * 1e6)
            left = wanted = next(turns)
    recorder.flush()
    counted = sum(sum(counts[3:]) for counts in recorder.totals.all().values())
    if counted != READS * (PAIRS + _WARM_PAIRS):
        raise RuntimeError(f"{counted} reads were recorded, not {READS * (PAIRS + _WARM_PAIRS)}")
    return taken[True], taken[False], flushes


@contextmanager
def _its_log_written() -> Iterator[None]:
    """A server writes a line for each request; here to nowhere."""
    from aimusicverse.server.log_lines import JsonLines

    logger = logging.getLogger("aimusicverse")
    with Path(os.devnull).open("w") as nowhere:
        handler = logging.StreamHandler(nowhere)
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
        logger.setLevel("INFO")
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(handler)


class Asker:
    """The process that asks."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, count: int) -> None:
        """Ask so often; returns when all is answered."""
        self.say(str(count))
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "done\n":
            raise RuntimeError("who asks has failed")

    def say(self, line: str) -> None:
        """Hand it a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


@contextmanager
def _asker(order: str) -> Iterator[Asker]:
    command = [*PYTHON, "-c", _ASKER]
    with subprocess.Popen(
        command,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
    ) as process:
        asker = Asker(process)
        asker.say(order)
        try:
            yield asker
        finally:
            process.kill()
