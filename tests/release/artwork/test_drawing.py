"""Covers: files that stores take, the same for the same design, different for different ones."""

from __future__ import annotations

import hashlib
import itertools
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from aimusicverse.release.artwork import MOST_BYTES, STYLES, ArtworkError, Design, draw, style_of
from aimusicverse.release.artwork.jpeg import encoded, srgb_profile
from tests.release.artwork.pictures import SECTIONS, correlation, distance, opened, pixels

SIDE = 320


def song(**changes: object) -> Design:
    told: dict[str, object] = {
        "title": "Paper Lanterns", "artist": "Maren Okafor", "mood": "dreamy", "key": "A minor",
        "tempo_bpm": 104.0, "sections": SECTIONS, "style": "horizon",
    }  # fmt: skip
    return Design(**(told | changes))  # type: ignore[arg-type]


_HASHES = """
import hashlib, json
from aimusicverse.release.artwork import STYLES, Design, draw
found = {}
for style in STYLES:
    sections = (("A", 0, 10), ("B", 10, 20))
    words = {"title": "Näive", "artist": "B", "mood": "happy", "tempo_bpm": 120}
    design = Design(**words, sections=sections, style=style, lettering=True)
    found[style] = hashlib.sha256(draw(design, 300)).hexdigest()
print(json.dumps(found))
"""


def test_two_processes_draw_the_same_bytes() -> None:
    hashes = []
    for seed in ("1", "2"):  # of Python's own hash(), which must have no part in it
        done = subprocess.run(
            [sys.executable, "-c", _HASHES], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        hashes.append(json.loads(done.stdout))
    assert hashes[0] == hashes[1]
    assert len(set(hashes[0].values())) == len(STYLES) == 6


@pytest.mark.parametrize("style", STYLES)
def test_each_style_gives_a_baseline_jpeg_in_srgb(style: str) -> None:
    content = draw(song(style=style, lettering=True), SIDE)
    picture = opened(content)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (SIDE, SIDE))
    assert not picture.info.get("progressive")
    assert b"\xff\xc0" in content  # start of a baseline frame
    assert b"\xff\xc2" not in content.split(b"\xff\xda")[0]  # of a progressive one
    assert picture.info["icc_profile"] == srgb_profile()
    assert not picture.getexif()


def test_a_cover_for_stores_is_3000_pixels_wide_and_below_10_mb() -> None:
    content = draw(song(style="grooves", mood="energetic", tempo_bpm=174.0, lettering=True))
    picture = opened(content)
    assert picture.size == (3000, 3000)
    assert len(content) <= MOST_BYTES == 10_000_000
    assert all(max(table) <= 24 for table in picture.quantization.values()), "quality is 90 at least"
    assert [layer[1:3] for layer in picture.layer] == [(1, 1)] * 3, "4:4:4"


@pytest.mark.parametrize("mood", [None, "happy", "dark"])
@pytest.mark.long
def test_styles_are_different_pictures(mood: str | None) -> None:
    drawn = {style: draw(song(style=style, mood=mood), SIDE) for style in STYLES}
    for one, other in itertools.combinations(drawn, 2):
        assert distance(drawn[one], drawn[other]) > 12, (one, other)
        assert correlation(drawn[one], drawn[other]) < 0.85, (one, other)


@pytest.mark.parametrize("style", STYLES)
def test_another_seed_or_title_is_another_picture(style: str) -> None:
    first = draw(song(style=style), SIDE)
    for changed in (song(style=style, seed=1), song(style=style, title="Paper Lantern")):
        assert distance(first, draw(changed, SIDE)) > 4


@pytest.mark.parametrize("style", STYLES)
def test_a_small_picture_is_the_large_one_smaller(style: str) -> None:
    design = song(style=style)
    large, small = draw(design, 1200), draw(design, 300)
    assert distance(large, small) < 6
    assert correlation(large, small) > 0.97


@pytest.mark.parametrize(
    "style", sorted(set(STYLES) - {"papercut"})
)  # whose foremost sheet may be dark or light
@pytest.mark.parametrize("mood", [None, "energetic"])
@pytest.mark.long
def test_minor_is_darker_than_major(style: str, mood: str | None) -> None:
    def light(key: str) -> float:
        seeds = [draw(song(style=style, mood=mood, key=key, seed=seed), 100) for seed in range(3)]
        return float(np.mean([pixels(content).mean() for content in seeds]))

    assert light("A minor") < light("A major") - 20


def test_lettering_leaves_the_picture_behind_it_as_it_is() -> None:
    design = song(style="aura")
    plain, written = (pixels(draw(each, SIDE)) for each in (design, song(style="aura", lettering=True)))
    same = np.abs(plain - written).max(axis=2) < 12
    assert 0.3 < same.mean() < 1


def test_the_song_is_seen_in_the_picture() -> None:
    for style in STYLES:
        first = draw(song(style=style), 200)
        assert draw(song(style=style, sections=SECTIONS[:4]), 200) != first
        assert draw(song(style=style, tempo_bpm=150.0), 200) != first
        assert draw(song(style=style, key="E minor"), 200) != first


def test_a_style_is_chosen_for_the_mood_when_none_is_asked_for() -> None:
    chosen = {style_of(Design("x", mood="dark", seed=seed)).id for seed in range(40)}
    assert chosen == {style.id for style in STYLES.values() if "dark" in style.moods}
    assert len({style_of(Design("x", seed=seed)).id for seed in range(80)}) == 6
    assert style_of(Design("x", genre="drum and bass")).id in ("grooves", "flow")


@pytest.mark.parametrize(
    "sections",
    [
        (),
        (("A", 0.0, 0.0),),
        (("A", 5.0, 5.1),),
        tuple((f"s{number}", float(number), number + 1.0) for number in range(400)),
        (("", 0.0, 1e9), ("chorus", 1e9, 2e9)),
        (("B", 30.0, 60.0), ("A", 0.0, 30.0)),
    ],
)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.long
def test_any_form_of_a_song_can_be_drawn(style: str, sections: tuple[tuple[str, float, float], ...]) -> None:
    assert opened(draw(song(style=style, sections=sections), 64)).size == (64, 64)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tempo_bpm": 0.0}, "tempo_bpm"),
        ({"tempo_bpm": float("nan")}, "tempo_bpm"),
        ({"sections": (("A", 5.0, 1.0),)}, "sections[0]"),
        ({"sections": (("A", 0.0, 1.0), ("B", float("inf"), 1.0))}, "sections[1]"),
        ({"sections": (("A", 0.0, 1.0),) * 1001}, "sections"),
        ({"title": None}, "title"),
        ({"artist": "a" * 2001}, "artist"),
        ({"title": "half \ud800"}, "title"),
    ],
)
def test_a_design_that_cannot_be_is_refused_with_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ArtworkError) as caught:
        song(**changes)
    assert (caught.value.code, caught.value.field) == ("bad_design", field)


def test_an_unknown_style_and_a_bad_side_are_refused() -> None:
    with pytest.raises(ArtworkError, match="no style 'cubism'; there are horizon, grooves"):
        draw(song(style="cubism"), 100)
    for side in (63, 4097, 0, -1):
        with pytest.raises(ArtworkError) as caught:
            draw(song(), side)
        assert caught.value.code == "bad_size"


@pytest.mark.parametrize("key", ["", "H moll", "Bb", "c# minor", "F♯ major", "Am", "?"])
def test_any_key_is_taken_and_what_is_not_understood_means_nothing(key: str) -> None:
    draw(song(key=key), 64)


def test_the_profile_has_no_time_in_it() -> None:
    assert srgb_profile()[24:36] == b"\x07\xd0\0\1\0\1\0\0\0\0\0\0"
    assert hashlib.sha256(srgb_profile()).digest()


def test_a_picture_of_pure_noise_still_fits() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (512, 512, 3), dtype=np.uint8)
    content = encoded(Image.fromarray(noise), most_bytes=150_000)
    assert len(content) <= 150_000
    assert opened(content).size == (512, 512)
    with pytest.raises(ArtworkError):
        encoded(Image.fromarray(noise), most_bytes=1000)
