"""Pictures: what comes out is the picture, upright and in its colours, and nothing else of the file."""

from __future__ import annotations

import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from aimusicverse.server.pictures import MOST_SCANS, redrawn
from aimusicverse.server.problems import Refusal
from tests.server.sample_pictures import (
    KINDS,
    SECRET,
    chunk,
    decoded,
    drawing,
    encoded,
    exif,
    many_scans,
    png,
    sent,
    swapped_profile,
    talkative,
    webp_canvas,
)


def refusal(content: bytes) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        redrawn(content)
    return caught.value.code, caught.value.detail


def same(one: Image.Image, other: Image.Image, most: int = 0) -> bool:
    """Whether no sample differs by more than `most`."""
    extrema = ImageChops.difference(one.convert("RGBA"), other.convert("RGBA")).getextrema()
    return all(high <= most for _, high in extrema)


def small(picture: Image.Image) -> Image.Image:
    """What it looks like, without what compression does to single pixels."""
    return picture.convert("RGB").reduce(8)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_a_file_says_besides_its_picture_stays(kind: str) -> None:
    content = talkative(kind)
    assert SECRET in content
    picture = redrawn(content)
    for word in (SECRET, SECRET[:7], SECRET[:7].decode().encode("utf-16-be"), b"Exif", b"ICC", b"xmp"):
        assert word not in picture.content, word
    shown = decoded(picture.content)
    assert (shown.format, shown.getexif(), shown.info.get("icc_profile")) == (kind, {}, None)
    assert same(small(shown), small(decoded(content)), most=16)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_lies_on_its_side_is_turned_upright(kind: str) -> None:
    lying = drawing().transpose(Image.Transpose.ROTATE_90)
    picture = redrawn(encoded(lying, kind, exif=exif(orientation=6)))
    assert (picture.width, picture.height) == (96, 64) == decoded(picture.content).size
    assert same(small(decoded(picture.content)), small(drawing()), most=16)


def test_exif_that_cannot_be_read_asks_for_nothing() -> None:
    content = encoded(drawing(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\x12\x01" * 9)
    assert (redrawn(content).width, redrawn(content).height) == (96, 64)


@pytest.mark.parametrize("kind", KINDS)
def test_colours_are_those_that_the_profile_means(kind: str) -> None:
    red = Image.new("RGB", (64, 64), (255, 0, 0))
    shown = decoded(redrawn(encoded(red, kind, icc_profile=swapped_profile())).content)
    r, g, b = shown.convert("RGB").getpixel((32, 32))  # type: ignore[misc]
    assert (r < 40, g < 40, b > 215) == (True, True, True)
    # One that is none is passed over.
    plain = decoded(redrawn(encoded(red, kind, icc_profile=b"no profile")).content)
    assert same(plain, red, most=16)


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("PNG", "RGB", {}),
        ("PNG", "RGBA", {}),
        ("PNG", "LA", {}),
        ("PNG", "L", {}),
        ("PNG", "1", {}),
        ("PNG", "P", {"transparency": 3}),
        ("WEBP", "RGB", {"lossless": True}),
        ("WEBP", "RGBA", {"lossless": True, "exact": True}),
    ],
)
def test_what_lost_nothing_loses_nothing(kind: str, mode: str, options: dict[str, object]) -> None:
    before = drawing(mode=mode)
    if mode.endswith("A"):
        before.putalpha(drawing(seed=2).convert("L").point(lambda value: max(1, value)))
    content = encoded(before, kind, **options)
    assert same(decoded(redrawn(content).content), decoded(content))


def test_a_jpeg_stays_as_much_compressed_as_it_was() -> None:
    for options in ({"quality": 30}, {"quality": 97, "subsampling": 0}, {"progressive": True}):
        content = encoded(drawing(400, 300), **options)
        again = redrawn(content)
        assert decoded(again.content).quantization == decoded(content).quantization
        assert len(again.content) < 1.3 * len(content)


@pytest.mark.parametrize(
    "content",
    [
        encoded(drawing(mode="CMYK")),
        encoded(drawing(mode="L")),
        encoded(drawing(), "MPO", save_all=True, append_images=[drawing(seed=2)]),  # of a telephone
        encoded(drawing(mode="L").convert("I;16"), "PNG"),
        encoded(drawing(mode="RGBA"), "WEBP"),
    ],
    ids=["CMYK", "grey", "two in one JPEG", "16 bits", "WebP that one sees through"],
)
def test_less_usual_kinds_become_usual_ones(content: bytes) -> None:
    picture = redrawn(content)
    shown = decoded(picture.content)
    assert shown.mode in ("L", "RGB", "RGBA")
    assert (shown.size, getattr(shown, "n_frames", 1)) == ((96, 64), 1)


def test_sixteen_bits_are_brought_to_eight_and_not_cut_off() -> None:
    deep = Image.new("I;16", (64, 64), 0x80FF)
    assert decoded(redrawn(encoded(deep, "PNG")).content).getpixel((1, 1)) == 0x80


def test_the_same_file_gives_the_same_picture() -> None:
    for kind in KINDS:
        assert redrawn(sent(kind)) == redrawn(sent(kind)) != redrawn(sent(kind, seed=2))


@pytest.mark.parametrize("kind", KINDS)
def test_wherever_a_file_is_cut_it_is_refused(kind: str) -> None:
    whole = encoded(drawing(64, 64, "L"), kind, **({"quality": 20} if kind != "PNG" else {}))
    codes = {length: refusal(whole[:length])[0] for length in range(len(whole))}
    assert set(codes.values()) == {"image_unreadable", "image_truncated"}
    assert all(code == "image_truncated" for length, code in codes.items() if length >= 12)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4))),
)
def test_whatever_is_in_a_file_it_is_a_picture_or_refused_by_name(
    kind: str, changes: list[tuple[float, bytes]]
) -> None:
    content = bytearray(talkative(kind))
    for where, piece in changes:
        at = int(where * len(content))
        content[at : at + len(piece)] = piece
    code, picture = "", None
    try:
        picture = redrawn(bytes(content))
    except Refusal as refused:
        code = refused.code
    if picture is None:
        assert code.startswith("image_")
    else:
        assert decoded(picture.content).size == (picture.width, picture.height)


def test_a_small_file_that_means_a_large_picture_costs_nothing() -> None:
    began = time.thread_time()
    for content in (
        png(100_000, 100_000, chunk(b"IDAT", zlib.compress(bytes(10_000_000)))),
        png(20_000, 4_000, chunk(b"IDAT", zlib.compress(bytes(10_000_000)))),
        encoded(Image.new("L", (10_000, 10_000))),
        webp_canvas(16_000, 16_000),
    ):
        assert len(content) < 2_000_000
        assert refusal(content)[0] in ("image_dimensions", "image_unreadable")
    assert refusal(many_scans(MOST_SCANS))[0] == "image_unsupported"
    assert time.thread_time() - began < 2


def test_words_that_unfold_are_refused() -> None:
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 10_000_000))
    assert len(text) < 100_000
    assert refusal(png(64, 64, text, chunk(b"IDAT", zlib.compress(bytes(64 * 9)))))[0] == "image_unreadable"


def test_a_checksum_that_is_wrong_is_damage() -> None:
    content = bytearray(sent("PNG"))
    content[content.index(b"IDAT") + 4 + 10] ^= 1
    assert refusal(bytes(content)) == ("image_unreadable", "The PNG is damaged.")
