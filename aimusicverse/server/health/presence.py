"""Each process says now and then that it is alive, in a row of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aimusicverse.server.health import queries
from aimusicverse.server.health.queries import Presence
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError

log: Final = logging.getLogger("aimusicverse.server.health")

#: How often it says so.
SECONDS: Final = 15.0


@contextmanager
def present(store: Store, presence: Presence) -> Iterator[None]:
    """Be seen while the block runs. What cannot be written is said again a little later."""
    leaving = threading.Event()

    def keep_saying() -> None:
        while True:
            try:
                store.write_now(queries.seen, presence)
            except StoreError as error:
                log.info("a sign of life was not written", extra={"error": str(error)})
            except Exception:
                log.exception("signs of life met a defect")
            if leaving.wait(SECONDS):
                return

    thread = threading.Thread(target=keep_saying, name="amv-presence", daemon=True)
    thread.start()
    try:
        yield
    finally:
        leaving.set()
        thread.join()
        try:
            store.write_now(queries.gone, presence.id)
        except StoreError as error:
            log.info("this process could not sign off", extra={"error": str(error)})
