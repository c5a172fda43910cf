"""Pictures that people send: judged by reading all of them, and drawn anew, so that nothing else stays.

A photograph says where and when it was taken, with what, and by whom (EXIF, XMP, IPTC), and has a smaller one
of itself inside; any file may have another one behind its end. To remove what one knows of would keep the
rest. So the pixels alone go into a new file of the same kind: turned upright, as EXIF asked, and in sRGB, the
colours of the web, as the profile asked.

A small file can cost much. What its head promises is bounded before a pixel is read; so is the number of
scans of a JPEG, each of which goes over the whole picture (33 bytes took 12 ms). Only three decoders are ever
tried.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aimusicverse.release import picture_head
from aimusicverse.release.colours import UnusableProfile, eight_bits, in_srgb
from aimusicverse.release.one_at_a_time import one_at_a_time
from aimusicverse.server import memory
from aimusicverse.server.problems import Refusal

if TYPE_CHECKING:
    from PIL.Image import Image

log: Final = logging.getLogger("aimusicverse.server")

#: Pixels of a side, at least and at most. The larger bound costs 64 MiB of memory, three or four times.
SIDES: Final = (64, 4096)
#: Bytes that a pixel may take while a picture is drawn anew: four, in as many copies.
_BYTES_PER_PIXEL: Final = 16
#: A progressive JPEG has about ten; cameras add small pictures with some of their own.
MOST_SCANS: Final = 50

_JPEG, _PNG, _WEBP = "JPEG", "PNG", "WEBP"
_MEDIA_TYPES: Final = {_JPEG: "image/jpeg", _PNG: "image/png", _WEBP: "image/webp"}
#: A picture's media type → how the name of a file with it ends.
SUFFIXES: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
#: What people try, to be told by its name.
_NOT_TAKEN: Final = ("GIF", "BMP", "TIFF", "AVIF", "HEIC")
_KEPT_MODES: Final = {
    _JPEG: ("L", "RGB"),
    _PNG: ("1", "L", "LA", "P", "RGB", "RGBA"),
    _WEBP: ("RGB", "RGBA"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A file with a picture and nothing else in it."""

    content: bytes
    media_type: str
    width: int
    height: int


def redrawn(content: bytes, *, sides: tuple[int, int] = SIDES) -> Picture:
    """The picture in a file that somebody sent. Blocks, for some seconds at most; one runs at a time.

    JPEG keeps how much it is compressed, PNG and lossless WebP every pixel in its colour; other WebP is
    compressed anew, at quality 90.

    Args:
        content: the file.
        sides: pixels that a side may have, at least and at most. What is larger than `SIDES` allows is taken
            while this machine has the memory for it.

    Raises:
        Refusal: `image_unreadable`, `image_truncated`, `image_unsupported`, `image_dimensions`.
    """
    kind = _kind(content)
    if not picture_head.is_whole(kind, content):
        raise Refusal("image_truncated")
    if kind == _JPEG and content.count(b"\xff\xda") > MOST_SCANS:
        raise Refusal("image_unsupported", f"The JPEG has more than {MOST_SCANS} scans.")
    if kind == _JPEG:
        try:
            picture_head.read(kind, content)
        except picture_head.DamagedHead as error:
            raise Refusal("image_unreadable", f"The JPEG is damaged: {error}.") from None
    with one_at_a_time():
        try:
            return _drawn(kind, content, sides)
        except (Refusal, MemoryError):
            raise
        except Exception as error:  # whatever decoders stumble over: it is the file's fault
            log.info("a picture could not be read", extra={"kind": kind, "error": repr(error)[:200]})
            raise Refusal("image_unreadable", f"The {kind} is damaged.") from None


def _kind(content: bytes) -> str:
    if not content:
        raise Refusal("image_unreadable", "The body is empty.")
    beginnings = picture_head.TAKEN | picture_head.NOT_TAKEN
    for kind in _MEDIA_TYPES:
        if beginnings[kind].match(content):
            return kind
    for kind in _NOT_TAKEN:
        if beginnings[kind].match(content):
            raise Refusal("image_unsupported", f"It is a {kind}. Send a JPEG, PNG or WebP.")
    raise Refusal("image_unreadable")


def _drawn(kind: str, content: bytes, sides: tuple[int, int]) -> Picture:
    from PIL import Image  # slow to import: only a server that is sent a picture pays for it

    try:
        sent = Image.open(io.BytesIO(content), formats=(kind,))
    except Image.DecompressionBombError:
        raise Refusal("image_dimensions") from None
    _check(kind, sent, sides)
    if kind == _PNG:
        sent.verify()  # the checksums, of which decoding looks at some; after it a file must be opened anew
        sent = Image.open(io.BytesIO(content), formats=(kind,))
    sent.load()
    clean = _plain(_coloured(_upright(sent)), kind)
    file = io.BytesIO()
    clean.save(file, kind, **_how_to_save(kind, content, sent))
    return Picture(file.getvalue(), _MEDIA_TYPES[kind], *clean.size)


def _check(kind: str, sent: Image, sides: tuple[int, int]) -> None:
    width, height = sent.size
    if not all(sides[0] <= side <= sides[1] for side in sent.size):
        raise Refusal(
            "image_dimensions", f"It has {width} × {height} pixels; a side has {sides[0]} to {sides[1]}."
        )
    needed, free = width * height * _BYTES_PER_PIXEL, memory.free_bytes()
    if max(sent.size) > SIDES[1] and free is not None and needed > free:
        raise Refusal(
            "image_dimensions",
            f"It has {width} × {height} pixels, for which this server has not the memory now. Send a smaller "
            "one: stores want 3000 × 3000.",
        )
    # In a JPEG further pictures are for other uses: the same in more depth, or in small.
    if kind != _JPEG and getattr(sent, "n_frames", 1) > 1:
        raise Refusal("image_unsupported", "It moves. Send a single picture.")


def _upright(picture: Image) -> Image:
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(picture)
    except MemoryError:
        raise
    except Exception:  # EXIF that cannot be read asks for nothing
        log.info("the EXIF data of a picture cannot be read")
        return picture


def _coloured(picture: Image) -> Image:
    """In sRGB, as its profile asks."""
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture
    try:
        return in_srgb(picture, profile)
    except UnusableProfile as error:
        log.info("the colour profile of a picture cannot be used", extra={"error": str(error)[:200]})
        return picture


def _plain(picture: Image, kind: str) -> Image:
    """The pixels, in a form that the kind has, without what was known about them."""
    transparency = picture.info.get("transparency")
    picture = eight_bits(picture)
    if picture.mode not in _KEPT_MODES[kind]:
        transparent = kind != _JPEG and picture.has_transparency_data
        picture, transparency = picture.convert("RGBA" if transparent else "RGB"), None
    clean = picture.copy()
    clean.info = {} if transparency is None else {"transparency": transparency}
    return clean


def _how_to_save(kind: str, content: bytes, sent: Image) -> dict[str, Any]:
    if kind == _WEBP:
        if b"VP8L" in _webp_chunks(content):
            return {"lossless": True, "quality": 50, "method": 2}  # half the time for the same size
        return {"quality": 90}
    if kind == _PNG:
        return {}
    from PIL.JpegImagePlugin import get_sampling

    if sent.mode not in _KEPT_MODES[kind]:
        return {"quality": 95}
    return {"qtables": getattr(sent, "quantization", None), "subsampling": get_sampling(sent)}


def _webp_chunks(content: bytes) -> set[bytes]:
    """The names of the chunks of a WebP file (RFC 9649, section 2.3)."""
    names, at = set(), 12
    while at + 8 <= len(content):
        names.add(content[at : at + 4])
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return names
