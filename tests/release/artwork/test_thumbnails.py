"""Small pictures of covers and of what people send."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from aimusicverse.release.artwork import ArtworkError, Design, draw, thumbnail
from aimusicverse.release.artwork.jpeg import srgb_profile
from tests.release.artwork.pictures import distance, opened


def file(picture: Image.Image, kind: str, **how: object) -> bytes:
    to = io.BytesIO()
    picture.save(to, kind, **how)
    return to.getvalue()


@pytest.fixture(scope="module")
def cover() -> bytes:
    return draw(Design("Paper Lanterns", mood="calm", style="horizon"), 1000)


@pytest.mark.parametrize("side", [64, 300, 999])
def test_a_thumbnail_is_the_picture_smaller(cover: bytes, side: int) -> None:
    small = thumbnail(cover, side)
    picture = opened(small)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (side, side))
    assert picture.info["icc_profile"] == srgb_profile()
    assert distance(cover, small) < 3
    assert thumbnail(cover, side) == small


def test_nothing_is_enlarged_and_the_shape_stays() -> None:
    assert opened(thumbnail(file(Image.new("RGB", (200, 100)), "PNG"), 100)).size == (100, 50)
    assert opened(thumbnail(file(Image.new("RGB", (70, 50)), "PNG"), 640)).size == (70, 50)
    assert opened(thumbnail(file(Image.new("RGB", (3000, 1)), "PNG"), 64)).size == (64, 1)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("L", "PNG"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("CMYK", "JPEG"),
        ("RGBA", "WEBP"),
        ("LA", "PNG"),
        ("RGB", "TIFF"),
    ],
)
def test_every_usual_mode_is_taken(mode: str, kind: str) -> None:
    assert opened(thumbnail(file(Image.new(mode, (128, 128)), kind), 64)).mode == "RGB"


def test_what_is_transparent_becomes_white() -> None:
    clear = file(Image.new("RGBA", (128, 128), (0, 0, 0, 0)), "PNG")
    assert opened(thumbnail(clear, 64)).getpixel((30, 30)) == (255, 255, 255)


@pytest.mark.parametrize("side", [63, 1501, 0, -5])
def test_a_side_out_of_bounds_is_refused(cover: bytes, side: int) -> None:
    with pytest.raises(ArtworkError) as caught:
        thumbnail(cover, side)
    assert caught.value.code == "bad_size"


def test_what_is_no_picture_is_refused_in_a_sentence(cover: bytes) -> None:
    bomb = file(Image.new("1", (20_000, 20_000)), "PNG")
    deep = file(Image.new("I;16", (100, 100)), "PNG")
    for content in (
        b"",
        b"GIF89a",
        b"%PDF",
        cover[:2000],
        file(Image.new("RGB", (9, 9)), "PNG")[:45],
        bomb,
        deep,
    ):
        with pytest.raises(ArtworkError) as caught:
            thumbnail(content, 100)
        assert caught.value.code == "unreadable_image"
        assert caught.value.message.startswith("the picture ")
