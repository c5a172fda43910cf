from __future__ import annotations

import shlex
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.platforms.soundcloud.metadata import MARK, created_at, page_of, tag_list

OURS = f"{MARK}0123456789abcdef01234567"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="'\\"), max_size=20), max_size=6))
def test_whatever_the_tags_are_our_mark_is_found_among_them(tags: list[str]) -> None:
    written = tag_list([*tags, OURS])
    assert OURS in written.replace('"', " ").split()
    expected = [" ".join(tag.split()) for tag in tags if '"' not in tag]
    words = shlex.shlex(written, posix=True)
    words.whitespace, words.whitespace_split, words.commenters = " ", True, ""
    assert list(words) == [*(tag for tag in expected if tag), OURS]


@given(st.text(max_size=30) | st.none() | st.integers())
def test_a_date_that_is_none_is_none(text: object) -> None:
    assert created_at(text) is None


def test_a_date_is_read_as_soundcloud_writes_it() -> None:
    assert created_at("2019/01/15 15:40:49 +0000") == datetime(2019, 1, 15, 15, 40, 49, tzinfo=UTC)


@pytest.mark.parametrize("url", [None, 7, "", "javascript:alert(1)", "//soundcloud.com/x"])
def test_what_is_no_address_of_the_web_is_not_shown_as_one(url: object) -> None:
    assert page_of({"permalink_url": url}) is None
    assert page_of({"permalink_url": "https://soundcloud.com/x/y"}) == "https://soundcloud.com/x/y"
