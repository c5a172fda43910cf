"""Masters in other forms, made when first asked for and then kept."""

from __future__ import annotations

import asyncio
import errno
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from aimusicverse.server.problems import Refusal
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import BlobLost, Blobs, Content
from aimusicverse.server.store.blobs.files import sha256_of
from aimusicverse.server.tracks import queries
from aimusicverse.types import Track
from aimusicverse.types.track import AudioFormat

log: Final = logging.getLogger("aimusicverse.server.tracks")


_Form = tuple[str, AudioFormat, int]


class Encodings:
    """Finds or makes the file for a form of a track.

    libsndfile works without the interpreter's lock, so threads serve; two, because a machine that
    encodes should still answer.
    """

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="amv-encoder")
        self._running: dict[_Form, asyncio.Task[Content]] = {}

    def close(self) -> None:
        """Finish what is being encoded."""
        self._threads.shutdown(wait=True)

    async def find(self, track: Track, format: AudioFormat, bit_depth: int | None) -> Content:
        """The blob that holds a form of the track; see `of_master`."""
        return await self.of_master(track.audio.sha256, track.audio.bit_depth, format, bit_depth)

    async def of_master(
        self, master: str, master_depth: int, format: AudioFormat, bit_depth: int | None = None
    ) -> Content:
        """The blob that holds a form of the WAV file `master`. `bit_depth` defaults to that of the file.

        Raises:
            Refusal: `audio_lost`: the master is no longer there, or damaged; `storage_full`.
            StoreError: the database or the blobs do not answer.
        """
        depth = 0 if format == "mp3" else bit_depth or master_depth
        if format == "wav" and depth == master_depth:
            return await self._existing(master)
        form = (master, format, depth)
        known = await self._store.read(queries.find_encoding, *form)
        if known is not None and (size := await self._blobs.size(known)) is not None:
            return Content(known, size)
        await self._existing(master)
        # Single flight, shielded: whoever hangs up does not take the file from the others.
        task = self._running.get(form)
        if task is None:
            task = asyncio.ensure_future(self._make(form))
            self._running[form] = task
            task.add_done_callback(lambda _: self._running.pop(form, None))
        return await asyncio.shield(task)

    async def _existing(self, sha256: str) -> Content:
        size = await self._blobs.size(sha256)
        if size is None:
            raise Refusal("audio_lost")
        return Content(sha256, size)

    async def _make(self, form: _Form) -> Content:
        made = await asyncio.get_running_loop().run_in_executor(self._threads, self._encode, form)
        await self._store.write(queries.insert_encoding, *form, sha256=made.sha256, size=made.size)
        return made

    def _encode(self, form: _Form) -> Content:
        from aimusicverse.audio import files  # numpy: only a server that encodes pays for it
        from aimusicverse.audio.errors import AudioError

        master, format, depth = form
        try:
            with self._blobs.local(master) as source, self._blobs.workspace() as workspace:
                target = workspace / f"audio.{format}"
                files.convert(source, target, format, depth or None)
                made = Content(sha256_of(target), target.stat().st_size)
                self._blobs.prepare(target, made.sha256)
                self._blobs.adopt(target, made.sha256)
                return made
        except BlobLost as error:
            log.error("a master is lost", extra={"master": master, "error": str(error)})
            raise Refusal("audio_lost") from None
        except AudioError as error:
            log.error("encoding failed", extra={"master": master, "format": format, "error": str(error)})
            raise Refusal("storage_full" if error.code == "disk_full" else "audio_lost") from None
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise Refusal("storage_full") from None
