"""docs/engine.md shows every genre the studio plays, and its tables have their places."""

from pathlib import Path

import pytest

from aimusicverse.engines.studio.genres import GENRES
from benchmarks.gate_table import GATES, GENRES_HEARD, OTHER, write_into

DOCS = Path(__file__).parents[3] / "docs"
PAGE = DOCS / "engine.md"


@pytest.mark.parametrize("genre", GENRES)
def test_every_genre_has_a_picture_and_a_sentence(genre):
    _, after = PAGE.read_text("utf-8").split(f"**{genre}**\n", 1)
    picture, sentence = after.strip().split("\n\n")[:2]
    name = f"engine/{genre.replace(' ', '-')}.jpg"
    assert f"({name})" in picture
    assert 0 < (DOCS / name).stat().st_size <= 60_000
    assert sentence.endswith(".")


@pytest.mark.parametrize("table", [GATES, OTHER, GENRES_HEARD])
def test_every_table_that_a_command_writes_has_its_place(tmp_path, table):
    page = tmp_path / "engine.md"
    page.write_text(PAGE.read_text("utf-8"))
    write_into(page, "new", table)
