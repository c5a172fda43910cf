"""The processes of a server: one that answers and, unless told not to, does jobs; one that only does jobs."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Final

from aimusicverse.engines.base import Engine
from aimusicverse.secret import Secret
from aimusicverse.server import listener as listeners
from aimusicverse.server.api_side import answering, listening
from aimusicverse.server.distributions.doors import Doors
from aimusicverse.server.fair_share import Shares
from aimusicverse.server.ground import held_folder, standing
from aimusicverse.server.health.presence import present
from aimusicverse.server.health.queries import Presence
from aimusicverse.server.job_side import working
from aimusicverse.server.security.key_format import Mode
from aimusicverse.server.services import Services
from aimusicverse.server.settings import Settings

log: Final = logging.getLogger("aimusicverse.server")


class RunningServer:
    """A server over one data folder, serving from a thread until it is closed."""

    services: Services
    api_key: Secret
    url: str

    def __init__(
        self,
        settings: Settings,
        *,
        engines: Mapping[str, Engine] | None = None,
        doors: Doors | None = None,
        mode: Mode = "live",
        listener: socket.socket | None = None,
        shares: Shares | None = None,
        process: str = "server",
    ) -> None:
        """Lock the folder, open the database, listen, and serve.

        Args:
            settings: what to serve, and where.
            engines: instead of the registry's; the first is the default.
            doors: the way to stores, instead of the table's.
            mode: of the key that is made at the first start.
            listener: one of several processes on this socket, whose parent says where the server is.
            shares: how many connections those others have.
            process: what this process is called, in `/readyz`.

        Raises:
            ConfigurationError: the folder is held or unusable, the database damaged, the port busy.
        """
        with ExitStack() as undo:  # a start that fails half-way gives back what it took
            folder = undo.enter_context(held_folder(settings))
            socket_ = undo.enter_context(listener or listeners.listen(settings.host, settings.port))
            ground = undo.enter_context(standing(folder, settings, engines=engines, doors=doors, mode=mode))
            self.api_key: Secret = ground.key
            self.url: str = listeners.url_of(socket_)
            ground.surroundings.answers_at(self.url)
            self.services: Services = undo.enter_context(answering(ground, process=process))
            slots = settings.render_slots if settings.jobs else 0
            undo.enter_context(present(ground.store, Presence(process, answers=1, slots=slots)))
            if settings.jobs:
                undo.enter_context(working(ground, may_sweep=self._no_state_is_kept))
            elif settings.database_url is None:
                log.warning("jobs wait: on SQLite no other process can do them")
            undo.enter_context(listening(self.services, socket_, shares=shares))
            if listener is None:
                folder.announce(self.url, self.api_key, ground.clock.now())
            self._undo = undo.pop_all()

    def close(self) -> None:
        """Stop serving, put interrupted work back, close the database, give the folder back. Idempotent."""
        self._undo.close()

    def _no_state_is_kept(self) -> bool:
        """Whether no snapshot may name a blob that no row names now."""
        return self.services.dev is None or not self.services.dev.states.any_kept


class RunningWorker:
    """Jobs done by threads, over the same folder and database as servers elsewhere, until it is closed."""

    def __init__(
        self,
        settings: Settings,
        *,
        engines: Mapping[str, Engine] | None = None,
        doors: Doors | None = None,
    ) -> None:
        """Lock the folder, open the database, and work.

        Raises:
            ConfigurationError: the folder is held or unusable, the database does not answer.
        """
        with ExitStack() as undo:
            folder = undo.enter_context(held_folder(settings))
            ground = undo.enter_context(standing(folder, settings, engines=engines, doors=doors))
            undo.enter_context(working(ground))
            presence = Presence("worker", answers=0, slots=settings.render_slots)
            undo.enter_context(present(ground.store, presence))
            self._undo = undo.pop_all()

    def close(self) -> None:
        """Put interrupted work back, close the database, give the folder back. Idempotent."""
        self._undo.close()
