"""Scripts: what a text is written in, and what a language is written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release.scripts import language_of, scripts_for, scripts_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Ferry", "LATIN"), ("Été", "LATIN"), ("паром", "CYRILLIC"), ("πλοίο", "GREEK"), ("עבורת", "HEBREW"),
        ("عبّارة", "ARABIC"), ("ርቀት", "ETHIOPIC"), ("ბორანი", "GEORGIAN"), ("लहर", "DEVANAGARI"),
        ("เรือ", "THAI"), ("船", "CJK"), ("ふね", "HIRAGANA"), ("フネ", "KATAKANA"), ("배", "HANGUL"),
        ("Լաստ", "ARMENIAN"), ("ᏣᎳᎩ", "CHEROKEE"),
    ],
)  # fmt: skip
def test_letters_tell_their_script(text: str, script: str) -> None:
    assert scripts_of(text).keys() == {script}


def test_digits_signs_and_emoji_have_none() -> None:
    assert not scripts_of("22 + 7 = 29! 🏮 ٣ – …")


@pytest.mark.parametrize(
    ("tag", "has", "has_not"),
    [
        ("ru", "CYRILLIC", "LATIN"), ("ru-Latn", "LATIN", "CYRILLIC"), ("sr", "LATIN", "GREEK"),
        ("ja", "HIRAGANA", "CYRILLIC"), ("ja", "LATIN", "THAI"), ("zh-Hant-TW", "CJK", "THAI"),
        ("pt_BR", "LATIN", "CJK"), ("EN-us", "LATIN", "CJK"), ("uz-cyrl", "CYRILLIC", "LATIN"),
    ],
)  # fmt: skip
def test_a_language_is_written_in_its_scripts_unless_the_tag_says_another(
    tag: str, has: str, has_not: str
) -> None:
    assert has in scripts_for(tag)
    assert has_not not in scripts_for(tag)


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_a_tag_of_some_language_or_of_none(text: str) -> None:
    assert isinstance(scripts_for(text), frozenset)
    assert "-" not in language_of(text)
