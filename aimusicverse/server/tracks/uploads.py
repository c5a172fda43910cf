"""Recordings that people bring: streamed to the disk, judged, kept, and only then a track.

Nothing of them is held in memory.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import Request

from aimusicverse.server.file_body import FileBody, of_the_disk
from aimusicverse.server.noted_upload import noted
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs
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
        async with noted(call, request, self._sealer) as upload:
            with self._blobs.workspace() as workspace:
                path = workspace / "upload"
                sha256 = await _FILE.save(request, path)
                loop = asyncio.get_running_loop()
                recording = await loop.run_in_executor(self._threads, self._prepared, path, sha256)

                def keep(tx: Transaction, owner: Owner) -> Track:
                    """The row, then the blob is taken over, then the commit."""
                    track = service.add_uploaded(tx, owner, recording, asked)
                    self._blobs.adopt(recording.path, recording.sha256)
                    return track

                return await call.write(upload.finished(sha256, keep, Track))

    def _prepared(self, path: Path, sha256: str) -> Recording:
        from aimusicverse.server.tracks.recording import judge  # numpy: only a server that measures pays

        recording = judge(path, sha256)
        try:
            self._blobs.prepare(recording.path, recording.sha256)
        except OSError as error:
            raise of_the_disk(error) from None
        return recording
