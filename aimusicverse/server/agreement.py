"""What all processes of one database agree on: how far server time is ahead, and which master key holds."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa

from aimusicverse.errors import ConfigurationError
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.tables import server
from aimusicverse.server.store.transaction import Transaction

#: What whoever follows server time listens to.
CLOCK = "clock"
_MICROSECOND = timedelta(microseconds=1)


def clock_offset(tx: Transaction) -> timedelta:
    """How far server time is ahead of real time."""
    return timedelta(microseconds=tx.scalar(sa.select(server.c.clock_offset)))


def set_clock_offset(tx: Transaction, offset: timedelta) -> None:
    """Server time, for every process; what falls due by it begins at once."""
    tx.execute(sa.update(server).values(clock_offset=offset // _MICROSECOND))
    tx.wake(CLOCK)


def advance_clock(tx: Transaction, by: timedelta) -> timedelta:
    """Move server time forward; how far it is ahead then.

    Raises:
        ValueError: a negative step: what has happened cannot unhappen.
    """
    if by < timedelta():
        raise ValueError("server time only moves forward")
    offset = clock_offset(tx) + by
    set_clock_offset(tx, offset)
    return offset


@contextmanager
def followed_clock(store: Store) -> Iterator[None]:
    """Keep the store's clock at what the database says, while the block runs."""

    def follow() -> None:
        store.clock.set_offset(store.read_now(clock_offset))

    with store.signals.listen(CLOCK, follow):
        follow()
        yield


def check_master_key(store: Store, master: bytes) -> None:
    """See that all processes at work here have one master key.

    Where nobody else can be at work another key is taken as it is: what the first one sealed is lost with it.

    Raises:
        ConfigurationError: it has another: links, cursors and sealed columns of the others would be void.
    """
    check = master_check(master)
    if store.write_now(_agreed, check, store.is_ours_alone) != check:
        raise ConfigurationError(
            "the database began with another master key: set AMV_MASTER_KEY to that of its first server "
            "(the content of master.key in its data folder)"
        )


def master_check(master: bytes) -> str:
    """What the database keeps to know its master key again."""
    return hmac.digest(master, b"aimusicverse: the master key of this database", hashlib.sha256).hex()


def forget_master_key(tx: Transaction) -> None:
    """Let the next server say which master key it is from now on."""
    tx.execute(sa.update(server).values(master_check=None))


def _agreed(tx: Transaction, check: str, alone: bool) -> str:
    known = tx.scalar(sa.select(server.c.master_check))
    if known is None or alone:
        tx.execute(sa.update(server).values(master_check=check))
        return check
    return str(known)
