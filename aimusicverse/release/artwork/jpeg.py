"""Files that every store takes: baseline JPEG, RGB, sRGB profile, at most 10 MB. Same pixels, same bytes."""

from __future__ import annotations

import io
from functools import cache
from typing import Final

from PIL import Image, ImageCms

from aimusicverse.release.artwork.errors import ArtworkError

#: What the rules about covers ask for (C-SIZE).
MOST_BYTES: Final = 10_000_000
#: Quality and colour sampling (0: 4:4:4, 2: 4:2:0), the first that fits. None is below 90 (C-FMT).
_WAYS: Final = ((95, 0), (92, 0), (90, 0), (90, 2))


@cache
def srgb_profile() -> bytes:
    """The profile of sRGB, without the time at which it was made, which changes the bytes each second."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # ICC.1:2022, 7.2: a date of six 16-bit numbers at 24; a digest of the profile at 84, or 0.
    profile[24:36] = b"".join(number.to_bytes(2) for number in (2000, 1, 1, 0, 0, 0))
    profile[84:100] = bytes(16)
    return bytes(profile)


def encoded(picture: Image.Image, most_bytes: int = MOST_BYTES) -> bytes:
    """A picture as a file of at most so many bytes, as fine as fits.

    Raises:
        ArtworkError: `bad_size`: nothing fits, because the bound is far too small for so many pixels.
    """
    for soft in (False, True):
        if soft:  # noise in every pixel: halved and enlarged again it has a quarter of it
            picture = picture.reduce(2).resize(picture.size, Image.Resampling.BICUBIC)
        for quality, sampling in _WAYS:
            content = at_quality(picture, quality, sampling)
            if len(content) <= most_bytes:
                return content
    raise ArtworkError(
        "bad_size", f"a picture of {picture.width} pixels does not fit into {most_bytes} bytes"
    )


def at_quality(picture: Image.Image, quality: int, sampling: int) -> bytes:
    """One baseline JPEG."""
    file = io.BytesIO()
    picture.save(
        file, "JPEG", quality=quality, subsampling=sampling, progressive=False, optimize=False,
        icc_profile=srgb_profile(), dpi=(300, 300),
    )  # fmt: skip
    return file.getvalue()
