"""Small pictures of a cover."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Final

from PIL import Image, UnidentifiedImageError

from aimusicverse.release.artwork.errors import ArtworkError
from aimusicverse.release.artwork.jpeg import at_quality, srgb_profile
from aimusicverse.release.colours import UnusableProfile, in_srgb
from aimusicverse.release.one_at_a_time import one_at_a_time

#: Pixels of the longer side.
THUMBNAIL_SIDES: Final = (64, 1500)
#: Of the picture that is read; more may be an attack, and is no cover.
MOST_PIXELS: Final = 110_000_000
_KINDS: Final = ("JPEG", "PNG", "WEBP", "TIFF")


def thumbnail(content: bytes, side: int) -> bytes:
    """The picture in a file, its longer side `side` pixels long: a baseline JPEG in sRGB.

    Nothing is enlarged. What is transparent becomes white.

    Args:
        content: of a JPEG, PNG, WebP or TIFF.
        side: 64 to 1500.

    Raises:
        ArtworkError: `bad_size`, or `unreadable_image`.
    """
    if not THUMBNAIL_SIDES[0] <= side <= THUMBNAIL_SIDES[1]:
        low, high = THUMBNAIL_SIDES
        raise ArtworkError("bad_size", f"a thumbnail of {side} pixels; its side has {low} to {high}")
    with one_at_a_time():
        try:
            small = _small(content, side)
        except (ArtworkError, MemoryError):
            raise
        except Exception as error:  # whatever decoders stumble over: it is the file's fault
            what = "it is no picture" if isinstance(error, UnidentifiedImageError) else "it is damaged"
            raise ArtworkError("unreadable_image", f"the picture cannot be read: {what}") from None
    return at_quality(small, 90, 0)


def _small(content: bytes, side: int) -> Image.Image:
    sent = Image.open(io.BytesIO(content), formats=_KINDS)
    width, height = sent.size
    if width * height > MOST_PIXELS:
        raise ArtworkError(
            "unreadable_image", f"the picture has {width} × {height} pixels, which is too many"
        )
    profile = sent.info.get("icc_profile")
    sent.draft("RGB", (side * 2, side * 2))  # a JPEG is decoded at a fraction of its size
    if sent.mode.startswith("I;16") or sent.mode in ("I", "F"):
        raise ArtworkError("unreadable_image", "the picture has more than 8 bits a channel; save it with 8")
    scale = side / max(width, height)
    size = (max(1, round(width * min(1, scale))), max(1, round(height * min(1, scale))))
    shown = _opaque(sent).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _coloured(shown, profile)


def _opaque(picture: Image.Image) -> Image.Image:
    """In RGB or CMYK."""
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return picture if picture.mode == "CMYK" else picture.convert("RGB")


def _coloured(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB, as its profile asks, if that can be used."""
    if profile and profile != srgb_profile():
        with suppress(UnusableProfile):
            picture = in_srgb(picture, profile)
    return picture.convert("RGB")
