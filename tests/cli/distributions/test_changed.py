"""`--set field=value`, in the words in which problems name fields."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.cli.distributions.changed import changed
from aimusicverse.cli.errors import UsageProblem

RELEASE = {
    "title": "Rain",
    "territories": ["Worldwide"],
    "intentional_styling": False,
    "ai": {"vocals": "none"},
    "tracks": [{"title": "Rain", "writers": [{"name": "Ann"}]}],
}
TWO = {"title": "Rain", "tracks": [{"title": "a"}, {"title": "b"}]}


@pytest.mark.parametrize(
    ("setting", "path", "value"),
    [
        ("tracks[0].isrc=USSKG2600001", ("tracks", 0, "isrc"), "USSKG2600001"),
        ("isrc=USSKG2600001", ("tracks", 0, "isrc"), "USSKG2600001"),
        ("title=Rain = Snow", ("title",), "Rain = Snow"),
        ("title=true", ("title",), "true"),
        ("upc=036000291452", ("upc",), "036000291452"),
        ("ai.composition=partly", ("ai", "composition"), "partly"),
        ("genres.apple_music=POP-00", ("genres", "apple_music"), "POP-00"),
        ('territories=["DE", "AT"]', ("territories",), ["DE", "AT"]),
        ("intentional_styling=true", ("intentional_styling",), True),
        ("as_soon_as_possible=true", ("as_soon_as_possible",), True),
        ("tracks[0].writers[0].name=Bea", ("tracks", 0, "writers", 0, "name"), "Bea"),
        ('tracks[0].artists=[{"name": "Bea"}]', ("tracks", 0, "artists"), [{"name": "Bea"}]),
    ],
)
def test_one_value_changes_and_the_rest_stays(
    setting: str, path: tuple[str | int, ...], value: object
) -> None:
    before = deepcopy(RELEASE)
    found = changed(RELEASE, [setting])
    for step in path:
        found = found[step]  # type: ignore[assignment, index]
    assert found == value
    assert before == RELEASE


def test_nothing_behind_the_sign_takes_a_value_away() -> None:
    assert "title" not in changed(RELEASE, ["tracks[0].title="])["tracks"][0]


@pytest.mark.parametrize(
    "setting", ["", "isrc", "=x", "tracks[7].isrc=x", "tracks=x", "title.deep=x", "territories=DE", "[0]=x"]
)
def test_what_sets_nothing_is_wrong_usage(setting: str) -> None:
    with pytest.raises(UsageProblem, match="--set"):
        changed(RELEASE, [setting])


def test_of_several_tracks_one_has_to_be_named() -> None:
    with pytest.raises(UsageProblem, match="which track"):
        changed(TWO, ["isrc=x"])


@given(st.text())
def test_any_text_is_done_or_refused(text: str) -> None:
    with suppress(UsageProblem):
        changed(RELEASE, [text])
