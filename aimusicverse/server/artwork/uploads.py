"""Pictures that people bring as artwork: saved, judged and drawn anew, kept, and only then an artwork."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastapi import Request

from aimusicverse.server import pictures
from aimusicverse.server.artwork import service
from aimusicverse.server.artwork.looking import looked_into
from aimusicverse.server.artwork.picture_file import PictureFile
from aimusicverse.server.artwork.thumbnails import written
from aimusicverse.server.file_body import FileBody, of_the_disk
from aimusicverse.server.noted_upload import noted
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Artwork, ArtworkUpload
from aimusicverse.types.artwork_request import MOST_ARTWORK_BYTES

if TYPE_CHECKING:
    from aimusicverse.server.call import CallContext

#: Pixels of a side, at least and at most.
SIDES: Final = (64, 10_000)
FILE: Final = FileBody(
    family="image/",
    others=(),
    most_bytes=MOST_ARTWORK_BYTES,
    wrong_type="Send the file itself, with its own type (image/jpeg) or application/octet-stream.",
    too_large="An artwork may have up to 20 MiB.",
    cut="image_truncated",
)


class ArtworkUploads:
    """Takes pictures in. One thread: they are read one at a time."""

    def __init__(self, blobs: Blobs, sealer: Sealer, most: int) -> None:
        """Nothing is opened yet.

        Args:
            blobs: where they are kept.
            sealer: of answers that are kept.
            most: how many artworks a user may have; 0: as many as he likes.
        """
        self._blobs = blobs
        self._sealer = sealer
        self._most = most
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="amv-artwork")

    def close(self) -> None:
        """Finish what is being drawn."""
        self._thread.shutdown(wait=True)

    async def take(self, call: CallContext, request: Request, asked: ArtworkUpload) -> Artwork:
        """The artwork that a request's body becomes.

        Raises:
            Refusal: too large, of another type, no picture, cut; no room; no such track; the key is in use.
        """
        FILE.check_head(request)
        async with noted(call, request, self._sealer) as upload:
            with self._blobs.workspace() as workspace:
                sent = workspace / "upload"
                sha256 = await FILE.save(request, sent)
                loop = asyncio.get_running_loop()
                files, facts = await loop.run_in_executor(self._thread, self._prepared, sent)

                def keep(tx: Transaction, owner: Owner) -> Artwork:
                    rows = [row for _, row in files]
                    artwork = service.add_uploaded(tx, owner, rows, facts, asked, self._most)
                    for path, row in files:
                        self._blobs.adopt(path, row.sha256)
                    return artwork

                return await call.write(upload.finished(sha256, keep, Artwork))

    def _prepared(self, sent: Path) -> tuple[list[tuple[Path, PictureFile]], dict[str, Any]]:
        picture = pictures.redrawn(sent.read_bytes(), sides=SIDES)
        try:
            files = written(picture.content, picture.media_type, sent.parent)
            for path, row in files:
                self._blobs.prepare(path, row.sha256)
        except OSError as error:
            raise of_the_disk(error) from None
        return files, looked_into(picture.content, picture.media_type)
