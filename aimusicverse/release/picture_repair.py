"""Makes a cover that every store takes out of any picture: baseline JPEG, RGB, sRGB, 3000 × 3000, ≤ 10 MB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aimusicverse.release.colours import UnusableProfile, eight_bits, in_srgb
from aimusicverse.release.image_check import decoded, opened, profile_of
from aimusicverse.release.one_at_a_time import one_at_a_time

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE: Final = 3000
MOST_BYTES: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Repaired:
    """A cover.

    Args:
        content: of a JPEG file.
        done: what was changed, in words for a person; empty: it is the same file, byte by byte.
    """

    content: bytes
    done: tuple[str, ...]


def repaired(content: bytes, name: str = "the cover") -> Repaired:
    """The picture in a file as a cover. What is right already is given back as it is.

    A picture that is not square loses what is left and right, or above and below, of its middle. One that is
    too small is scaled up, and `done` says that it will look blurred. The same file always gives the same
    bytes, by the same version of Pillow. Blocks, for a second or two.

    Raises:
        ImageError: as `image_check.look_into`.
    """
    with one_at_a_time():
        kind, head, picture = opened(content, name)
        mode, profile = picture.mode, profile_of(picture)
        done = [] if kind == "JPEG" else [f"{kind} written as JPEG"]
        if head.progressive:
            done.append("progressive written as baseline")
        picture = decoded(kind, picture, name)
        picture = _upright(picture, done)
        picture = _coloured(picture, profile, done)
        picture = _in_rgb(picture, mode, head.bits, done)
        picture = _square(picture, done)
        picture = _scaled(picture, done)
        if not done and len(content) <= MOST_BYTES:
            return Repaired(content, ())
        saved = _saved(picture)
        if len(content) > MOST_BYTES:
            done.append(f"{len(content) / 1e6:.1f} MB made {len(saved) / 1e6:.1f} MB")
        return Repaired(saved, tuple(done))


def _upright(picture: Image, done: list[str]) -> Image:
    from PIL import ImageOps

    try:
        turned = ImageOps.exif_transpose(picture)
    except MemoryError:
        raise
    except Exception:  # EXIF that cannot be read asks for nothing
        return picture
    if picture.getexif().get(0x0112, 1) not in (0, 1):
        done.append("turned upright, as the camera says")
    return turned


def _coloured(picture: Image, profile: str | None, done: list[str]) -> Image:
    """In sRGB, as its profile asks."""
    if profile is None or "srgb" in profile.lower():
        return picture
    if picture.mode not in ("P", "RGB", "RGBA", "CMYK"):
        done.append(f"profile {profile!r} left out")
        return picture  # grey is grey
    try:
        shown = in_srgb(picture, picture.info["icc_profile"])
    except UnusableProfile:
        done.append(f"profile {profile!r} left out, as it cannot be used")
        return picture
    done.append(f"colours of {profile!r} brought to sRGB")
    return shown


def _in_rgb(picture: Image, mode: str, bits: int, done: list[str]) -> Image:
    if bits == 16:
        done.append("16 bits a channel made 8")
    picture = eight_bits(picture)
    if picture.has_transparency_data:
        from PIL import Image

        shown = picture.convert("RGBA")
        white = Image.new("RGBA", shown.size, "white")
        picture = Image.alpha_composite(white, shown).convert("RGB")
        done.append("transparent parts made white")
    elif mode != "RGB":
        done.append(f"{mode} written as RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _square(picture: Image, done: list[str]) -> Image:
    width, height = picture.size
    if width == height:
        return picture
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    done.append(f"cut to a square: the middle of {width} × {height}")
    return picture.crop((left, top, left + side, top + side))


def _scaled(picture: Image, done: list[str]) -> Image:
    side = picture.width
    if side == SIDE:
        return picture
    from PIL import Image

    if side > SIDE:
        done.append(f"scaled down from {side} × {side} to {SIDE} × {SIDE}")
    else:
        done.append(
            f"scaled up from {side} × {side} to {SIDE} × {SIDE}: it has no more detail than before, "
            "and a store may refuse it as blurred"
        )
    return picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _saved(picture: Image) -> bytes:
    from aimusicverse.release.artwork.jpeg import encoded

    plain = picture.copy()
    plain.info = {}  # without EXIF, which says where and by whom
    return encoded(plain, MOST_BYTES)
