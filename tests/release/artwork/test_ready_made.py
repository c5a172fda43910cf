"""Ready-made designs, and a package that is imported without what draws."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aimusicverse.release.artwork import STYLES, ArtworkError, draw, template, templates
from aimusicverse.release.artwork.traits import MOODS
from tests.release.artwork.pictures import opened


def test_there_are_some_of_every_style_in_several_moods() -> None:
    found = templates()
    assert len({each.id for each in found}) == len(found) == 24
    for style in STYLES:
        assert len({each.mood for each in found if each.style == style}) == 4
    assert {each.mood for each in found} <= set(MOODS)
    assert all(each.line.endswith(".") for each in found)


@pytest.mark.parametrize("each", templates(), ids=lambda each: each.id)
def test_each_can_be_drawn_for_a_release(each: object) -> None:
    design = template(each.id).design("Paper Lanterns", "Maren Okafor", lettering=True)  # type: ignore[attr-defined]
    assert (design.title, design.artist) == ("Paper Lanterns", "Maren Okafor")
    assert opened(draw(design, 128)).size == (128, 128)


def test_an_unknown_one_is_refused_with_those_there_are() -> None:
    with pytest.raises(ArtworkError, match="there are horizon-calm, ") as caught:
        template("horizon-angry")
    assert caught.value.code == "unknown_template"


def test_listing_styles_and_templates_needs_neither_numpy_nor_pillow() -> None:
    code = (
        "import sys; from aimusicverse.release.artwork import STYLES, ArtworkError, Design, templates; "
        "templates(); assert not {'numpy', 'PIL'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_pillow_one_line_names_the_command_that_installs_it() -> None:
    code = "import sys; sys.modules['PIL'] = None; from aimusicverse.release.artwork import draw"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "ImportError: drawing needs: pip install 'aimusicverse[release]'"
