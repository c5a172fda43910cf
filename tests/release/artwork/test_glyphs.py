"""Reading which characters a font has: as FreeType says, and nothing of files that are damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from aimusicverse.release.artwork import fonts
from aimusicverse.release.artwork.glyphs import faces, has

OURS = Path(fonts.__file__).with_name("fonts") / "Manrope-Bold.ttf"


def others() -> list[Path]:
    found = [path for folder in fonts.folders() for path in sorted(folder.rglob("*.ttf"))]
    return [OURS, *found[:4]]


@pytest.mark.parametrize("path", others(), ids=lambda path: path.name)
def test_a_character_is_there_if_freetype_draws_something_else_than_its_box(path: Path) -> None:
    (ranges,) = faces(path)
    font = ImageFont.truetype(str(path), 40, layout_engine=ImageFont.Layout.BASIC)
    box = bytes(font.getmask("\U0010fffd"))
    for char in map(
        chr, [*range(0x21, 0x7F), *range(0xA1, 0x250), *range(0x370, 0x530), *range(0x5D0, 0x5EB)]
    ):
        if not has(ranges, char):
            assert bytes(font.getmask(char)) == box, f"U+{ord(char):04X} is there"
        elif not char.isspace() and char.isalpha():
            assert bytes(font.getmask(char)) != box, f"U+{ord(char):04X} is a box"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_fonts_have_nothing_or_something_but_never_fail(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(OURS.read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, 600) | st.integers(0, len(content) - 1))] = data.draw(
            st.integers(0, 255)
        )
    path = tmp_path_factory.mktemp("fonts") / "damaged.ttf"
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    for ranges in faces(path):
        has(ranges, "aé夜")


def test_what_is_no_font_has_nothing(tmp_path: Path) -> None:
    for name, content in {"a.ttf": b"", "b.ttf": b"no font at all", "c.ttf": b"ttcf" + b"\xff" * 40}.items():
        (tmp_path / name).write_bytes(content)
        assert faces(tmp_path / name) == ()
    assert faces(tmp_path / "gone.ttf") == ()
