"""Letters on covers: whole, inside the margins, legible by measure; or an error that says what to do."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, features

from aimusicverse.release.artwork import STYLES, Design, LetteringError, draw, template
from aimusicverse.release.artwork import fonts as fonts_module
from aimusicverse.release.artwork.fonts import face_for
from aimusicverse.release.artwork.layout import MARGIN, Layout, blocks, placed
from aimusicverse.release.artwork.lettering import Written, write
from aimusicverse.release.artwork.scene import Scene
from aimusicverse.release.artwork.writing import letters, pieces, tidy
from tests.release.artwork.pictures import SECTIONS, luminance, pixels

SIDE = 400
PLACES = ("top-left", "top-centre", "bottom-left")


@pytest.fixture
def no_fonts_of_computer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts_module, "folders", lambda: [tmp_path])


def rendered(layout: Layout, side: int) -> Image.Image:
    """The ink on a sheet three times as large, so that nothing that sticks out is lost."""
    sheet = Image.new("L", (3 * side, 3 * side))
    pen = ImageDraw.Draw(sheet)
    for line in layout.lines:
        pen.text((line.x + side, line.y + side), line.text, fill=255, font=line.font, anchor="ls")
    return sheet


def shown(layout: Layout) -> str:
    return "".join("".join(line.text.split()) for line in layout.lines)


_ALPHABETS = st.sampled_from(
    [
        st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=("Cc", "Cf")),
        st.characters(min_codepoint=0x384, max_codepoint=0x3FF, categories=("Lu", "Ll")),
        st.characters(min_codepoint=0x400, max_codepoint=0x45F),
        st.sampled_from("ÅŞģjĘẾỆỖyqçβψЩЦЁÏ (|)/_"),
        st.sampled_from("MW "),
    ]
)
_TITLES = _ALPHABETS.flatmap(lambda alphabet: st.text(alphabet, min_size=1, max_size=200))


@settings(max_examples=40, deadline=None)
@given(title=_TITLES, artist=st.none() | _TITLES, side=st.sampled_from([300, 451]))
def test_any_title_fits_whole_within_the_margins_or_is_refused(
    title: str, artist: str | None, side: int
) -> None:
    try:
        found = blocks(title, artist, side)
    except LetteringError as refused:
        said = refused.message
        assert "no font here" in said or "is empty" in said or "does not fit" in said
        return
    margin = round(side * MARGIN)
    for place in PLACES:
        layout = placed(found, place, side)
        ink = rendered(layout, side).getbbox()
        if ink is None:  # a title of characters without ink, such as U+00A0 alone
            continue
        left, top, right, bottom = (edge - side for edge in ink)
        assert left >= margin - 1
        assert top >= margin - 1
        assert right <= side - margin + 1
        assert bottom <= side - margin + 1
        assert layout.box[0] - 1 <= left <= right <= layout.box[2] + 1
    if not layout.cut:
        assert shown(layout) == "".join((tidy(title, "title") + tidy(artist or "", "artist")).split())
    else:
        assert "…" in shown(layout)


@settings(max_examples=15, deadline=None)
@given(title=_TITLES)
def test_lines_of_letters_never_touch(title: str) -> None:
    try:
        layout = placed(blocks(title, "Maren Okafor", 500), "top-left", 500)
    except LetteringError:
        return
    for one, other in zip(layout.lines, layout.lines[1:], strict=False):
        assert one.box[3] <= other.box[1] + 3  # boxes have a pixel of room on each side


def contrast_in_file(content: bytes, written: Written) -> float:
    """Of the letters' own colour with the worst of the pixels around them, in the file as it is read."""
    picture = pixels(content)
    side = len(picture)
    sheet = rendered(written.layout, side).crop((side, side, 2 * side, 2 * side))
    inner = np.asarray(sheet.filter(ImageFilter.MinFilter(3))) == 255
    inner = inner if inner.sum() > 20 else np.asarray(sheet) >= 250
    touched = np.asarray(sheet.filter(ImageFilter.MaxFilter(3))) > 0
    around = np.asarray(sheet.filter(ImageFilter.MaxFilter(7))) > 0
    ink = float(np.median(luminance(picture[inner])))
    behind = luminance(picture[around & ~touched])
    return float(((np.maximum(behind, ink) + 0.05) / (np.minimum(behind, ink) + 0.05)).min())


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("mood", "key", "seed"), [("calm", "D major", 0), ("energetic", "C minor", 1), (None, None, 2)]
)
@pytest.mark.long
def test_contrast_in_the_file_is_4_5_at_least_at_the_worst_pixel(
    style: str, mood: str | None, key: str | None, seed: int
) -> None:
    design = Design(
        "Night Bus Home, and All the Streets It Never Took", "Kõrv & Ülo", mood=mood, key=key, seed=seed,
        tempo_bpm=150, sections=SECTIONS, style=style, lettering=True,
    )  # fmt: skip
    side = 450
    scene = Scene.of(design, side)
    picture = Image.fromarray(STYLES[style].paint(scene))
    written = write(picture, scene, STYLES[style].places)
    assert written.contrast >= 4.5
    assert contrast_in_file(draw(design, side), written) >= 4.5


def test_a_small_star_beside_a_letter_counts_too() -> None:
    design = template("chart-calm").design("Rain", "Maren Okafor", lettering=True, seed=6)
    scene = Scene.of(design, 500)
    picture = Image.fromarray(STYLES["chart"].paint(scene))
    written = write(picture, scene, STYLES["chart"].places)
    assert contrast_in_file(draw(design, 500), written) >= 4.5


def test_a_picture_of_black_and_white_is_shaded_until_letters_can_be_read() -> None:
    stripes = np.zeros((SIDE, SIDE, 3), np.uint8)
    stripes[:, ::2] = 255
    design = Design("Legible", "On Anything", lettering=True)
    picture = Image.fromarray(stripes)
    written = write(picture, Scene.of(design, SIDE), ("bottom-left",))
    assert written.shade > 0.3
    assert written.contrast >= 4.5
    left, top, right, bottom = written.layout.box
    assert np.array_equal(np.asarray(picture)[: top - SIDE // 3], stripes[: top - SIDE // 3]), (
        "no more than needed"
    )
    assert right - left <= SIDE
    assert bottom <= SIDE


def test_a_long_title_is_written_in_full_and_a_far_too_long_one_ends_in_an_ellipsis() -> None:
    long = "The Unbearable Lightness of Being Somewhere Else While the Rain Falls on the Old Station Roof"
    layout = placed(blocks(long, None, SIDE), "top-left", SIDE)
    assert not layout.cut
    assert " ".join(line.text for line in layout.lines) == long
    endless = placed(blocks("word " * 390, "Somebody", SIDE), "top-left", SIDE)
    assert endless.cut
    assert endless.lines[-2].text.endswith("…")
    assert endless.lines[-1].text == "Somebody"


@pytest.mark.parametrize(
    "title", ["W" * 200, "WWWWWWWWWWWWWW " * 13, "Щ" * 200, "MW " * 66, "ẾỖ " * 66, "Ω" * 200]
)
@pytest.mark.long
def test_titles_of_200_characters_are_never_cut(title: str) -> None:
    for artist in (None, "Maren Okafor & the Long Name Orchestra"):
        layout = placed(blocks(title, artist, SIDE), "top-left", SIDE)
        assert not any(line.text.endswith("…") for line in layout.lines)
        assert shown(layout) == "".join((title + (artist or "")).split())


def test_words_are_broken_only_when_they_are_longer_than_a_line() -> None:
    for line in blocks("Donaudampfschifffahrtsgesellschaft und Kapitän", None, SIDE)[0].lines:
        assert set(line.split()) <= {"Donaudampfschifffahrtsgesellschaft", "und", "Kapitän"}
    lines = blocks("x" * 150, None, SIDE)[0].lines
    assert "".join(lines) == "x" * 150
    assert len(lines) > 1


def test_a_name_is_never_larger_than_the_title() -> None:
    above, below = blocks("many words " * 30, "Me", SIDE)
    assert below.size <= max(above.size, SIDE * 0.03)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Party 🎉", "an emoji"),
        ("I ❤️ you", "an emoji"),
        ("\U0001f1eb\U0001f1f7", "an emoji"),
        ("\ue001", "the private character U+E001"),
        ("夜の", "夜 (U+591C), の (U+306E); install a font that has them, such as Noto Sans CJK"),
        ("สวัสดี", "Noto Sans Thai"),
        ("𐎠", "one of the Noto fonts"),
        ("  \n ", "the title is empty"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("no_fonts_of_computer")
def test_what_cannot_be_set_is_refused_with_what_to_do(title: str, said: str) -> None:
    if "Thai" in said and not features.check("raqm"):
        said = "Raqm"
    with pytest.raises(LetteringError) as caught:
        draw(Design(title, lettering=True), 200)
    assert said in caught.value.message
    assert caught.value.code == "lettering"
    assert caught.value.field == "title"
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.message, again.field) == (caught.value.message, "title")
    draw(Design(title), 64)  # and without lettering it is drawn


def test_a_name_that_cannot_be_set_is_refused_as_one(no_fonts_of_computer: None) -> None:
    with pytest.raises(LetteringError) as caught:
        draw(Design("Fine", artist="宇多田", lettering=True), 200)
    assert caught.value.field == "artist"


@pytest.mark.usefixtures("no_fonts_of_computer")
@pytest.mark.parametrize(
    "title", ["Đường về nhà", "Σκοτεινή θάλασσα", "Тёмные аллеи", "Ünïcödé ß Þ Ł", "It’s “fine” – № 5…"]
)
def test_latin_greek_and_cyrillic_need_no_font_of_the_computer(title: str) -> None:
    assert face_for(tidy(title, "title"), "title", bold=True).path.name == "Manrope-Bold.ttf"


def test_a_letter_in_two_characters_is_the_one_that_it_makes() -> None:
    assert tidy("Cafe\u0301\n\u200b au\tlait ", "title") == "Café au lait"
    assert letters("e\u0323\u0302a") == ["e\u0323\u0302", "a"]


def test_chinese_and_japanese_may_be_broken_between_characters_but_not_before_a_full_stop() -> None:
    assert pieces("夜の。バス now") == [("夜", " "), ("の。", ""), ("バ", ""), ("ス", ""), ("now", " ")]


def dejavu() -> bool:
    return any((folder / "truetype/dejavu/DejaVuSans-Bold.ttf").exists() for folder in fonts_module.folders())


@pytest.mark.skipif(not dejavu(), reason="needs fonts-dejavu: apt-get install fonts-dejavu")
@pytest.mark.skipif(not features.check("raqm"), reason="this Pillow has no Raqm")
def test_hebrew_and_arabic_are_set_from_the_right_in_a_font_of_the_computer() -> None:
    for title in ("שיר לילה", "ليلة في البحر"):
        found = blocks(title, "Maren Okafor", SIDE)
        assert "DejaVu" in Path(str(found[0].font.path)).name
        layout = placed(found, "top-left", SIDE)
        assert SIDE - round(SIDE * MARGIN) - 2 <= layout.lines[0].box[2] <= SIDE - round(SIDE * MARGIN)


@pytest.mark.skipif(not dejavu(), reason="needs fonts-dejavu: apt-get install fonts-dejavu")
def test_without_raqm_what_runs_from_the_right_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda feature: False)
    with pytest.raises(LetteringError, match="lacks Raqm"):
        blocks("שיר לילה", None, SIDE)
    assert blocks("Night Song", None, SIDE)
