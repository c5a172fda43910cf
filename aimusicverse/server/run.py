"""`amv serve`: a server in the foreground until a signal ends it."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from aimusicverse.server.log_lines import log_to_stderr
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings


def serve(
    *,
    host: str | None = None,
    port: int | None = None,
    data_dir: Path | None = None,
    durable: bool | None = None,
    dev: bool | None = None,
    log_level: str | None = None,
) -> int:
    """Serve until SIGINT or SIGTERM; what is not given comes from the environment. The exit code.

    Raises:
        ConfigurationError: a setting, the folder, the database or the port cannot be used.
    """
    settings = Settings.from_environment(
        host=host, port=port, data_dir=data_dir, durable=durable, dev=dev, log_level=log_level
    )
    log_to_stderr(settings.log_level)
    # The event loop must get the interpreter back from a reading or writing thread soon, not after 5 ms.
    sys.setswitchinterval(0.0005)
    stopped = threading.Event()
    received: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        stopped.set()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server = RunningServer(settings)
        try:
            print(
                f"aimusicverse serves {server.url} (documentation: {server.url}/docs)\n"
                f"amv and Client() on this machine find the key in {settings.data_dir / 'server.json'}.",
                file=sys.stderr,
                flush=True,
            )
            while not stopped.wait(3600):  # a bare wait() would not let signals in on every platform
                pass
        finally:
            server.close()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    # A second signal during the close changes nothing; being asked to stop is not a failure.
    return 130 if received and received[0] == signal.SIGINT else 0
