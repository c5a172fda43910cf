"""`amv serve` and `amv worker`: in the foreground until a signal ends them."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from aimusicverse.server import supervisor
from aimusicverse.server.log_lines import log_to_stderr
from aimusicverse.server.running import RunningServer, RunningWorker
from aimusicverse.server.settings import Settings
from aimusicverse.server.signals_to_stop import stop_by_signal


def serve(
    *,
    host: str | None = None,
    port: int | None = None,
    data_dir: Path | None = None,
    workers: int | None = None,
    jobs: bool | None = None,
    durable: bool | None = None,
    dev: bool | None = None,
    log_level: str | None = None,
) -> int:
    """Serve until SIGINT or SIGTERM; what is not given comes from the environment. The exit code.

    Raises:
        ConfigurationError: a setting, the folder, the database or the port cannot be used.
    """
    settings = Settings.from_environment(
        host=host,
        port=port,
        data_dir=data_dir,
        workers=workers,
        jobs=jobs,
        durable=durable,
        dev=dev,
        log_level=log_level,
    )
    if settings.workers > 1:
        supervisor.check(settings)
        log_to_stderr(settings.log_level, "parent")
        with stop_by_signal() as stop, supervisor.Family(settings) as family:
            _say_where(family.url, settings)
            family.keep_until(stop)
        return stop.exit_code
    log_to_stderr(settings.log_level)
    be_quick_for_the_event_loop()
    with stop_by_signal() as stop:
        server = RunningServer(settings)
        try:
            _say_where(server.url, settings)
            stop.wait()
        finally:
            server.close()
    return stop.exit_code


def work(
    *,
    slots: int | None = None,
    data_dir: Path | None = None,
    durable: bool | None = None,
    log_level: str | None = None,
) -> int:
    """Do jobs until SIGINT or SIGTERM, and listen on no port. The exit code.

    Raises:
        ConfigurationError: a setting, the folder or the database cannot be used.
    """
    settings = Settings.from_environment(
        render_slots=slots, data_dir=data_dir, durable=durable, log_level=log_level
    )
    log_to_stderr(settings.log_level, "worker")
    with stop_by_signal() as stop:
        worker = RunningWorker(settings)
        try:
            print(
                f"aimusicverse does jobs, {settings.render_slots} side by side.", file=sys.stderr, flush=True
            )
            stop.wait()
        finally:
            worker.close()
    return stop.exit_code


def be_quick_for_the_event_loop() -> None:
    """The event loop must get the interpreter back from a reading or writing thread soon, not after 5 ms; and
    no search for garbage may walk through what was loaded, which stays."""
    sys.setswitchinterval(0.0005)
    gc.freeze()


def _say_where(url: str, settings: Settings) -> None:
    print(
        f"aimusicverse serves {url} (documentation: {url}/docs)\n"
        f"amv and Client() on this machine find the key in {settings.data_dir / 'server.json'}.",
        file=sys.stderr,
        flush=True,
    )
