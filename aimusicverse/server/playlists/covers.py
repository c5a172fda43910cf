"""Covers that people bring: saved, judged and drawn anew, kept, and only then a playlist's."""

from __future__ import annotations

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import Request

from aimusicverse.server import pictures
from aimusicverse.server.file_body import FileBody, of_the_disk
from aimusicverse.server.playlists import service
from aimusicverse.server.playlists.queries import Cover
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Playlist
from aimusicverse.types.playlist_request import MOST_COVER_BYTES

if TYPE_CHECKING:
    from aimusicverse.server.call import CallContext

FILE: Final = FileBody(
    family="image/",
    others=(),
    most_bytes=MOST_COVER_BYTES,
    wrong_type="Send the file itself, with its own type (image/jpeg) or application/octet-stream.",
    too_large="A cover may have up to 10 MiB.",
    cut="image_truncated",
)


class Covers:
    """Takes covers in. One thread: pictures are read one at a time."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="amv-cover")

    def close(self) -> None:
        """Finish what is being drawn."""
        self._thread.shutdown(wait=True)

    async def take(
        self, call: CallContext, request: Request, playlist_id: str, expected: str | None
    ) -> Playlist:
        """The playlist with the cover that a request's body becomes.

        Raises:
            Refusal: no such playlist; too large, of another type, no picture, cut; no room; it was changed.
        """
        await call.read(service.get, playlist_id)  # before the body is read and looked at
        FILE.check_head(request)
        with self._blobs.workspace() as workspace:
            sent = workspace / "upload"
            await FILE.save(request, sent)
            loop = asyncio.get_running_loop()
            path, cover = await loop.run_in_executor(self._thread, self._prepared, sent)

            def keep(tx: Transaction, owner: Owner) -> Playlist:
                playlist = service.set_cover(tx, owner, playlist_id, cover, expected)
                self._blobs.adopt(path, cover.sha256)
                return playlist

            return await call.write(keep)

    def _prepared(self, sent: Path) -> tuple[Path, Cover]:
        picture = pictures.redrawn(sent.read_bytes())
        sha256, path = hashlib.sha256(picture.content).hexdigest(), sent.with_name("cover")
        try:
            path.write_bytes(picture.content)
            self._blobs.prepare(path, sha256)
        except OSError as error:
            raise of_the_disk(error) from None
        size = len(picture.content)
        return path, Cover(sha256, picture.media_type, picture.width, picture.height, size)
