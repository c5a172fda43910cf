"""What each process of a server stands on, whether it answers requests, does jobs, or both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from aimusicverse.clock import ServerClock
from aimusicverse.engines.base import Engine
from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.server import agreement
from aimusicverse.server.api_keys.embedded import embedded_owner_key
from aimusicverse.server.api_keys.queries import ApiKeyRow
from aimusicverse.server.data_folder import DataFolder
from aimusicverse.server.distributions.doors import Doors
from aimusicverse.server.security.key_format import Mode
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.server.store.blobs.opening import open_blobs
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.opening import open_store
from aimusicverse.server.stores.stand_ins import StandIns
from aimusicverse.server.stores.surroundings import StoreSurroundings


@dataclass(frozen=True, slots=True)
class Ground:
    """An open database and an open folder, agreed with all others who use them."""

    settings: Settings
    folder: DataFolder
    clock: ServerClock
    #: The master key.
    master: bytes
    store: Store
    blobs: Blobs
    engines: Mapping[str, Engine]
    surroundings: StoreSurroundings
    #: `None`: there are to be none.
    stand_ins: StandIns | None
    #: The way to stores; `None`: by the table of connectors.
    doors: Doors | None
    #: The embedded owner's API key, and what is stored of it.
    key: Secret
    key_row: ApiKeyRow


@contextmanager
def held_folder(settings: Settings) -> Iterator[DataFolder]:
    """The data folder: for this process alone on SQLite, else shared with others.

    Raises:
        ConfigurationError: it is unusable, or held by somebody else.
    """
    folder = DataFolder(settings.data_dir, shared=settings.database_url is not None)
    try:
        yield folder
    finally:
        folder.release()


@contextmanager
def standing(
    folder: DataFolder,
    settings: Settings,
    *,
    engines: Mapping[str, Engine] | None = None,
    doors: Doors | None = None,
    mode: Mode = "live",
) -> Iterator[Ground]:
    """Everything opened; what is missing at the first start is made, while others wait.

    Args:
        folder: whose lock is held.
        settings: what to open.
        engines: instead of the registry's; the first is the default.
        doors: the way to stores, instead of the table's.
        mode: of the key that is made at the first start.

    Raises:
        ConfigurationError: the database cannot be used, or its others have another master key.
    """
    if engines is None:
        from aimusicverse.engines import registry

        engines = {engine.capabilities().name: engine for engine in registry.all(settings.soundfont)}
    clock = ServerClock()
    with ExitStack() as undo:
        try:
            master = folder.master_key(settings.master_key)
            store = open_store(settings.database_url, folder.database, clock=clock, durable=settings.durable)
            undo.callback(store.close)
            agreement.check_master_key(store, master)
            undo.enter_context(agreement.followed_clock(store))
            key, key_row = embedded_owner_key(folder, store, master, mode)
        except StoreError as error:
            raise ConfigurationError(str(error)) from error
        blobs = open_blobs(settings, folder.path, alone=folder.was_free)
        folder.started()
        surroundings = StoreSurroundings(settings, folder.path)
        stand_ins = None
        if settings.sandbox:
            stand_ins = StandIns(surroundings, clock.now, settings.sandbox_review_seconds)
        yield Ground(
            settings, folder, clock, master, store, blobs, engines, surroundings, stand_ins, doors, key,
            key_row,
        )  # fmt: skip
