"""Any picture becomes a cover that passes everywhere, and what was done to it is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from aimusicverse.release.image_check import ImageError, look_into
from aimusicverse.release.likeness import apart
from aimusicverse.release.picture_repair import MOST_BYTES, repaired
from tests.release.bad_releases import ALL_STORES
from tests.release.real_files import artwork, content_of, said

ART = artwork()
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return content_of(ART.transpose(Image.Transpose.ROTATE_90), exif=exif)


def _clear() -> Image.Image:
    clear = ART.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    return clear


SOURCES: dict[str, tuple[Any, list[str]]] = {
    "for print": (lambda: content_of(ART.convert("CMYK")), ["CMYK written as RGB"]),
    "greyscale": (lambda: content_of(ART.convert("L")), ["L written as RGB"]),
    "progressive": (lambda: content_of(ART, progressive=True), ["progressive written as baseline"]),
    "a PNG": (lambda: content_of(ART, "PNG"), ["PNG written as JPEG"]),
    "transparent": (
        lambda: content_of(_clear(), "PNG"), ["PNG written as JPEG", "transparent parts made white"]
    ),
    "a palette": (lambda: content_of(ART.convert("P"), "PNG"), ["PNG written as JPEG", "P written as RGB"]),
    "a TIFF": (lambda: content_of(ART, "TIFF"), ["TIFF written as JPEG", "27.0 MB made"]),
    "wide": (
        lambda: content_of(ART.resize((4000, 3000))), ["cut to a square: the middle of 4000 × 3000"]
    ),
    "high, and large": (
        lambda: content_of(ART.resize((3500, 5000))),
        ["cut to a square: the middle of 3500 × 5000", "scaled down from 3500 × 3500 to 3000 × 3000"],
    ),
    "lying on its side": (_turned, ["turned upright, as the camera says"]),
}  # fmt: skip


@pytest.mark.parametrize(("make", "done"), SOURCES.values(), ids=SOURCES)
@pytest.mark.long
def test_what_does_not_pass_does_once_it_is_repaired(make: Any, done: list[str]) -> None:
    made = repaired(make())
    facts = look_into(made.content, "cover.jpg")
    assert (facts.kind, facts.width, facts.height, facts.mode) == ("jpeg", 3000, 3000, "RGB")
    assert (facts.progressive, facts.profile) == (False, "sRGB built-in")
    assert facts.size_bytes <= MOST_BYTES
    assert said(*ALL_STORES, image=facts).keys() <= {"C-SIZE-YT"}
    assert len(made.done) == len(done)
    for words, beginning in zip(made.done, done, strict=True):
        assert words.startswith(beginning)


def test_a_cover_that_passes_is_given_back_as_it_is() -> None:
    for content in (content_of(ART), content_of(ART, icc_profile=SRGB)):
        made = repaired(content)
        assert (made.content, made.done) == (content, ())


def test_a_picture_that_is_scaled_up_is_told_to_be_blurred_and_found_to_be() -> None:
    made = repaired(content_of(artwork(640)))
    assert made.done[-1].startswith("scaled up from 640 × 640 to 3000 × 3000")
    assert "blurred" in made.done[-1]
    assert "C-UPSCALE" in said("spotify", image=look_into(made.content, "cover.jpg"))


def test_it_shows_the_same_picture_upright() -> None:
    plain = look_into(content_of(ART), "a.jpg").likeness
    assert apart(plain, look_into(repaired(_turned()).content, "a.jpg").likeness) <= 2


def test_transparent_parts_are_white() -> None:
    from io import BytesIO

    clear = Image.new("RGBA", (3000, 3000), (0, 0, 0, 0))
    shown = Image.open(BytesIO(repaired(content_of(clear, "PNG")).content))
    assert shown.getpixel((1500, 1500)) == (255, 255, 255)


def test_sixteen_bits_of_grey_are_not_made_black() -> None:
    grey = np.asarray(ART.convert("L")).astype(np.uint16) * 256
    made = repaired(content_of(Image.fromarray(grey), "PNG"))
    assert "16 bits a channel made 8" in made.done
    assert look_into(made.content, "a.jpg").deviation == pytest.approx(
        np.asarray(ART.convert("L")).std(), abs=1
    )


def test_colours_of_another_space_are_brought_to_those_of_screens() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    made = repaired(content_of(ART, icc_profile=lab))
    assert len(made.done) == 1
    assert "left out, as it cannot be used" in made.done[0]
    assert look_into(made.content, "a.jpg").profile == "sRGB built-in"


def test_what_a_camera_wrote_does_not_go_along() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera of Maren's"
    content = content_of(ART.convert("L"), exif=exif)
    assert b"A camera" in content
    assert b"A camera" not in repaired(content).content


def test_even_noise_fits() -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (3000, 3000, 3), np.uint8))
    made = repaired(content_of(noise, "PNG"))
    assert len(made.content) <= MOST_BYTES


def test_twice_the_same_picture_gives_the_same_bytes() -> None:
    content = content_of(artwork(300), "PNG")
    assert repaired(content).content == repaired(content).content


def test_a_single_pixel_becomes_a_cover_too() -> None:
    made = repaired(content_of(Image.new("RGB", (1, 1), "red"), "PNG"))
    assert look_into(made.content, "a.jpg").width == 3000
    assert any("blurred" in words for words in made.done)


@pytest.mark.parametrize("content", [b"", b"text", content_of(artwork(300))[:5000]])
def test_what_is_no_picture_is_an_image_error(content: bytes) -> None:
    with pytest.raises(ImageError, match=r"^cover\.png "):
        repaired(content, "cover.png")
