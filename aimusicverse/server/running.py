"""One running server: opened over a data folder, listening on a socket, closed in order."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Final

import uvicorn

from aimusicverse.clock import ServerClock
from aimusicverse.engines.base import Engine
from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.server import agreement, idempotency, long_poll
from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.api_keys import service as api_keys
from aimusicverse.server.app import application
from aimusicverse.server.cursors import Cursors
from aimusicverse.server.data_folder import DataFolder
from aimusicverse.server.front import Front
from aimusicverse.server.generation.render_job import RenderJob
from aimusicverse.server.generation.service import RENDER
from aimusicverse.server.jobs import outbox
from aimusicverse.server.jobs.worker import DONE_JOBS_KEPT, Worker
from aimusicverse.server.local.dev_mode import DevMode
from aimusicverse.server.local.faults import Faults, ResettableProtocol
from aimusicverse.server.local.states import States
from aimusicverse.server.security.key_format import Mode
from aimusicverse.server.security.principal import Authenticator
from aimusicverse.server.services import Services
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs, BlobsUnavailable
from aimusicverse.server.store.blobs.base import Named
from aimusicverse.server.store.blobs.opening import open_blobs
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.opening import open_store
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.tracks import queries as tracks
from aimusicverse.server.tracks.encodings import Encodings
from aimusicverse.server.tracks.play_links import PlayLinks

log: Final = logging.getLogger("aimusicverse.server")

#: How long requests may still run when the server stops.
GRACE_SECONDS = 10


class RunningServer:
    """A server over one data folder, serving from a thread until it is closed."""

    services: Services
    api_key: Secret
    url: str

    def __init__(
        self, settings: Settings, *, engines: Mapping[str, Engine] | None = None, mode: Mode = "live"
    ) -> None:
        """Lock the folder, open the database, listen, and serve.

        Args:
            settings: what to serve, and where.
            engines: instead of the registry's; the first is the default.
            mode: of the key that is made at the first start.

        Raises:
            ConfigurationError: the folder is held or unusable, the database damaged, the port busy.
        """
        with ExitStack() as undo:  # a start that fails half-way gives back what it took
            folder = DataFolder(settings.data_dir)
            undo.callback(folder.release)
            listener = undo.enter_context(_listen(settings.host, settings.port))
            self.services, self.api_key = _assemble(undo, folder, settings, engines, mode)
            host, port = listener.getsockname()[:2]
            self.url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
            self._server = uvicorn.Server(
                uvicorn.Config(
                    Front(application(), self.services),
                    log_config=None,
                    access_log=False,
                    lifespan="off",
                    http=ResettableProtocol if settings.dev else "auto",
                    server_header=False,
                    timeout_graceful_shutdown=GRACE_SECONDS,
                )
            )
            self._thread = threading.Thread(
                target=self._server.run, args=([listener],), name="amv-server", daemon=True
            )
            # The socket already takes connections; the first waits there until the loop runs.
            self._thread.start()
            undo.callback(self._stop_serving)
            folder.announce(self.url, self.api_key, self.services.clock.now())
            self._undo = undo.pop_all()

    def close(self) -> None:
        """Stop serving, put interrupted work back, close the database, give the folder back. Idempotent."""
        self._undo.close()

    def _stop_serving(self) -> None:
        self.services.closing = True
        self.services.store.signals.wake([long_poll.CLOSING])
        self._server.should_exit = True
        self._thread.join()


def _assemble(
    undo: ExitStack,
    folder: DataFolder,
    settings: Settings,
    engines: Mapping[str, Engine] | None,
    mode: Mode,
) -> tuple[Services, Secret]:
    if engines is None:
        from aimusicverse.engines import registry

        engines = {engine.capabilities().name: engine for engine in registry.all()}
    clock = ServerClock()
    master = folder.master_key(settings.master_key)
    try:
        store = open_store(settings.database_url, folder.database, clock=clock, durable=settings.durable)
        undo.callback(store.close)
        agreement.check_master_key(store, master)
        undo.enter_context(agreement.followed_clock(store))
        key, principal = api_keys.embedded_owner_key(folder, store, master, mode)
        released = store.write_now(outbox.release_all_leases) if store.is_ours_alone else 0
    except StoreError as error:
        raise ConfigurationError(str(error)) from error
    if released:
        log.info("interrupted work is taken up again", extra={"jobs": released})
    blobs = open_blobs(settings, folder.path, alone=store.is_ours_alone)
    authenticator = Authenticator(store, clock)
    undo.callback(authenticator.close)
    authenticator.remember(key, principal)
    encodings = Encodings(store, blobs)
    undo.callback(encodings.close)
    states = States(store, folder.path)
    undo.callback(states.close)
    worker = Worker(
        store,
        {RENDER: RenderJob(store, blobs, engines)},
        slots=settings.render_slots,
        housekeeping=lambda: _keep_house(store, blobs, states),
    )
    worker.start()
    clock.on_change = worker.wake
    undo.callback(worker.stop)
    undo.callback(blobs.close)  # first: the worker waits for what runs
    services = Services(
        settings=settings,
        clock=clock,
        store=store,
        blobs=blobs,
        engines=engines,
        authenticator=authenticator,
        cursors=Cursors(master),
        play_links=PlayLinks(master),
        answer_sealer=Sealer(master, "answer"),
        encodings=encodings,
        dev=DevMode(principal.key_id, store, Faults(), states) if settings.dev else None,
    )
    return services, key


def _keep_house(store: Store, blobs: Blobs, states: States) -> None:
    """Remove what nobody will ask for: orphaned blobs, finished jobs, expired idempotency records."""
    if not states.any_kept:
        _sweep(store, blobs)
    store.write_now(idempotency.forget_expired)
    store.write_now(lambda tx: outbox.forget_done(tx, tx.now - DONE_JOBS_KEPT))


def _sweep(store: Store, blobs: Blobs) -> None:
    def in_transaction(decide: Callable[[Named], int]) -> int:
        return store.write_now(lambda tx: decide(lambda hashes: tracks.named_blobs(tx, hashes)))

    try:
        removed = blobs.sweep(
            in_transaction,
            database=store.read_now(owners.first_owner) or "",
            since=store.read_now(owners.began_at),
        )
    except BlobsUnavailable as error:
        log.error("orphaned blobs could not be removed", extra={"error": str(error)})
    else:
        if removed:
            log.info("orphaned blobs removed", extra={"blobs": removed})


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(2048)
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port or AMV_PORT"
        ) from None
    return listener
