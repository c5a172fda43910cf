"""The picture of a video: the cover, whole, in the middle of a wide frame.

Wide, and not square: up to three minutes YouTube makes a Short of what is not wider than it is high.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from PIL import Image, ImageFilter

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.store_problems import general
from aimusicverse.release.artwork.errors import ArtworkError
from aimusicverse.release.artwork.jpeg import encoded
from aimusicverse.release.artwork.thumbnails import thumbnail

FRAME: Final = (1920, 1080)
_THUMBNAIL: Final = (1280, 720)
#: `thumbnails.set`.
_LARGEST_THUMBNAIL: Final = 2_000_000
_BACKGROUND_SIDE: Final = 48  # pixels of what is blurred: cheap, and nothing in it can be recognised
_DARKER: Final = 0.45


class Still:
    """The frame (a PNG file) and the thumbnail (a JPEG of at most 2 MB) of a cover, drawn when asked for.

    Same cover, same bytes.
    """

    def __init__(self, cover: Path, folder: Path) -> None:
        """Args:
        cover: a picture.
        folder: where the frame is written.
        """
        self._cover = cover
        self._frame = folder / "frame.png"
        self._thumbnail = b""

    @property
    def frame(self) -> Path:
        """Where it is.

        Raises:
            DeliveryError: `metadata`: the cover cannot be read.
        """
        self._draw()
        return self._frame

    @property
    def thumbnail(self) -> bytes:
        """The file.

        Raises:
            DeliveryError: `metadata`: the cover cannot be read.
        """
        self._draw()
        return self._thumbnail

    def _draw(self) -> None:
        if self._thumbnail:
            return
        try:
            picture = _picture(self._cover)
            picture.save(self._frame, "PNG", compress_level=1)
            small = picture.resize(_THUMBNAIL, Image.Resampling.LANCZOS)
            self._thumbnail = encoded(small, _LARGEST_THUMBNAIL)
        except (ArtworkError, FileNotFoundError) as error:
            raise DeliveryError(general("cover_failed", f"The cover cannot be used: {error}.")) from None


def _picture(cover: Path) -> Image.Image:
    square = Image.open(io.BytesIO(thumbnail(cover.read_bytes(), FRAME[1]))).convert("RGB")
    if (scale := FRAME[1] / max(square.size)) > 1:
        size = (round(square.width * scale), round(square.height * scale))
        square = square.resize(size, Image.Resampling.LANCZOS)
    picture = _behind(square)
    picture.paste(square, ((FRAME[0] - square.width) // 2, (FRAME[1] - square.height) // 2))
    return picture


def _behind(cover: Image.Image) -> Image.Image:
    """The cover over all of the frame, blurred and dark."""
    small = cover.resize((_BACKGROUND_SIDE, _BACKGROUND_SIDE), Image.Resampling.BOX)
    small = small.filter(ImageFilter.GaussianBlur(_BACKGROUND_SIDE / 12)).point(_darker)
    top = (_BACKGROUND_SIDE - _BACKGROUND_SIDE * FRAME[1] // FRAME[0]) // 2
    return small.crop((0, top, _BACKGROUND_SIDE, _BACKGROUND_SIDE - top)).resize(
        FRAME, Image.Resampling.BICUBIC
    )


def _darker(value: int) -> float:
    return value * _DARKER
