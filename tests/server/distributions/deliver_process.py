"""A server or a worker that delivers to scripted stores: `deliver_process.py KIND SHELF [POINT SPARED…]`.

`KIND` is `server` or `worker`. With a point it kills itself, as `kill -9` does, when a delivery first comes
there that is none of those spared. Database and folder come from the environment.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from aimusicverse.server.log_lines import log_to_stderr
from aimusicverse.server.running import RunningServer, RunningWorker
from aimusicverse.server.settings import Settings
from aimusicverse.server.signals_to_stop import stop_by_signal
from tests.server.distributions.scripted import Doors, Shelf
from tests.server.quick_engine import QuickEngine


def main(kind: str, shelf: str, deadly: str = "", *spared: str) -> None:
    def at(point: str, mark: str) -> None:
        if point == deadly and mark not in spared:
            os.kill(os.getpid(), signal.SIGKILL)

    log_to_stderr("info", kind)
    engine = QuickEngine()
    doors = Doors(Shelf(Path(shelf)), at)
    with stop_by_signal() as stop:
        settings = Settings.from_environment(port=0)
        make = RunningServer if kind == "server" else RunningWorker
        process = make(settings, engines={engine.name: engine}, doors=doors)
        print("ready", flush=True)
        stop.wait()
        process.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
