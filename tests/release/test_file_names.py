"""Names of files: of any text, on any system, and never out of their folder."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release.file_names import MOST_BYTES, file_name, folder_name

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)


@given(ANY_TEXT, st.booleans())
def test_any_text_makes_one_harmless_name(text: str, ascii_only: bool) -> None:
    name = file_name(text, "wav", ascii_only=ascii_only)
    assert 0 < len(name.encode()) <= MOST_BYTES
    assert Path(name).name == name == PureWindowsPath(name).name
    assert not PureWindowsPath(name).is_reserved()
    assert name.endswith(".wav")
    assert name.strip(". ") == name
    assert unicodedata.normalize("NFC", name) == name
    assert not any(unicodedata.category(it) in ("Cc", "Cs") for it in name)
    assert not ascii_only or name.isascii()


@given(ANY_TEXT)
def test_any_text_makes_one_harmless_folder(text: str) -> None:
    name = folder_name(text)
    assert 0 < len(name.encode()) <= MOST_BYTES
    assert Path(name).name == name == PureWindowsPath(name).name
    assert name not in (".", "..")
    assert not name.endswith((".", " "))


@pytest.mark.parametrize("device", ["CON", "nul", "Lpt1", "COM¹", "aux.tar", "PRN "])
def test_a_device_of_windows_is_no_name(device: str) -> None:
    assert file_name(device, "wav").startswith("_")
    assert folder_name(device).startswith("_")


@pytest.mark.parametrize("text", ["", "///", "\x00", "..", " . ", "\u200b", "\ud800"])
def test_what_leaves_nothing_has_a_name_anyway(text: str) -> None:
    assert file_name(text, "wav") == "untitled.wav"


def test_a_letter_under_hundreds_of_accents_has_a_name() -> None:
    assert file_name("e" + "\u0300" * 400, "wav") == "untitled.wav"


def test_both_forms_of_a_letter_are_one_name() -> None:
    assert file_name("Zoe\u0308", "wav") == file_name("Zo\u00eb", "wav")
