"""The codes of trouble by DDEX: each is listed once, and is what the docs and answers show."""

from __future__ import annotations

from aimusicverse.platforms import store_problems
from aimusicverse.platforms.ddex import codes
from aimusicverse.platforms.store_code import StoreCode


def test_every_code_is_listed() -> None:
    made = [value for value in vars(codes).values() if isinstance(value, StoreCode)]
    assert sorted(made, key=str) == sorted(codes.DDEX_CODES, key=str)
    assert codes.CODES is codes.DDEX_CODES


def test_no_code_is_there_twice_or_a_general_one() -> None:
    names = [code.code for code in (*codes.DDEX_CODES, *store_problems.GENERAL)]
    assert len(names) == len(set(names))


def test_every_code_says_what_to_do() -> None:
    for code in codes.DDEX_CODES:
        assert code.code.startswith("ddex_")
        assert code.title[0].isupper()
        assert code.advice.endswith(".")
