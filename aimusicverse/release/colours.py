"""Pictures in the colours of screens, whatever they were saved in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


class UnusableProfile(ValueError):
    """A colour profile that is damaged, or is not for such a picture."""


def in_srgb(picture: Image, profile: bytes) -> Image:
    """With the colours that its profile gives to its numbers. Grey is grey: it stays as it is.

    Raises:
        UnusableProfile: see there.
    """
    from PIL import ImageCms

    if picture.mode == "P":
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    try:
        shown = ImageCms.profileToProfile(
            picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError) as error:
        raise UnusableProfile(str(error)) from error
    return picture if shown is None else shown


def eight_bits(picture: Image) -> Image:
    """Grey of more than 8 bits as grey of 8; all else as it is."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    return picture
