from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.section_option import sections_of
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("intro 8", {"name": "intro", "bars": 8}),
        ("chorus 16 0.9", {"name": "chorus", "bars": 16, "energy": 0.9}),
        ("chorus 16 1", {"name": "chorus", "bars": 16, "energy": 1.0}),
        ("bass  solo 4 .5", {"name": "bass solo", "bars": 4, "energy": 0.5}),
        ("part 2 8", {"name": "part 2", "bars": 8}),
        ("drop 16 9", {"name": "drop 16", "bars": 9}),
    ],
)
def test_a_section_is_a_name_its_bars_and_perhaps_an_energy(text: str, section: dict[str, object]) -> None:
    assert sections_of([text]) == [section]


@pytest.mark.parametrize("text", ["", "intro", "8", "intro eight", "intro -8", "intro 8.5"])
def test_what_is_no_section_says_how_one_is_written(text: str) -> None:
    with pytest.raises(UsageProblem, match="--section"):
        sections_of([text])


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    try:
        [section] = sections_of([text])
    except UsageProblem:
        return
    assert section["bars"] >= 0


@pytest.mark.usefixtures("at_server")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["house", "--section", "intro"], "--section"),
        (["house", "--section", "intro 0"], "--section"),
        (["house", "--extend-from", "4"], "--extend-from"),
        (["--extend", "gen_1"], "--extend"),
        ([], "PROMPT"),
    ],
)
def test_a_wish_that_cannot_be_is_wrong_usage(amv: Run, words: list[str], told: str) -> None:
    done = amv("generate", *words)
    assert done.code == 2
    assert told in done.err
    assert done.out == ""
