"""Recordings that people bring: streamed to the disk, judged, kept, and only then a track.

Nothing of them is held in memory. Under an `Idempotency-Key` the request is noted as running, and holds that
note as long as it lives: a second one with the same key does not send, judge and keep it all again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import Request

from aimusicverse.server import idempotency
from aimusicverse.server.file_body import FileBody, of_the_disk
from aimusicverse.server.ids import new_id
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service
from aimusicverse.types import Track, TrackUpload

if TYPE_CHECKING:
    from aimusicverse.server.call import CallContext
    from aimusicverse.server.tracks.recording import Recording

MOST_BYTES: Final = 2 * 2**30
_FILE: Final = FileBody(
    family="audio/",
    others=("application/ogg",),
    most_bytes=MOST_BYTES,
    wrong_type="Send the file itself, with its own type (audio/wav) or application/octet-stream.",
    too_large="A recording may have up to 2 GiB.",
    cut="audio_truncated",
)
_RENEW_SECONDS: Final = idempotency.LEASE_SECONDS / 3


class Uploads:
    """Takes recordings in. Judging one reads it all, on one of two threads."""

    def __init__(self, store: Store, blobs: Blobs, sealer: Sealer) -> None:
        self._store = store
        self._blobs = blobs
        self._sealer = sealer
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="amv-upload")

    def close(self) -> None:
        """Finish what is being judged."""
        self._threads.shutdown(wait=True)

    async def take(self, call: CallContext, request: Request, asked: TrackUpload) -> Track:
        """The track that a request's body becomes.

        Raises:
            Refusal: too large, of another type, no sound, cut, too long; no room; the key is in use.
        """
        _FILE.check_head(request)
        async with self._noted(call, request) as runner:
            with self._blobs.workspace() as workspace:
                path = workspace / "upload"
                sha256 = await _FILE.save(request, path)
                loop = asyncio.get_running_loop()
                recording = await loop.run_in_executor(self._threads, self._prepared, path, sha256)
                once = None
                if runner is not None:
                    key = request.headers[idempotency.HEADER]
                    what = f"{request.method} {request.url.path}?{request.url.query} {sha256}"
                    digest = hashlib.sha256(what.encode()).hexdigest()
                    once = idempotency.Once(key, digest, self._sealer)
                return await call.write(self._kept, recording, asked, once, runner or "")

    def _prepared(self, path: Path, sha256: str) -> Recording:
        from aimusicverse.server.tracks.recording import judge  # numpy: only a server that measures pays

        recording = judge(path, sha256)
        try:
            self._blobs.prepare(recording.path, recording.sha256)
        except OSError as error:
            raise of_the_disk(error) from None
        return recording

    def _kept(
        self,
        tx: Transaction,
        owner: Owner,
        recording: Recording,
        asked: TrackUpload,
        once: idempotency.Once | None,
        runner: str,
    ) -> Track:
        """The row, then the blob is taken over, then the commit."""

        def keep(tx: Transaction) -> Track:
            track = service.add_uploaded(tx, owner, recording, asked)
            self._blobs.adopt(recording.path, recording.sha256)
            return track

        if once is None:
            return keep(tx)
        return idempotency.finish(tx, owner, once, runner, keep, Track)

    @asynccontextmanager
    async def _noted(self, call: CallContext, request: Request) -> AsyncIterator[str | None]:
        """Hold the note that this request runs; who runs it, or `None` without a key."""
        key = request.headers.get(idempotency.HEADER)
        if key is None:
            yield None
            return
        idempotency.check_key(key)
        runner = new_id("run")
        await call.write(idempotency.begin, key, runner)
        renewing = asyncio.create_task(self._renew(call, key, runner))
        try:
            yield runner
        except BaseException:
            with suppress(StoreError):
                await asyncio.shield(call.write(idempotency.abandon, key, runner))
            raise
        finally:
            renewing.cancel()

    async def _renew(self, call: CallContext, key: str, runner: str) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            with suppress(StoreError):  # the lease lasts for two more of these
                await call.write(idempotency.renew, key, runner)
