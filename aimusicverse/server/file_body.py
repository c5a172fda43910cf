"""A body that is a file: judged by its headers first, then written to the disk as it comes."""

from __future__ import annotations

import errno
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import anyio.to_thread
from fastapi import Request
from starlette.requests import ClientDisconnect

from aimusicverse.server.problems import Refusal

PIECE: Final = 2**20
#: The rest of the body is not read.
_CLOSE: Final = {"Connection": "close"}


@dataclass(frozen=True, slots=True)
class FileBody:
    """What is taken in one place, and how the rest is refused there."""

    #: How its media types begin; what says nothing, or `others`, is looked into as well.
    family: str
    others: tuple[str, ...]
    most_bytes: int
    #: What to say to a type of another family.
    wrong_type: str
    #: What to say when there are more bytes.
    too_large: str
    #: The code when the connection ends before the body.
    cut: str

    def check_head(self, request: Request) -> None:
        """Refuse by the headers what need not be read.

        Raises:
            Refusal: `unsupported_media_type`, `upload_too_large`.
        """
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not kind.startswith(self.family) and kind not in ("", "application/octet-stream", *self.others):
            raise Refusal("unsupported_media_type", self.wrong_type, headers=_CLOSE)
        length = request.headers.get("content-length", "0")
        if length.isdigit() and int(length) > self.most_bytes:
            raise Refusal("upload_too_large", self.too_large, headers=_CLOSE)

    async def save(self, request: Request, path: Path) -> str:
        """Write the body to a file, a piece at a time; its hash.

        Raises:
            Refusal: `upload_too_large`, `storage_full`, `cut`: it did not come to its end.
        """
        digest, size, held = hashlib.sha256(), 0, bytearray()
        try:
            with path.open("wb") as file:

                def write(piece: bytes) -> None:
                    file.write(piece)
                    digest.update(piece)

                async for piece in request.stream():
                    size += len(piece)
                    if size > self.most_bytes:
                        raise Refusal("upload_too_large", self.too_large, headers=_CLOSE)
                    held += piece
                    if len(held) >= PIECE:
                        await anyio.to_thread.run_sync(write, bytes(held))
                        held.clear()
                await anyio.to_thread.run_sync(write, bytes(held))
        except ClientDisconnect:
            raise Refusal(self.cut, "The connection ended before the file did.") from None
        except OSError as error:
            raise of_the_disk(error) from None
        return digest.hexdigest()


def of_the_disk(error: OSError) -> Exception:
    """`storage_full` where that is what an error means; else the error itself."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return Refusal("storage_full", headers=_CLOSE) if full else error
