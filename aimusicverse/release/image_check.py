"""Looks into a picture that is to be a cover: all that a rule asks of it, by its content.

What its head promises is bounded before a pixel is decoded, as is the number of scans of a JPEG. Pillow's own
bound is a setting of the whole process, which an application may have changed; it is neither trusted nor
touched.
"""

from __future__ import annotations

import hashlib
import io
import logging
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from aimusicverse.release import picture_head
from aimusicverse.release.colours import eight_bits
from aimusicverse.release.facts import ImageFacts
from aimusicverse.release.one_at_a_time import one_at_a_time

if TYPE_CHECKING:
    from PIL.Image import Image

log: Final = logging.getLogger("aimusicverse.release")

#: More than any store takes, and a third of a gigabyte of memory at most.
MOST_PIXELS: Final = 80_000_000
MOST_SIDE: Final = 20_000
MOST_BYTES: Final = 200_000_000
#: A progressive JPEG has about ten; each goes over the whole picture.
MOST_SCANS: Final = 50
#: A side of what is coarse enough to be sharp in any picture.
_COARSE: Final = 375
_PARTS: Final = 16
_SHARPEST: Final = 95


class ImageError(Exception):
    """A file that is no picture, a damaged one, or one that is not read here.

    `code` is stable (`unreadable`, `truncated`, `unsupported`, `dimensions`); `message` is a sentence for a
    person, and begins with the file's name.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


def look_into(content: bytes, name: str) -> ImageFacts:
    """What a picture is and shows. Blocks, about half a second for 3000 × 3000; one runs at a time.

    Args:
        content: of the file.
        name: of the file, for messages.

    Raises:
        ImageError: it is empty, no picture, damaged, cut off, of a kind that is not read, or larger than any
            cover.
    """
    with one_at_a_time():
        kind, head, picture = opened(content, name)
        mode, profile = picture.mode, profile_of(picture)
        if kind == "JPEG" and mode == "RGB":
            picture.draft("L", picture.size)  # what follows is about brightness: a third of the memory
        grey = _grey(decoded(kind, picture, name))
    levels = np.asarray(grey)
    return ImageFacts(
        name=name,
        kind=kind.lower(),
        width=grey.width,
        height=grey.height,
        mode=mode,
        bits=head.bits,
        progressive=head.progressive,
        profile=profile,
        size_bytes=len(content),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(content).hexdigest(),
        deviation=_deviation(grey),
        sharpness=_sharpness(levels),
        likeness=likeness(grey),
        coarse_sharpness=_sharpness(np.asarray(grey.reduce(max(1, min(grey.size) // _COARSE)))),
    )


def opened(content: bytes, name: str) -> tuple[str, picture_head.Head, Image]:
    """Pillow's name of its kind, what its head says, and the picture, whose pixels are not decoded yet.

    Raises:
        ImageError: as `look_into`.
    """
    kind, head = _head(content, name)
    return kind, head, _opened(kind, content, name)


def decoded(kind: str, picture: Image, name: str) -> Image:
    """The same, decoded.

    Raises:
        ImageError: `truncated`, `unreadable`.
    """
    try:
        picture.load()
    except MemoryError:
        raise
    except Exception as error:  # whatever decoders stumble over: it is the file's fault
        raise _damaged(kind, name, error) from None
    return picture


def likeness(grey: Image) -> str:
    """64 bits as hex that look alike for pictures that do: whether each of 8 × 8 places is brighter than the
    one to its right (dHash, N. Krawetz, "Kind of Like That", 2013).
    """
    from PIL import Image

    small = np.asarray(grey.resize((9, 8), Image.Resampling.BOX)).astype(np.int16)
    bits = (small[:, :-1] > small[:, 1:]).ravel()
    return np.packbits(bits).tobytes().hex()


def _head(content: bytes, name: str) -> tuple[str, picture_head.Head]:
    kind = _kind(content, name)
    if len(content) > MOST_BYTES:
        size = len(content) / 1e6
        raise ImageError(
            "dimensions", f"{name} has {size:.0f} MB, and at most {MOST_BYTES / 1e6:.0f} are read"
        )
    try:
        head = picture_head.read(kind, content)
    except picture_head.DamagedHead as error:
        raise ImageError("unreadable", f"{name} is a damaged {kind}: {error}") from None
    _bound(head.width, head.height, name)
    if kind == "JPEG":
        if content.count(b"\xff\xda") > MOST_SCANS:
            raise ImageError("unsupported", f"{name} is a JPEG of more than {MOST_SCANS} scans")
        if head.bits != 8:
            raise ImageError("unsupported", f"{name} is a JPEG of {head.bits} bits a channel; save it with 8")
    if not picture_head.is_whole(kind, content):
        raise ImageError("truncated", f"{name} is a {kind} whose end is missing")
    return kind, head


def _bound(width: int, height: int, name: str) -> None:
    size = f"{name} has {width:,} × {height:,} pixels"
    if width < 1 or height < 1:
        raise ImageError("dimensions", f"{size}: nothing is to be seen")
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise ImageError("dimensions", f"{size}, more than is read here; a cover has 3,000 × 3,000")


def _kind(content: bytes, name: str) -> str:
    if not content:
        raise ImageError("unreadable", f"{name} is empty: it has 0 bytes")
    for kind, beginning in picture_head.TAKEN.items():
        if beginning.match(content):
            return kind
    for kind, beginning in picture_head.NOT_TAKEN.items():
        if beginning.match(content[:1000]):
            raise ImageError("unsupported", f"{name} is {kind}. Save it as a JPEG")
    raise ImageError("unreadable", f"{name} is no picture that is known here: use a JPEG")


def _opened(kind: str, content: bytes, name: str) -> Image:
    from PIL import Image  # slow to import: only who has a picture pays for it

    try:
        picture = Image.open(io.BytesIO(content), formats=(kind,))
        if kind == "PNG":
            picture.verify()  # the checksums, of which decoding looks at some; then it must be opened anew
            picture = Image.open(io.BytesIO(content), formats=(kind,))
    except MemoryError:
        raise
    except Image.DecompressionBombError:  # of an application that set its own bound lower
        raise ImageError("dimensions", f"{name} has more pixels than this process allows") from None
    except Exception as error:
        raise _damaged(kind, name, error) from None
    _bound(*picture.size, name)
    return picture


def _damaged(kind: str, name: str, error: Exception) -> ImageError:
    log.info("a picture could not be read", extra={"kind": kind, "error": repr(error)[:200]})
    if "truncated" in str(error):
        return ImageError("truncated", f"{name} is a {kind} whose end is missing")
    return ImageError("unreadable", f"{name} is a damaged {kind}")


def _grey(picture: Image) -> Image:
    """Its brightness, 0 to 255, transparent parts as if on black."""
    picture = eight_bits(picture)
    if picture.mode == "L":
        return picture
    if picture.has_transparency_data:
        from PIL import Image

        shown = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", shown.size, "black"), shown).convert("L")
    return picture.convert("RGB").convert("L") if picture.mode != "RGB" else picture.convert("L")


def profile_of(picture: Image) -> str | None:
    """What its colour profile calls itself; `damaged`, `unnamed`, or `None`: it has none."""
    content = picture.info.get("icc_profile")
    if not content:
        return None
    from PIL import ImageCms

    try:
        described = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(content)))
    except Exception as error:  # of the library behind it; that it has one is worth knowing all the same
        log.info("the colour profile of a picture cannot be read", extra={"error": repr(error)[:200]})
        return "damaged"
    # Some write a whole paragraph, some nothing.
    return " ".join(described.split())[:100] or "unnamed"


def _deviation(grey: Image) -> float:
    counts = np.asarray(grey.histogram(), np.float64)
    values = np.arange(len(counts))
    mean = (counts * values).sum() / counts.sum()
    return float(np.sqrt((counts * np.square(values - mean)).sum() / counts.sum()))


def _sharpness(levels: NDArray[Any]) -> float:
    """Variance of the Laplacian in the sharpest parts; 0 for what has no inside."""
    height, width = levels.shape
    if min(height, width) < 3:
        return 0.0
    rows = np.array_split(np.arange(1, height - 1), _PARTS)
    found = []
    for part in rows:
        if not len(part):
            continue
        band = levels[part[0] - 1 : part[-1] + 2].astype(np.int16)
        inside = 4 * band[1:-1, 1:-1] - band[:-2, 1:-1] - band[2:, 1:-1] - band[1:-1, :-2] - band[1:-1, 2:]
        found += [
            float(piece.var(dtype=np.float32))
            for piece in np.array_split(inside, _PARTS, axis=1)
            if piece.size
        ]
    return float(np.percentile(found, _SHARPEST))
