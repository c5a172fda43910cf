"""Looks every few seconds whether an alert is to be raised or cleared.

Every process that answers requests looks, because any of them may be the only one. That is cheap: only who
finds something to change writes, and in the transaction that writes he looks again. So of several who find
the same, one raises it; and what is raised is a row, which outlives them all.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from aimusicverse.server.alerts import service
from aimusicverse.server.alerts.rules import RULES, Rule
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError

log: Final = logging.getLogger("aimusicverse.server.alerts")

SECONDS: Final = 10.0


def look_once(store: Store, settings: Settings, rules: Sequence[Rule] = RULES) -> None:
    """Raise and clear what is due. Blocks.

    Raises:
        StoreError: the database does not do its part; the next look will do it.
    """
    if store.read_now(service.is_to_change, rules, settings):
        store.write_now(service.change, rules, settings)


@contextmanager
def watching(store: Store, settings: Settings) -> Iterator[None]:
    """Look on while the block runs."""
    leaving = threading.Event()

    def keep_looking() -> None:
        while not leaving.wait(SECONDS):
            try:
                look_once(store, settings)
            except StoreError as error:
                log.info("alerts were not looked at", extra={"error": str(error)})
            except Exception:
                log.exception("looking at alerts met a defect")

    thread = threading.Thread(target=keep_looking, name="amv-alerts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        leaving.set()
        thread.join()
