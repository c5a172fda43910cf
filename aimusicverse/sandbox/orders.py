"""What a stand-in store is told to do to those who deliver: reject, take long, break down."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from typing import Any, Literal

from aimusicverse.sandbox.state import State

What = Literal["reject", "delay", "fault", "silence"]


@dataclass(frozen=True, slots=True)
class Order:
    """One of them.

    Args:
        store: `soundcloud`, `youtube_music`, `spotify`, `ddex`, `ddex_43`, `apple_music`.
        what: `reject` the next release, `delay` its review, play a `fault`, never answer (`silence`).
        times: for how many releases or calls.
        seconds: of the delay, or of how slow the fault is.
        status: of HTTP, which a fault answers; 0: the connection breaks.
        after_bytes: of a body, before the fault.
        call: of which a fault is, like `upload`, `look`, `token`; empty: any.
        reason: of a rejection, in the store's own words.
        headers: that a fault answers with, like `Retry-After`.
        body: that a fault answers with.
    """

    store: str
    what: What
    times: int = 1
    seconds: float = 0.0
    status: int = 503
    after_bytes: int = 0
    call: str = ""
    reason: str = ""
    headers: dict[str, str] | None = None
    body: str = ""


class Orders:
    """Orders that were given and not yet carried out, oldest first."""

    def __init__(self, state: State) -> None:
        self._state = state

    def give(self, order: Order) -> None:
        """Add one."""
        with self._state.writing() as connection:
            connection.execute("INSERT INTO orders (data) VALUES (?)", (json.dumps(asdict(order)),))

    def take(self, store: str, what: What, call: str = "") -> Order | None:
        """The oldest one for this, counted down; `None`: nothing was ordered."""
        with self._state.writing() as connection:
            return take_within(connection, store, what, call)

    def clear(self) -> None:
        """Forget them."""
        with self._state.writing() as connection:
            connection.execute("DELETE FROM orders")


def take_within(connection: sqlite3.Connection, store: str, what: What, call: str = "") -> Order | None:
    """`Orders.take` within a transaction: what is done by the order is kept with it, or both are not."""
    for number, data in connection.execute("SELECT number, data FROM orders ORDER BY number").fetchall():
        order = Order(**json.loads(data))
        if (order.store, order.what) != (store, what) or order.call not in ("", call):
            continue
        if order.times > 1:
            left: dict[str, Any] = asdict(order) | {"times": order.times - 1}
            connection.execute("UPDATE orders SET data = ? WHERE number = ?", (json.dumps(left), number))
        else:
            connection.execute("DELETE FROM orders WHERE number = ?", (number,))
        return order
    return None
