"""What one running server consists of. Everything a request needs hangs here; nothing is global."""

from __future__ import annotations

from dataclasses import dataclass, field

from aimusicverse.clock import ServerClock
from aimusicverse.server.cursors import Cursors
from aimusicverse.server.generation.service import Engines
from aimusicverse.server.local.dev_mode import DevMode
from aimusicverse.server.security.principal import Authenticator
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.tracks.encodings import Encodings
from aimusicverse.server.tracks.known_tracks import KnownTracks
from aimusicverse.server.tracks.play_links import PlayLinks
from aimusicverse.server.tracks.uploads import Uploads


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
    cursors: Cursors
    play_links: PlayLinks
    answer_sealer: Sealer
    encodings: Encodings
    known_tracks: KnownTracks
    uploads: Uploads
    #: Only in dev mode.
    dev: DevMode | None = None
    #: Set when the server stops: long polls answer at once with what there is.
    closing: bool = field(default=False)
