"""What one running server consists of. Everything a request needs hangs here; nothing is global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from aimusicverse.clock import ServerClock
from aimusicverse.egress import Rules
from aimusicverse.server.artwork.generators.known import Generators
from aimusicverse.server.artwork.uploads import ArtworkUploads
from aimusicverse.server.connections.sign_in import SignIns
from aimusicverse.server.cursors import Cursors
from aimusicverse.server.distributions.imports import Imports
from aimusicverse.server.distributions.judging import Judging
from aimusicverse.server.generation.asking import Engines
from aimusicverse.server.local.dev_mode import DevMode
from aimusicverse.server.packages.packing import Packing
from aimusicverse.server.playlists.covers import Covers
from aimusicverse.server.ready import ReadyAnswers
from aimusicverse.server.security.allowance import all_of
from aimusicverse.server.security.authenticator import Authenticator
from aimusicverse.server.security.limits.limiter import Limiter
from aimusicverse.server.security.principal import Principal
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.stores.stand_ins import StandIns
from aimusicverse.server.stores.surroundings import StoreSurroundings
from aimusicverse.server.tracks.encodings import Encodings
from aimusicverse.server.tracks.known_tracks import KnownTracks
from aimusicverse.server.tracks.play_links import PlayLinks
from aimusicverse.server.tracks.uploads import Uploads
from aimusicverse.server.usage.recorder import Recorder
from aimusicverse.types import Quotas


def _all_is_left(principal: Principal) -> Quotas:
    return all_of(principal.allowance)


@dataclass(slots=True)
class Services:
    """The parts of one server."""

    settings: Settings
    #: What this process is called.
    process: str
    clock: ServerClock
    store: Store
    blobs: Blobs
    engines: Engines
    authenticator: Authenticator
    limiter: Limiter
    cursors: Cursors
    play_links: PlayLinks
    answer_sealer: Sealer
    encodings: Encodings
    known_tracks: KnownTracks
    ready_generations: ReadyAnswers
    uploads: Uploads
    covers: Covers
    artwork_uploads: ArtworkUploads
    artwork_generators: Generators
    judging: Judging
    distribution_imports: Imports
    packing: Packing
    usage: Recorder
    #: Seals what endpoints of users keep secret, and where these may be.
    webhook_sealer: Sealer
    egress_rules: Rules
    #: Accounts with stores, and what connectors find around them.
    sign_ins: SignIns
    surroundings: StoreSurroundings
    #: The stand-ins of stores; `None`: there are none.
    stand_ins: StandIns | None
    #: What a caller may still call, for his profile: whoever counts calls puts his answer here.
    quotas_left: Callable[[Principal], Quotas] = _all_is_left
    #: Only in dev mode.
    dev: DevMode | None = None
    #: Set when the server stops: long polls answer at once with what there is.
    closing: bool = field(default=False)
