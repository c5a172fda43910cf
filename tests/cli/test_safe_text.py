from __future__ import annotations

import json

import pytest

from aimusicverse.cli.safe_text import in_json, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rainy Night", "Rainy Night"),
        ("Müde — 雨の夜 🎵", "Müde — 雨の夜 🎵"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b2J", "\\x9b2J"),
        ("a\tb\r\nc", "a\\tb\\r\\nc"),
        ("\u202eexe.wav", "\\u202eexe.wav"),
        ("a\u2028b", "a\\u2028b"),
        ("\ud800", "\\ud800"),
    ],
)
def test_a_title_can_neither_steer_a_terminal_nor_turn_letters_around(text: str, shown: str) -> None:
    assert one_line(text) == shown


@pytest.mark.parametrize("text", ["\x9b2J \x7f \u202e \u2066 \ufeff", "\U000e0041 🎵", "ä\\u202e"])
def test_json_stays_the_same_value_but_shows_no_raw_control_character(text: str) -> None:
    written = in_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert one_line(written) == written
