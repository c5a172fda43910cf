"""The side of a server that answers requests."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import uvicorn

from aimusicverse.server import long_poll
from aimusicverse.server.alerts.watch import watching
from aimusicverse.server.api_keys import service as api_keys
from aimusicverse.server.app import application
from aimusicverse.server.artwork.generators.known import known_generators
from aimusicverse.server.artwork.uploads import ArtworkUploads
from aimusicverse.server.connections.kept_secrets import CONNECTION_SECRETS
from aimusicverse.server.connections.sign_in import SignIns
from aimusicverse.server.cursors import Cursors
from aimusicverse.server.distributions.imports import Imports
from aimusicverse.server.distributions.judging import Judging
from aimusicverse.server.door import connection
from aimusicverse.server.door.door import Door
from aimusicverse.server.door.patience import Patience, PatientServer
from aimusicverse.server.fair_share import Shares, fair_protocol
from aimusicverse.server.front import Front
from aimusicverse.server.ground import Ground
from aimusicverse.server.local.dev_mode import DevMode
from aimusicverse.server.local.faults import Faults, resettable_protocol
from aimusicverse.server.local.states import States
from aimusicverse.server.packages.packing import Packing
from aimusicverse.server.playlists.covers import Covers
from aimusicverse.server.ready import ReadyAnswers
from aimusicverse.server.security.authenticator import Authenticator
from aimusicverse.server.security.limits.limiter import Limiter
from aimusicverse.server.services import Services
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.stores.apps import StoreApps
from aimusicverse.server.track_outputs.composing import Composing
from aimusicverse.server.track_outputs.hearing import Hearing
from aimusicverse.server.tracks.encodings import Encodings
from aimusicverse.server.tracks.known_tracks import KnownTracks
from aimusicverse.server.tracks.play_links import PlayLinks
from aimusicverse.server.tracks.uploads import Uploads
from aimusicverse.server.usage.recorder import Recorder
from aimusicverse.server.webhooks.secrets import WEBHOOK_SECRETS

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
        authenticator = Authenticator(store, ground.clock, decoy=ground.key_row.id)
        undo.callback(authenticator.close)
        authenticator.remember(ground.key, ground.key_row.hash)
        limiter = Limiter(
            store,
            ground.clock,
            suspend=api_keys.suspend,
            address_limit=settings.address_limit,
            wrong_key_limit=settings.wrong_key_limit,
        )
        undo.callback(limiter.close)
        encodings = Encodings(store, ground.blobs)
        undo.callback(encodings.close)
        composing, hearing = Composing(), Hearing(store, ground.blobs)
        undo.callback(composing.close)
        undo.callback(hearing.close)
        uploads = Uploads(store, ground.blobs, Sealer(ground.master, "answer"))
        undo.callback(uploads.close)
        covers = Covers(ground.blobs)
        undo.callback(covers.close)
        artwork_uploads = ArtworkUploads(
            ground.blobs, Sealer(ground.master, "answer"), settings.artwork_limit
        )
        undo.callback(artwork_uploads.close)
        judging = Judging()
        undo.callback(judging.close)
        packing = Packing(ground.blobs)
        undo.callback(packing.close)
        sign_ins = SignIns(
            store, Sealer(ground.master, CONNECTION_SECRETS), StoreApps(settings, ground.surroundings)
        )
        undo.callback(sign_ins.close)
        imports = Imports(ground.blobs, Sealer(ground.master, "answer"))
        undo.callback(imports.close)
        undo.callback(ground.blobs.close)  # first: what is being encoded may wait for them
        usage = Recorder(store, on=settings.usage)
        usage.start()
        undo.callback(usage.close)
        undo.enter_context(watching(store, settings))
        dev = None
        if settings.dev:
            dev = DevMode(
                ground.key_row.id,
                store,
                Faults(),
                States(store, ground.folder.path, usage.flush_if_possible, ground.stand_ins),
            )
            undo.callback(dev.states.close)
        yield Services(
            settings=settings,
            process=process,
            clock=ground.clock,
            store=store,
            blobs=ground.blobs,
            engines=ground.engines,
            authenticator=authenticator,
            limiter=limiter,
            cursors=Cursors(ground.master),
            play_links=PlayLinks(ground.master),
            answer_sealer=Sealer(ground.master, "answer"),
            encodings=encodings,
            composing=composing,
            hearing=hearing,
            known_tracks=KnownTracks(),
            ready_generations=ReadyAnswers(),
            uploads=uploads,
            covers=covers,
            artwork_uploads=artwork_uploads,
            artwork_generators=known_generators(settings),
            judging=judging,
            distribution_imports=imports,
            packing=packing,
            quotas_left=limiter.quotas_left,
            usage=usage,
            webhook_sealer=Sealer(ground.master, WEBHOOK_SECRETS),
            egress_rules=settings.egress_rules,
            sign_ins=sign_ins,
            surroundings=ground.surroundings,
            stand_ins=ground.stand_ins,
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
    settings = services.settings
    head_bytes = settings.max_header_kb * 1024
    protocol: type[Any] = type("Connection", (connection.Guarded,), {"head_bytes": head_bytes})
    if settings.dev:
        protocol = resettable_protocol(protocol)
    elif shares is not None:
        protocol = fair_protocol(protocol, shares)
    door = Door(settings, reached_at=listener.getsockname()[0])
    app = application()
    server = PatientServer(
        uvicorn.Config(
            Front(app, services, door, app.meant_routes),
            log_config=None,
            access_log=False,
            lifespan="off",
            http=protocol,
            ws="none",  # there are none, and their protocol would know nothing of ours
            server_header=False,
            proxy_headers=bool(services.settings.trusted_networks),
            forwarded_allow_ips=services.settings.trusted_networks,
            h11_max_incomplete_event_size=head_bytes,
            timeout_keep_alive=settings.idle_seconds,
            timeout_graceful_shutdown=GRACE_SECONDS,
        ),
        Patience(settings.header_seconds, settings.min_bytes_per_second),
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
        server.stop()
        thread.join()
