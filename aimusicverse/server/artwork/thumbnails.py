"""A picture and its smaller forms, as files in a workspace."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Final

from aimusicverse.release.one_at_a_time import one_at_a_time
from aimusicverse.server.artwork.picture_file import WHOLE, PictureFile

#: Longest sides, in pixels: for a list, for a page, for a screen. Each a JPEG, and only if it is smaller.
SIDES: Final = (1400, 640, 256)


def written(content: bytes, media_type: str, folder: Path) -> list[tuple[Path, PictureFile]]:
    """Write them; each file with what its row says. The picture itself comes first.

    Args:
        content: the file of the picture, which is whole.
        media_type: its kind.
        folder: where to.

    Raises:
        OSError: no room, among others.
    """
    from aimusicverse.release.artwork import thumbnail

    with one_at_a_time():
        files = [_file(content, media_type, WHOLE, folder)]
        longest, smaller = max(files[0][1].width, files[0][1].height), content
        for side in SIDES:
            if side < longest:
                smaller = thumbnail(smaller, side)  # of the one before: reading the whole again takes longest
                files.append(_file(smaller, "image/jpeg", side, folder))
    return files


def _file(content: bytes, media_type: str, side: int, folder: Path) -> tuple[Path, PictureFile]:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
    path = folder / f"picture-{side}"
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return path, PictureFile(side, sha256, media_type, width, height, len(content))
