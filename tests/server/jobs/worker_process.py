"""A worker process for tests: `worker_process.py count LEASE` or `render LEASE SECONDS`.

`count` does jobs of a kind that the product does not have: each adds a row to the table `effect`, in the
transaction that ends it. `render` renders with an engine that takes so long, on the product's own worker.
Database and folder come from the environment.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import sqlalchemy as sa

from aimusicverse.clock import ServerClock
from aimusicverse.engines.base import Order, Progress
from aimusicverse.server.jobs import outbox, roll
from aimusicverse.server.jobs.worker import Worker
from aimusicverse.server.log_lines import log_to_stderr
from aimusicverse.server.running import RunningWorker
from aimusicverse.server.settings import Settings
from aimusicverse.server.signals_to_stop import stop_by_signal
from aimusicverse.server.store.opening import open_store
from aimusicverse.server.store.transaction import Transaction
from tests.server.quick_engine import QuickEngine, QuickJob

EFFECT = sa.text("INSERT INTO effect (job, claim_no) VALUES (:job, :claim_no)")


class SlowJob(QuickJob):
    def __init__(self, seconds: float, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self._until = time.monotonic() + seconds

    def progress(self, timeout: float) -> Progress | None:
        if time.monotonic() < self._until:
            time.sleep(min(timeout, 0.05))
            return Progress("render", 0.5)
        return None


class SlowEngine(QuickEngine):
    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def start(self, order: Order, workspace: Path) -> QuickJob:
        return SlowJob(self._seconds, self, order, workspace, lambda: None)


def count(settings: Settings) -> None:
    store = open_store(settings.database_url, Path(), clock=ServerClock())

    def effect(tx: Transaction, job: outbox.Job) -> None:
        outbox.finish(tx, job)
        tx.execute(EFFECT, {"job": job.ref, "claim_no": job.claim_no})

    def handle(job: outbox.Job, stopping: threading.Event) -> None:
        time.sleep(job.payload["seconds"])
        store.write_now(effect, job)

    with (
        roll.signed_on(
            settings.data_dir, lambda dead: print(store.write_now(outbox.release_leases, dead), "released")
        ) as name,
        stop_by_signal() as stop,
    ):
        worker = Worker(store, {"count": handle}, slots=4, housekeeping=lambda: None, name=name)
        worker.start()
        print("ready", flush=True)
        stop.wait()
        worker.stop()
        store.close()


def render(settings: Settings, seconds: float) -> None:
    with stop_by_signal() as stop:
        engine = SlowEngine(seconds)
        worker = RunningWorker(settings, engines={engine.name: engine})
        print("ready", flush=True)
        stop.wait()
        worker.close()


if __name__ == "__main__":
    kind, lease, *more = sys.argv[1:]
    outbox.LEASE_SECONDS = float(lease)
    log_to_stderr("info", "worker")
    if kind == "count":
        count(Settings.from_environment())
    else:
        render(Settings.from_environment(), float(more[0]))
