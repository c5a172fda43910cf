"""Identifiers: known ones are accepted, mistyped ones are not, and python-stdnum agrees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean, grid, isni
from stdnum.iso7064 import mod_37_36 as stdnum_mod_37_36

from aimusicverse.release import identifiers

DIGITS = "0123456789"
ALPHABET = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
VALID = (
    (identifiers.is_isrc, ("USSKG1912345", "us-skg-19-12345", "QZES12345678", "ISRC US-SKG-19-12345")),
    (identifiers.is_gtin, ("036000291452", "4006381333931", "012345678905")),
    (identifiers.is_iswc, ("T-034.524.680-1", "T-000.000.001-0", "T1234567894")),
    (
        identifiers.is_ipi_name,
        ("00052210040", "00014107338", "00068238360", "00045620792", "00000000199"),
    ),
    (identifiers.is_ipi_base, ("I-000000229-7", "I-123456789-3")),
    (
        identifiers.is_isni,
        ("0000000121707484", "000000012281955X", "000000000000001X", "0000 0001 2170 7484"),
    ),
    (identifiers.is_grid, ("A1-2425G-ABC1234002-M", "GRID:A1-2425G-ABC1234002-M")),
    (
        identifiers.is_dpid,
        ("PADPIDA2011072101T", "PADPIDA2013020802I", "PADPIDA2015120100H", "PADPIDA2022021109P"),
    ),
)
INVALID = (
    (identifiers.is_isrc, ("USA1224123456", "1SSKG1912345", "", "USSKG191234٥")),
    (
        identifiers.is_gtin,
        ("036000291453", "4006381333932", "00036000291452", "96385074", "", "٠٣٦٠٠٠٢٩١٤٥٢"),
    ),
    (identifiers.is_iswc, ("T1234567893", "1234567894", "T", "")),
    (identifiers.is_ipi_name, ("00199310287", "00000000100", "0052210040", "")),
    (identifiers.is_ipi_base, ("I-000000229-8", "000000229-7", "I", "")),
    (identifiers.is_isni, ("0000000000000010", "000000012170748", "X000000121707484", "")),
    (identifiers.is_grid, ("A1-2425G-ABC1234002-N", "A2-2425G-ABC1234002-M", "A1", "")),
    (identifiers.is_dpid, ("PADPIDA2011072101U", "PADPIDA", "Spotify", "")),
)
Judge = Callable[[str], bool]


def _pairs(table: tuple[tuple[Judge, tuple[str, ...]], ...]) -> list[tuple[Judge, str]]:
    return [(judge, value) for judge, values in table for value in values]


@pytest.mark.parametrize(("judge", "value"), _pairs(VALID))
def test_a_published_identifier_is_accepted(judge: Judge, value: str) -> None:
    assert judge(value)


@pytest.mark.parametrize(("judge", "value"), _pairs(INVALID))
def test_what_is_mistyped_is_refused(judge: Judge, value: str) -> None:
    assert not judge(value)


def _another(value: str, place: int, step: int, alphabet: str) -> str:
    """With one character replaced by another of its alphabet."""
    old = alphabet.index(value[place])
    return value[:place] + alphabet[(old + step) % len(alphabet)] + value[place + 1 :]


@given(st.text(DIGITS, min_size=11, max_size=12), st.integers(0, 10), st.integers(1, 9))
def test_stdnum_agrees_on_a_gtin_and_one_changed_digit_breaks_it(body: str, place: int, step: int) -> None:
    gtin = body + identifiers.gtin_check_digit(body)
    assert identifiers.is_gtin(gtin)
    assert ean.is_valid(identifiers.gtin_13(gtin))
    assert not identifiers.is_gtin(_another(gtin, place, step, DIGITS))


@given(st.text(DIGITS, min_size=15, max_size=15), st.integers(0, 14), st.integers(1, 9))
def test_stdnum_agrees_on_an_isni_and_one_changed_digit_breaks_it(body: str, place: int, step: int) -> None:
    number = body + identifiers.isni_check_character(body)
    assert identifiers.is_isni(number)
    assert isni.is_valid(number)
    assert not identifiers.is_isni(_another(number, place, step, DIGITS))


@given(st.text(ALPHABET, min_size=15, max_size=15), st.integers(2, 16), st.integers(1, 35))
def test_stdnum_agrees_on_a_grid_and_one_changed_character_breaks_it(
    rest: str, place: int, step: int
) -> None:
    body = "A1" + rest
    number = body + identifiers.mod_37_36(body)
    assert identifiers.is_grid(number)
    assert grid.is_valid(number)
    assert not identifiers.is_grid(_another(number, place, step, ALPHABET))


@given(st.text(ALPHABET, min_size=1, max_size=40))
def test_stdnum_agrees_on_mod_37_36(body: str) -> None:
    assert identifiers.mod_37_36(body) == stdnum_mod_37_36.calc_check_digit(body)


@given(st.text(ALPHABET, min_size=10, max_size=10), st.integers(7, 16), st.integers(1, 35))
def test_one_changed_character_breaks_a_dpid(rest: str, place: int, step: int) -> None:
    body = "PADPIDA" + rest
    number = body + identifiers.mod_37_36(body)
    assert identifiers.is_dpid(number)
    assert not identifiers.is_dpid(_another(number, place, step, ALPHABET))


@given(st.text(DIGITS, min_size=9, max_size=9))
def test_of_ten_last_digits_of_an_iswc_one_is_right(body: str) -> None:
    right = [digit for digit in DIGITS if identifiers.is_iswc(f"T{body}{digit}")]
    assert right == [identifiers.iswc_check_digit(body)]


@given(st.text(DIGITS, min_size=9, max_size=9))
def test_of_a_hundred_last_digits_of_an_ipi_one_is_right(body: str) -> None:
    right = [two for two in range(100) if identifiers.is_ipi_name(f"{body}{two:02}")]
    assert right == [int(identifiers.ipi_name_check_digits(body))]


@given(st.text())
def test_any_text_can_be_judged(text: str) -> None:
    for judge, _ in VALID:
        assert judge(text) in (True, False)


@given(st.sampled_from(_pairs(VALID)), st.data())
def test_blanks_hyphens_and_small_letters_change_nothing(
    known: tuple[Judge, str], data: st.DataObject
) -> None:
    judge, value = known
    place = data.draw(st.integers(0, len(value)))
    between = data.draw(st.sampled_from((" ", "-", "\u2011", "\u00a0", ".")))
    assert judge(value[:place] + between + value[place:])
    assert judge(value.lower())
