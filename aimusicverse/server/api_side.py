"""The side of a server that answers requests."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Literal

import uvicorn

from aimusicverse.server import long_poll
from aimusicverse.server.app import application
from aimusicverse.server.cursors import Cursors
from aimusicverse.server.fair_share import Shares, fair_protocol
from aimusicverse.server.front import Front
from aimusicverse.server.ground import Ground
from aimusicverse.server.local.dev_mode import DevMode
from aimusicverse.server.local.faults import Faults, ResettableProtocol
from aimusicverse.server.local.states import States
from aimusicverse.server.security.principal import Authenticator
from aimusicverse.server.services import Services
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.tracks.encodings import Encodings
from aimusicverse.server.tracks.known_tracks import KnownTracks
from aimusicverse.server.tracks.play_links import PlayLinks
from aimusicverse.server.tracks.uploads import Uploads

#: How long requests may still run when the server stops.
GRACE_SECONDS = 10


@contextmanager
def answering(ground: Ground, *, process: str) -> Iterator[Services]:
    """What requests need, while the block runs.

    Args:
        ground: database, folder and engines.
        process: what this process is called, in `/readyz`.
    """
    settings, store = ground.settings, ground.store
    with ExitStack() as undo:
        authenticator = Authenticator(store, ground.clock)
        undo.callback(authenticator.close)
        authenticator.remember(ground.key, ground.principal)
        encodings = Encodings(store, ground.blobs)
        undo.callback(encodings.close)
        uploads = Uploads(store, ground.blobs, Sealer(ground.master, "answer"))
        undo.callback(uploads.close)
        undo.callback(ground.blobs.close)  # first: what is being encoded may wait for them
        dev = None
        if settings.dev:
            dev = DevMode(ground.principal.key_id, store, Faults(), States(store, ground.folder.path))
            undo.callback(dev.states.close)
        yield Services(
            settings=settings,
            process=process,
            clock=ground.clock,
            store=store,
            blobs=ground.blobs,
            engines=ground.engines,
            authenticator=authenticator,
            cursors=Cursors(ground.master),
            play_links=PlayLinks(ground.master),
            answer_sealer=Sealer(ground.master, "answer"),
            encodings=encodings,
            known_tracks=KnownTracks(),
            uploads=uploads,
            dev=dev,
        )


@contextmanager
def listening(services: Services, listener: socket.socket, *, shares: Shares | None = None) -> Iterator[None]:
    """Answer what comes in, from a thread, while the block runs; what is being answered then may end.

    Args:
        services: what requests need.
        listener: where they come in.
        shares: how many connections the others have that accept there, if there are any.
    """
    protocol: type[Any] | Literal["auto"] = "auto"
    if services.settings.dev:
        protocol = ResettableProtocol
    elif shares is not None:
        protocol = fair_protocol(shares)
    server = uvicorn.Server(
        uvicorn.Config(
            Front(application(), services),
            log_config=None,
            access_log=False,
            lifespan="off",
            http=protocol,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    thread = threading.Thread(target=server.run, args=([listener],), name="amv-server", daemon=True)
    # The socket already takes connections; the first waits there until the loop runs.
    thread.start()
    if shares is not None:
        shares.come()
    try:
        yield
    finally:
        if shares is not None:
            shares.leave()
        services.closing = True
        services.store.signals.wake([long_poll.CLOSING])
        server.should_exit = True
        thread.join()
