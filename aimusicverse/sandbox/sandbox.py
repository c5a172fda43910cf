"""All stand-in stores of a server in one: where they answer, what time does to them, what they have."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from aimusicverse.sandbox import control
from aimusicverse.sandbox.orders import Orders
from aimusicverse.sandbox.releases import SandboxRelease
from aimusicverse.sandbox.state import State
from aimusicverse.sandbox.surroundings import Surroundings

#: Those that answer by HTTP have an `app(surroundings)` besides `advance` and `releases`.
_BY_HTTP: Final = ("soundcloud", "youtube")
_BY_FOLDER: Final = ("ddex", "apple")


class Sandbox:
    """Stand-ins for stores, over one folder. Several processes may have one over the same folder at once."""

    def __init__(self, folder: Path, now: Callable[[], datetime], review: timedelta, url: str) -> None:
        """
        Args:
            folder: where their memory, inboxes and files are; made where it is not there.
            now: server time, UTC. It can be moved, and reviews and releases follow.
            review: how long a store looks at a release before it is taken.
            url: under which `app` answers, without a slash at the end.
        """
        state = State(folder / "sandbox.db")
        self.orders: Final = Orders(state)
        self.surroundings: Final = Surroundings(folder, now, review, url, state, self.orders)
        self._lock = threading.Lock()
        self._turns = count(1)
        self._begun = 0

    @cached_property
    def app(self) -> Starlette:
        """What answers at `/soundcloud`, `/youtube` and `/control` (ASGI)."""
        routes: list[BaseRoute] = [
            Mount(f"/{name}", _store(name).app(self.surroundings)) for name in _BY_HTTP
        ]
        routes.append(Mount("/control", routes=control.routes(self.orders, self.releases)))
        return Starlette(routes=routes)

    def advance(self) -> None:
        """Have the stores do what they would have done by now. Blocks; may be called by many threads.

        Raises:
            OSError, sqlite3.Error: a folder or the memory cannot be used. The other stores have done theirs.
        """
        asked = next(self._turns)
        with self._lock:
            if self._begun > asked:
                return  # another thread has begun and ended it since
            self._begun = next(self._turns)
            failures = []
            for name in (*_BY_HTTP, *_BY_FOLDER):
                try:
                    _store(name).advance(self.surroundings)
                except Exception as failure:
                    failures.append(failure)
            if failures:
                raise failures[0]

    def releases(self) -> list[SandboxRelease]:
        """What all of them have, the oldest first."""
        found: list[SandboxRelease] = []
        for name in (*_BY_HTTP, *_BY_FOLDER):
            found += _store(name).releases(self.surroundings)
        return sorted(found, key=lambda one: (one.received_at, one.store, one.external_id))

    def close(self) -> None:
        """Close what this thread holds open."""
        self.surroundings.state.close()


def _store(name: str) -> Any:
    """A store's package, imported when it is first needed."""
    return import_module(f"aimusicverse.sandbox.{name}")
