"""One of several processes of a server: `python -m aimusicverse.server.child NAME [LISTENER SHARES NUMBER]`.

Started by `supervisor`, with its settings in the environment: it answers on the listening socket with that
descriptor, as the one of that number in the file of shares; or without them does jobs.
"""

from __future__ import annotations

import logging
import socket
import sys
from dataclasses import replace
from typing import Final

from aimusicverse.errors import ConfigurationError
from aimusicverse.server.fair_share import Shares
from aimusicverse.server.log_lines import log_to_stderr
from aimusicverse.server.run import be_quick_for_the_event_loop
from aimusicverse.server.running import RunningServer, RunningWorker
from aimusicverse.server.settings import Settings
from aimusicverse.server.signals_to_stop import stop_by_signal
from aimusicverse.server.supervisor import end_with_parent

log: Final = logging.getLogger("aimusicverse.server")

CANNOT_START = 2


def main(arguments: list[str]) -> int:
    """Serve or work until SIGTERM or the end of the parent."""
    name, *numbers = arguments
    settings = Settings.from_environment()
    log_to_stderr(settings.log_level, name)
    with stop_by_signal(deaf_to_interrupt=True) as stop:
        end_with_parent(stop)
        process: RunningServer | RunningWorker
        try:
            if numbers:
                descriptor, shares, mine = map(int, numbers)
                be_quick_for_the_event_loop()
                process = RunningServer(
                    replace(settings, jobs=False),
                    listener=socket.socket(fileno=descriptor),
                    shares=Shares(shares, mine),
                    process=name,
                )
            else:
                process = RunningWorker(settings)
        except ConfigurationError as error:
            log.error("cannot start", extra={"error": str(error)})
            return CANNOT_START
        try:
            log.info("ready")
            stop.wait()
        finally:
            process.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
