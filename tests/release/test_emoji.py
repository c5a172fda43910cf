"""Emoji: pictures are found, with all that belongs to them; no letter, digit or mark of any script is one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release.emoji import emoji_in, is_drawn_as_picture, without_emoji


@pytest.mark.parametrize("emoji", ["🔥", "❤️", "👩🏽‍🚀", "👨‍👩‍👧‍👦", "1️⃣", "#️⃣", "☀️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🫠", "⭐"])
def test_a_picture_is_one_emoji_however_many_characters_it_has(emoji: str) -> None:
    assert emoji_in(f"Fire {emoji} tonight") == [emoji]
    assert is_drawn_as_picture(emoji)
    assert without_emoji(f"Fire {emoji} tonight") == "Fire tonight"


def test_a_flag_is_found() -> None:
    assert "".join(emoji_in("Nairobi 🇰🇪")) == "🇰🇪"
    assert without_emoji("Nairobi 🇰🇪") == "Nairobi"


@pytest.mark.parametrize(
    "text",
    [
        "0123456789#*",
        "Song © ® ™",
        "♪ ♫ ☆ ★ † ‡ § ¶",
        "愛 사랑 حب אהבה ፍቅር სიყვარული प्रेम ความรัก",
        "½ № ∞ ≠ → «»",
    ],
)
def test_what_is_no_picture_is_left_alone(text: str) -> None:
    assert emoji_in(text) == []


@pytest.mark.parametrize("sign", ["♥", "‼", "☀", "↔"])
def test_a_sign_is_a_picture_only_where_one_is_asked_for(sign: str) -> None:
    assert emoji_in(sign) == [sign]
    assert not is_drawn_as_picture(sign)
    assert is_drawn_as_picture(f"{sign}\ufe0f")


def test_no_letter_of_any_script_is_one() -> None:
    letters = (chr(code) for code in range(0x20000) if unicodedata.category(chr(code))[0] in "LM")
    found = {letter for letter in letters if emoji_in(letter)}
    # ℹ is a letter by its category, and drawn as a picture by some.
    assert found == {"ℹ"}


@given(st.text())
def test_none_is_left_in_what_is_left(text: str) -> None:
    assert not [emoji for emoji in emoji_in(without_emoji(text)) if is_drawn_as_picture(emoji)]
