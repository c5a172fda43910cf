"""`/admin/health`: how the server is."""

from __future__ import annotations

import asyncio
import shutil
import time
from typing import Final

from aimusicverse._version import __version__
from aimusicverse.server.call import Call
from aimusicverse.server.health import service
from aimusicverse.server.routing import Router
from aimusicverse.server.security.scopes import ADMIN
from aimusicverse.server.services import Services
from aimusicverse.server.store.errors import StoreError
from aimusicverse.types.health import DiskSpace, HealthCheck, ServerHealth, StoreQueue

router: Final = Router("Admin")


@router.get("/admin/health", scope=ADMIN)
async def get_health(call: Call) -> ServerHealth:
    """The database, the audio store, the disk, what waits to be done, and who is alive to do it.

    It is answered as long as the process can: a database that is away is one of its lines.
    """
    services = call.services
    usage = shutil.disk_usage(services.settings.data_dir)
    disk = DiskSpace(total_bytes=usage.total, free_bytes=usage.free)
    found = service.Rows([], [])
    began = time.perf_counter()
    try:
        found = await services.store.read(service.rows)
    except StoreError as error:
        checks = [service.failing("database", str(error))]
    else:
        checks = [
            service.of_database((time.perf_counter() - began) * 1000),
            service.of_jobs(found.jobs),
            service.of_workers(found.processes, found.jobs),
        ]
    recorder = services.usage
    checks += [
        await _audio_store(services),
        service.of_disk(disk),
        service.of_usage(on=recorder.on, waiting=recorder.waiting, dropped=recorder.dropped),
    ]
    queued = services.store.queued
    return ServerHealth(
        status=service.worst(checks),
        version=__version__,
        answered_by=services.process,
        server_time=services.clock.now(),
        checks=checks,
        processes=found.processes,
        jobs=found.jobs,
        disk=disk,
        store_queue=StoreQueue(writes=queued.writes, reads=queued.reads),
    )


async def _audio_store(services: Services) -> HealthCheck:
    try:
        await asyncio.to_thread(services.blobs.check)
    except StoreError as error:
        return service.failing("audio_store", str(error))
    return service.of_audio_store()
