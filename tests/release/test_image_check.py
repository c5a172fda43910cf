"""What is said of real pictures, and what rules make of it; and what is no picture is told quickly."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFilter

from aimusicverse.release.image_check import MOST_PIXELS, ImageError, look_into
from aimusicverse.release.likeness import apart
from tests.release.bad_releases import ALL_STORES
from tests.release.real_files import artwork, content_of, said

ART = artwork()
SMALL = artwork(300)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def test_all_that_is_known_of_a_picture() -> None:
    content = content_of(ART, icc_profile=SRGB)
    facts = look_into(content, "cover.jpg")
    assert (facts.name, facts.kind, facts.width, facts.height) == ("cover.jpg", "jpeg", 3000, 3000)
    assert (facts.mode, facts.bits, facts.progressive) == ("RGB", 8, False)
    assert facts.profile is not None
    assert "sRGB" in facts.profile
    assert facts.size_bytes == len(content)
    assert facts.md5 == hashlib.md5(content).hexdigest()
    assert facts.sha256 == hashlib.sha256(content).hexdigest()
    assert facts.deviation == pytest.approx(np.asarray(ART.convert("L")).std(), abs=1)
    assert len(facts.likeness) == 16


def test_a_good_cover_is_left_alone_everywhere() -> None:
    assert said(*ALL_STORES, image=look_into(content_of(ART), "cover.jpg")) == {}


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGB", "jpeg"), ("CMYK", "jpeg"), ("L", "jpeg"), ("RGB", "png"), ("RGBA", "png"), ("P", "png"),
        ("L", "png"), ("LA", "png"), ("1", "png"), ("RGB", "tiff"), ("CMYK", "tiff"), ("RGB", "webp"),
        ("P", "gif"), ("RGB", "bmp"), ("L", "bmp"),
    ],
)  # fmt: skip
def test_every_kind_and_mode_is_told_as_it_is(mode: str, kind: str) -> None:
    facts = look_into(content_of(SMALL.convert(mode), kind.upper()), f"cover.{kind}")
    assert (facts.mode, facts.kind, facts.width, facts.height) == (mode, kind, 300, 300)
    assert facts.bits == (1 if mode == "1" else 8)
    assert facts.deviation > 20


def test_sixteen_bits_are_told_and_shown_as_eight() -> None:
    grey = np.asarray(SMALL.convert("L")).astype(np.uint16) * 256
    for kind in ("PNG", "TIFF"):
        facts = look_into(content_of(Image.fromarray(grey), kind), "cover")
        assert (facts.mode, facts.bits) == ("I;16", 16)
        assert facts.deviation == pytest.approx(np.asarray(SMALL.convert("L")).std(), abs=1)


def _rgb_of_16_bits(side: int) -> bytes:
    """A PNG as Pillow does not write one."""
    rows = b"".join(b"\0" + np.random.default_rng(row).bytes(side * 6) for row in range(side))

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", side, side, 16, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_sixteen_bits_of_colour_are_told_though_a_decoder_gives_eight() -> None:
    facts = look_into(_rgb_of_16_bits(64), "cover.png")
    assert (facts.mode, facts.bits) == ("RGB", 16)


def test_the_colours_that_adobe_stores_as_they_are_are_read_as_such() -> None:
    plain, adobe = (look_into(content_of(SMALL, keep_rgb=keep), "cover.jpg") for keep in (False, True))
    assert adobe.mode == "RGB"
    assert adobe.deviation == pytest.approx(plain.deviation, abs=0.5)
    assert apart(adobe.likeness, plain.likeness) <= 2


def test_a_likeness_stays_through_scaling_coding_and_colour_and_changes_with_the_picture() -> None:
    first = look_into(content_of(ART), "a.jpg").likeness
    for other in (
        content_of(ART, quality=40), content_of(ART.resize((800, 800))), content_of(ART.convert("CMYK")),
        content_of(ART, "PNG"),
    ):  # fmt: skip
        assert apart(first, look_into(other, "b").likeness) <= 4
    for picture in (ART.transpose(Image.Transpose.ROTATE_90), ART.transpose(Image.Transpose.FLIP_LEFT_RIGHT)):
        assert apart(first, look_into(content_of(picture), "b").likeness) > 12


# --- what is bad is caught, from the file to the finding ---


def _clear(picture: Image.Image) -> Image.Image:
    """The same, half transparent."""
    clear = picture.convert("RGBA")
    clear.putalpha(128)
    return clear


_BLUE = Image.new("RGB", (3000, 3000), (20, 30, 90))
CAUGHT: dict[str, tuple[Any, str, str, dict[str, str]]] = {
    "a PNG called JPEG": (
        lambda: content_of(ART, "PNG"), "cover.jpg", "spotify", {"C-FMT-NAME": "warning"}
    ),
    "a JPEG called PNG": (lambda: content_of(ART), "cover.png", "spotify", {"C-FMT-NAME": "warning"}),
    "for print": (lambda: content_of(ART.convert("CMYK")), "cover.jpg", "spotify", {"C-COLOUR": "error"}),
    "greyscale": (lambda: content_of(ART.convert("L")), "cover.jpg", "apple_music", {"C-COLOUR": "error"}),
    "a palette": (lambda: content_of(ART.convert("P"), "PNG"), "a.png", "spotify", {"C-COLOUR": "error"}),
    "transparent": (lambda: content_of(_clear(ART), "PNG"), "a.png", "spotify", {"C-COLOUR": "error"}),
    "transparent, as WebP": (
        lambda: content_of(_clear(ART), "WEBP"), "a.webp", "apple_music",
        {"C-FMT": "error", "C-COLOUR": "error"},
    ),
    "colours of another space": (
        lambda: content_of(ART, icc_profile=LAB), "cover.jpg", "spotify", {"C-COLOUR": "warning"}
    ),
    "progressive": (
        lambda: content_of(ART, progressive=True), "cover.jpg", "spotify", {"C-FMT-PROGRESSIVE": "info"}
    ),
    "one pixel": (
        lambda: content_of(Image.new("RGB", (1, 1))), "cover.jpg", "spotify",
        {"C-MIN": "error", "C-BLANK": "warning"},
    ),
    "small": (lambda: content_of(artwork(1000)), "cover.jpg", "apple_music", {"C-MIN": "error"}),
    "rather small": (lambda: content_of(artwork(2000)), "cover.jpg", "spotify", {"C-MIN": "warning"}),
    "large": (lambda: content_of(ART.resize((6100, 6100))), "cover.jpg", "spotify", {"C-MAX": "warning"}),
    "not square": (
        lambda: content_of(ART.resize((4000, 3000))), "cover.jpg", "soundcloud", {"C-SQUARE": "error"}
    ),
    "one colour": (lambda: content_of(_BLUE), "cover.jpg", "spotify", {"C-BLANK": "warning"}),
    "scaled up": (
        lambda: content_of(artwork(640).resize((3000, 3000), Image.Resampling.BICUBIC)), "cover.jpg",
        "spotify", {"C-UPSCALE": "warning"},
    ),
    "blurred": (
        lambda: content_of(ART.filter(ImageFilter.GaussianBlur(6))), "cover.jpg", "spotify",
        {"C-UPSCALE": "warning"},
    ),
    "a GIF": (lambda: content_of(ART.convert("P"), "GIF"), "a.gif", "apple_music",
              {"C-FMT": "error", "C-COLOUR": "error"}),
    "a WebP": (lambda: content_of(ART, "WEBP"), "a.webp", "spotify", {"C-FMT": "error"}),
    "a TIFF": (lambda: content_of(ART, "TIFF"), "a.tif", "apple_music",
               {"C-FMT": "error", "C-SIZE": "warning"}),
}  # fmt: skip


@pytest.mark.parametrize(("make", "name", "store", "rules"), CAUGHT.values(), ids=CAUGHT)
def test_a_bad_cover_is_caught(make: Any, name: str, store: str, rules: dict[str, str]) -> None:
    assert said(store, image=look_into(make(), name)) == rules


@pytest.mark.parametrize("side", [2000, 3000])
def test_a_soft_gradient_is_not_taken_for_a_picture_that_was_scaled_up(side: int) -> None:
    across = np.linspace(0, 255, side)[None, :].repeat(side, axis=0)
    picture = Image.fromarray(np.stack([across, across.T, 255 - across], axis=-1).astype(np.uint8))
    assert "C-UPSCALE" not in said("spotify", image=look_into(content_of(picture), "cover.jpg"))


# --- what cannot be looked into ---


def _png_head(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + content + b"\0\0\0\0IEND\xaeB`\x82"


def _jpeg_head(width: int, height: int, bits: int = 8) -> bytes:
    frame = struct.pack(">BHHB", bits, height, width, 3) + bytes([1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", 2 + len(frame)) + frame + b"\xff\xda\0\2\xff\xd9"


def _webp_head(width: int, height: int) -> bytes:
    sides = b"".join((side - 1).to_bytes(3, "little") for side in (width, height))
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sides
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _tiff_head(width: int, height: int) -> bytes:
    entries = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in ((256, width), (257, height))]
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(entries) + bytes(4)


BOMBS = {
    "40,000 pixels of a PNG": _png_head(40_000, 40_000),
    "a PNG of one row": _png_head(40_000, 1),
    "four billion pixels": _png_head(2**31 - 1, 2**31 - 1),
    "65,000 pixels of a JPEG": _jpeg_head(65_000, 65_000),
    "16 million pixels a side of a WebP": _webp_head(2**24, 2**24),
    "a TIFF": _tiff_head(2**31, 2**31),
    "a GIF": b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(20),
    "a BMP": b"BM" + bytes(12) + struct.pack("<Iii", 40, 30_000, -30_000) + bytes(40),
    "no pixel of a PNG": _png_head(0, 10),
    "no height of a JPEG": _jpeg_head(10, 0),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_by_its_head(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(*given: object, **more: object) -> None:
        pytest.fail("a decoder was asked")

    monkeypatch.setattr(Image, "open", decoded)
    with pytest.raises(ImageError, match=r"cover\.jpg has [\d,]+ × [\d,]+ pixels") as caught:
        look_into(content, "cover.jpg")
    assert caught.value.code == "dimensions"


def test_a_real_bomb_is_refused_whatever_pillow_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = content_of(Image.new("1", (15_000, 15_000)), "PNG")
    assert len(bomb) < 100_000
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    with pytest.raises(ImageError, match="more than is read here"):
        look_into(bomb, "cover.png")
    assert Image.MAX_IMAGE_PIXELS is None


def test_a_gif_whose_frame_is_larger_than_it_says_is_refused() -> None:
    frame = b"," + struct.pack("<HHHH", 0, 0, 60_000, 60_000) + b"\0\2\2\x4c\1\0;"
    content = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + frame
    with pytest.raises(ImageError) as caught:
        look_into(content, "cover.gif")
    assert caught.value.code == "dimensions"


def test_an_application_may_set_a_lower_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(ImageError, match="more pixels than this process allows"):
        look_into(content_of(SMALL), "cover.jpg")


def test_the_largest_that_is_read_needs_no_warning_of_pillow() -> None:
    assert Image.MAX_IMAGE_PIXELS is not None
    assert MOST_PIXELS < Image.MAX_IMAGE_PIXELS


UNREADABLE = {
    "no bytes": (b"", "unreadable", "is empty: it has 0 bytes"),
    "text": (b"Paper Lanterns", "unreadable", "is no picture"),
    "a beginning alone": (b"\x89PNG\r\n\x1a\n", "unreadable", "damaged PNG"),
    "half of a JPEG": (content_of(SMALL)[:9000], "truncated", "JPEG whose end is missing"),
    "half of a PNG": (content_of(SMALL, "PNG")[:9000], "truncated", "PNG whose end is missing"),
    "half of a WebP": (content_of(SMALL, "WEBP")[:2000], "truncated", "WEBP whose end is missing"),
    "half of a TIFF": (content_of(SMALL, "TIFF")[:9000], "truncated", "TIFF whose end is missing"),
    "a JPEG of 12 bits": (_jpeg_head(64, 64, 12), "unsupported", "12 bits a channel"),
    "a JPEG of a thousand scans": (
        content_of(SMALL)[:-2] + b"\xff\xda" * 1000 + b"\xff\xd9", "unsupported", "more than 50 scans"
    ),
    "a PNG with a wrong checksum": (
        content_of(SMALL, "PNG").replace(b"IDAT", b"IDAU", 1), "unreadable", "damaged PNG"
    ),
    "HEIC of a telephone": (b"\0\0\0\x18ftypheic" + bytes(40), "unsupported", "is HEIC. Save it as a JPEG"),
    "Photoshop": (b"8BPS\0\1" + bytes(40), "unsupported", "is Photoshop"),
    "SVG": (b"<?xml version='1.0'?><svg xmlns='x'/>", "unsupported", "is SVG"),
    "a PDF": (b"%PDF-1.7 ", "unsupported", "is PDF"),
    "a sound": (b"RIFF\0\0\0\0WAVEfmt ", "unreadable", "is no picture"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_picture_says_why(content: bytes, code: str, words: str) -> None:
    with pytest.raises(ImageError, match=words) as caught:
        look_into(content, "cover.jpg")
    assert caught.value.code == code
    assert caught.value.message.startswith("cover.jpg ")


def test_a_profile_that_is_damaged_is_told_as_such() -> None:
    assert look_into(content_of(SMALL, icc_profile=b"rubbish"), "a.jpg").profile == "damaged"


def test_a_picture_without_an_inside_has_no_sharpness() -> None:
    for size in ((1, 1), (2, 2), (1, 500), (500, 2), (3, 3)):
        facts = look_into(content_of(Image.new("RGB", size, "red"), "PNG"), "a.png")
        assert (facts.width, facts.height, facts.sharpness) == (*size, 0.0)


_TINY = Image.fromarray(np.random.default_rng(4).integers(0, 256, (40, 40, 3), np.uint8))
_WHOLE = [content_of(_TINY, kind) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")]
_WHOLE += [content_of(_TINY, progressive=True, icc_profile=SRGB), content_of(_TINY.convert("CMYK"))]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A picture with some bytes changed, cut somewhere."""
    content = bytearray(draw(st.sampled_from(_WHOLE)))
    for _ in range(draw(st.integers(0, 6))):
        content[draw(st.integers(0, min(len(content), 400) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content)


@settings(max_examples=300, deadline=None)
@given(content=st.one_of(damaged(), st.binary(max_size=200)))
def test_any_bytes_are_facts_or_an_image_error(content: bytes) -> None:
    problem = None
    try:
        facts = look_into(content, "cover.jpg")
    except ImageError as error:
        problem = error.message
    if problem is None:
        assert facts.width * facts.height <= MOST_PIXELS
    else:
        assert problem.startswith("cover.jpg ")


def test_many_may_be_read_at_once_and_each_gets_its_own(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    pictures = [content_of(Image.new("RGB", (100 + number, 100), "red"), "PNG") for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda content: look_into(content, "a.png").width, pictures))
    assert found == [100 + number for number in range(12)]
    assert io.BytesIO(pictures[0]).read(4) == b"\x89PNG"
