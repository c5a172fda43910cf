"""Two API processes and one worker on one PostgreSQL: reads and writes together, and how long they take.

It needs a PostgreSQL on which databases may be made: AMV_TEST_POSTGRES, or that of this machine.
"""

from __future__ import annotations

import secrets
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.postgres import database
from benchmarks.processes import AMV, environment
from benchmarks.reads import amv_serve, library, offered
from benchmarks.table import Row

READS, WRITES = 700, 200
SECONDS = 10
P95_MS = 80
WARM_SECONDS = 2


def measure() -> list[Row]:
    """Offer 700 reads and 200 writes a second together."""
    with tempfile.TemporaryDirectory() as name, database() as url:
        folder = Path(name) / "data"
        settings = {"AMV_DATABASE_URL": url}
        deleted = WRITES // 2 * (SECONDS + WARM_SECONDS)
        ids = library(folder, deleted + 200, **settings)
        doomed, kept = ids["tracks"][:deleted], ids["tracks"][deleted:]
        paths = [
            *(f"/api/v1/tracks/{track}" for track in kept),
            *(f"/api/v1/generations/{generation}" for generation in ids["generations"][deleted:]),
            *["/api/v1/tracks?limit=20"] * len(kept),  # so each of the three is asked as often
        ]
        with (
            amv_serve(folder, "--no-jobs", **settings) as (one, key),
            amv_serve(folder, "--no-jobs", **settings) as (two, _),
            _worker(folder, settings) as worker,
        ):
            order = {
                "host": "127.0.0.1",
                "ports": [one.port, two.port],
                "headers": {"Authorization": f"Bearer {key}"},
            }
            warm = WRITES // 2 * WARM_SECONDS
            offered(order | _streams(paths, doomed[:warm], kept, WARM_SECONDS))
            before = one.cpu() + two.cpu()
            reads, writes = offered(order | _streams(paths, doomed[warm:], kept, SECONDS))
            busy = (one.cpu() + two.cpu() - before) / SECONDS
            worked = sum(psutil.Process(worker.pid).cpu_times()[:2])
    note = f"the two {busy:.0%} of a core, generator {reads['generator_cpu']:.0%}, worker {worked:.1f} s CPU"
    return [
        Row(
            f"PostgreSQL, 2 API processes, 1 worker: reads/s of {READS} beside {WRITES} writes/s",
            reads["rate"],
            0.99 * READS,
            at_least=True,
            note=note,
        ),
        Row("…reads, p95, ms", reads["p95"], P95_MS, note=f"p50 {reads['p50']:.1f}, p99 {reads['p99']:.0f}"),
        Row(f"…writes/s of {WRITES}", writes["rate"], 0.99 * WRITES, at_least=True),
        Row(
            "…writes, p95, ms",
            writes["p95"],
            P95_MS,
            note=f"p50 {writes['p50']:.1f}, p99 {writes['p99']:.0f}",
        ),
        Row("…errors", reads["errors"] + writes["errors"], 0),
    ]


def _streams(paths: list[str], doomed: list[str], kept: list[str], seconds: int) -> dict[str, object]:
    """Reads at random; writes, half of which delete a track, half of which keep an answer under its key."""
    writes: list[list[object]] = []
    for number, track in enumerate(doomed):
        writes.append(["DELETE", f"/api/v1/tracks/{track}"])
        writes.append(
            [
                "POST",
                f"/api/v1/tracks/{kept[number % len(kept)]}/play-url",
                "{}",
                {"Idempotency-Key": secrets.token_hex(8)},
            ]
        )
    return {
        "seconds": seconds,
        "streams": [{"rate": READS, "paths": paths}, {"rate": WRITES, "once": writes}],
    }


@contextmanager
def _worker(folder: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [*AMV, "worker", "--data-dir", str(folder)]
    with (
        folder.with_suffix(".worker.log").open("wb") as log,
        subprocess.Popen(
            command, env=environment() | settings, stdin=subprocess.DEVNULL, stderr=log
        ) as process,
    ):
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)
