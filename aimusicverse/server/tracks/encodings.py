"""Masters in other forms, made when first asked for and then kept."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from aimusicverse.server.problems import Refusal
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs
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
        self._running: dict[_Form, asyncio.Task[str]] = {}

    def close(self) -> None:
        """Finish what is being encoded."""
        self._threads.shutdown(wait=True)

    async def file(self, track: Track, format: AudioFormat, bit_depth: int | None) -> tuple[Path, str]:
        """Path and SHA-256 of a form of the track. `bit_depth` defaults to the master's.

        Raises:
            Refusal: `audio_lost`: the master is no longer there, or damaged; `storage_full`.
        """
        master = track.audio.sha256
        depth = 0 if format == "mp3" else bit_depth or track.audio.bit_depth
        if format == "wav" and depth == track.audio.bit_depth:
            return self._blobs.path(master), master
        form = (master, format, depth)
        known = await self._store.read(queries.find_encoding, *form)
        if known is None or not self._blobs.path(known).exists():
            if not self._blobs.path(master).exists():
                raise Refusal("audio_lost")
            # Single flight, shielded: whoever hangs up does not take the file from the others.
            task = self._running.get(form)
            if task is None:
                task = asyncio.ensure_future(self._make(form))
                self._running[form] = task
                task.add_done_callback(lambda _: self._running.pop(form, None))
            known = await asyncio.shield(task)
        return self._blobs.path(known), known

    async def _make(self, form: _Form) -> str:
        sha256, size = await asyncio.get_running_loop().run_in_executor(self._threads, self._encode, form)
        await self._store.write(queries.insert_encoding, *form, sha256=sha256, size=size)
        return sha256

    def _encode(self, form: _Form) -> tuple[str, int]:
        from aimusicverse.audio import files  # numpy: only a server that encodes pays for it
        from aimusicverse.audio.errors import AudioError

        master, format, depth = form
        if _sha256(self._blobs.path(master)) != master:
            log.error("a master is damaged", extra={"master": master})
            raise Refusal("audio_lost")
        try:
            with self._blobs.workspace() as workspace:
                target = workspace / f"audio.{format}"
                files.convert(self._blobs.path(master), target, format, depth or None)
                size = target.stat().st_size
                sha256 = _sha256(target)
                self._blobs.adopt(target, sha256)
        except AudioError as error:
            log.error("encoding failed", extra={"master": master, "format": format, "error": str(error)})
            raise Refusal("storage_full" if error.code == "disk_full" else "audio_lost") from None
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise Refusal("storage_full") from None
        return sha256, size


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
