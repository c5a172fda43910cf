"""The side of a server that does jobs: renders, pictures, and keeping house."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from aimusicverse.clock import ServerClock
from aimusicverse.errors import ConfigurationError
from aimusicverse.server import idempotency, kept_blobs
from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.api_keys.reminder_job import ReminderJob
from aimusicverse.server.api_keys.service import REMIND
from aimusicverse.server.artwork.draw_job import DrawJob
from aimusicverse.server.artwork.generators.known import known_generators
from aimusicverse.server.artwork.service import DRAW
from aimusicverse.server.connections import callbacks
from aimusicverse.server.connections import queries as connections
from aimusicverse.server.connections.kept_secrets import CONNECTION_SECRETS
from aimusicverse.server.deliveries import queries as delivery_rows
from aimusicverse.server.deliveries import retention
from aimusicverse.server.deliveries.dispatcher import Dispatcher
from aimusicverse.server.distributions.deliver_job import DeliverJob
from aimusicverse.server.distributions.doors import OwnDoors
from aimusicverse.server.distributions.journal import JOURNAL
from aimusicverse.server.distributions.parcel import Sounds
from aimusicverse.server.distributions.starting import DELIVER
from aimusicverse.server.generation.accepting import RENDER
from aimusicverse.server.generation.render_job import RenderJob
from aimusicverse.server.ground import Ground
from aimusicverse.server.jobs import outbox, roll
from aimusicverse.server.jobs.worker import DONE_JOBS_KEPT, Worker
from aimusicverse.server.notifications import bot_queries
from aimusicverse.server.notifications.bot import Bot
from aimusicverse.server.notifications.notices import NOTIFY
from aimusicverse.server.notifications.notify_job import NotifyJob
from aimusicverse.server.settings import Settings
from aimusicverse.server.stems.service import STEMS
from aimusicverse.server.stems.stems_job import StemsJob
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs, BlobsUnavailable
from aimusicverse.server.store.blobs.base import Named
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.stores import sftp_door
from aimusicverse.server.stores.apps import StoreApps
from aimusicverse.server.tracks import service as tracks
from aimusicverse.server.usage.roll_up_job import RollUpJob
from aimusicverse.server.usage.service import ROLL_UP, Keeping
from aimusicverse.server.webhooks.secrets import WEBHOOK_SECRETS

log: Final = logging.getLogger("aimusicverse.server")

#: One message after the other: what came first is told first.
_NOTIFY_SLOTS: Final = 1


@contextmanager
def working(ground: Ground, *, may_sweep: Callable[[], bool] = lambda: True) -> Iterator[Worker]:
    """Do jobs while the block runs; then interrupt what runs and put it back.

    Args:
        ground: database, folder and engines.
        may_sweep: whether blobs that no row names may be removed now.

    Raises:
        ConfigurationError: the database does not answer.
    """
    store = ground.store

    def take_up_work_of(dead: Sequence[str]) -> None:
        _say_released(store.write_now(outbox.release_leases, dead))
        store.write_now(delivery_rows.release_leases, dead)
        store.write_now(bot_queries.let_go, dead)

    try:
        if store.is_ours_alone:
            _say_released(store.write_now(outbox.release_all_leases))
            store.write_now(delivery_rows.release_all_leases)
            store.write_now(bot_queries.let_go_all)
            store.write_now(connections.release_all_leases)
        with (
            sftp_door.listening(ground.settings, ground.surroundings.sandbox_folder),
            roll.signed_on(ground.folder.workers, take_up_work_of) as name,
        ):
            worker = Worker(
                store,
                {
                    RENDER: RenderJob(store, ground.blobs, ground.engines),
                    STEMS: StemsJob(store, ground.blobs, ground.engines),
                    DRAW: DrawJob(
                        store,
                        ground.blobs,
                        known_generators(ground.settings),
                        ground.settings.egress_rules,
                    ),
                    ROLL_UP: RollUpJob(store, _usage_kept(ground.settings)),
                    REMIND: ReminderJob(store),
                },
                slots=ground.settings.render_slots,
                housekeeping=lambda: _keep_house(ground, may_sweep()),
                name=name,
            )
            # A worker of its own: renders and pictures take long, and must not hold up releases.
            deliverer = Worker(
                store,
                {DELIVER: _deliver_job(ground)},
                slots=ground.settings.delivery_slots,
                housekeeping=lambda: None,
                name=name,
            )
            dispatcher = Dispatcher(
                store, ground.settings.egress_rules, Sealer(ground.master, WEBHOOK_SECRETS), name=name
            )
            worker.start()
            deliverer.start()
            dispatcher.start()
            ground.clock.when_moved(worker.wake)
            ground.clock.when_moved(deliverer.wake)
            ground.clock.when_moved(dispatcher.wake)
            try:
                with _telling(ground.settings, store, name, ground.clock):
                    yield worker
            finally:
                ground.blobs.close()  # first: the worker waits for what runs
                deliverer.stop()
                worker.stop()
                dispatcher.stop()  # last: what the worker has ended is told to whoever asked for it
    except StoreError as error:
        raise ConfigurationError(str(error)) from error


@contextmanager
def _telling(settings: Settings, store: Store, name: str, clock: ServerClock) -> Iterator[None]:
    """Tell users by the bot, if there is one, while the block runs. What others have to tell waits for who
    has one."""
    token = settings.telegram_token
    if token is None:
        yield
        return
    bot = Bot(store, settings.telegram_url, token, name=name)
    # A worker of its own: a store that is slow to take a file must not hold up what is said of another.
    teller = Worker(
        store,
        {NOTIFY: NotifyJob(store, settings.telegram_url, token)},
        slots=_NOTIFY_SLOTS,
        housekeeping=lambda: None,
        name=name,
    )
    bot.start()
    teller.start()
    clock.when_moved(teller.wake)
    try:
        yield
    finally:
        bot.stop()
        teller.stop()


def _deliver_job(ground: Ground) -> DeliverJob:
    settings, store = ground.settings, ground.store
    doors = ground.doors or OwnDoors(
        store,
        Sealer(ground.master, CONNECTION_SECRETS),
        StoreApps(settings, ground.surroundings).renew,
        ground.surroundings,
        ground.stand_ins,
    )
    return DeliverJob(store, ground.blobs, Sealer(ground.master, JOURNAL), doors, Sounds())


def _usage_kept(settings: Settings) -> Keeping:
    days = settings.usage_daily_days
    return Keeping(timedelta(days=settings.usage_hourly_days), timedelta(days=days) if days else None)


def _say_released(jobs: int) -> None:
    if jobs:
        log.info("interrupted work is taken up again", extra={"jobs": jobs})


def _keep_house(ground: Ground, may_sweep: bool) -> None:
    """Remove what nobody will ask for: tracks deleted long ago, orphaned blobs, finished jobs, expired
    idempotency records, callbacks, deliveries and events that are old."""
    store = ground.store
    while store.write_now(tracks.purge):
        pass
    if may_sweep:
        sweep_blobs(store, ground.blobs)
    store.write_now(idempotency.forget_expired)
    store.write_now(lambda tx: outbox.forget_done(tx, tx.now - DONE_JOBS_KEPT))
    store.write_now(lambda tx: connections.forget_callbacks(tx, tx.now - callbacks.KEPT_FOR))
    while store.write_now(retention.forget, ground.settings.delivery_days, ground.settings.event_days):
        pass


def sweep_blobs(store: Store, blobs: Blobs) -> None:
    """Remove blobs that no row names; a store of blobs that is away is said, and asked the next time."""

    def in_transaction(decide: Callable[[Named], int]) -> int:
        return store.write_now(lambda tx: decide(lambda hashes: kept_blobs.named(tx, hashes)))

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
