"""The identifiers of recordings, releases, works and parties: their forms and check digits.

Sources: ISO 3901 (ISRC), GS1 General Specifications 7.9 (GTIN), ISO 15707 (ISWC), CISAC (IPI), ISO 27729
(ISNI, check by ISO 7064 MOD 11-2), the GRid Standard and DDEX party ids (ISO 7064 MOD 37,36).
"""

from __future__ import annotations

import re
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ISRC: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", re.ASCII)


def plain(value: str) -> str:
    """Upper case, without blanks, hyphens and dots between."""
    return re.sub(r"[\s.\u2010-\u2015-]", "", value).upper()


def plain_isrc(value: str) -> str:
    """The 12 characters of an ISRC that may be written `ISRC US-SKG-19-12345`. Nothing is judged."""
    return plain(value).removeprefix("ISRC").lstrip(":")


def is_isrc(value: str) -> bool:
    """Whether it has the form of an ISRC. There is no check digit, and any prefix may be allocated."""
    return _ISRC.fullmatch(plain_isrc(value)) is not None


def gtin_check_digit(body: str) -> str:
    """The last digit of a GTIN, of the digits before it: weights 3, 1, 3, … from the right."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def is_gtin(value: str) -> bool:
    """Whether it is a UPC-A (12 digits) or EAN-13 whose check digit is right."""
    digits = plain(value)
    return _is_digits(digits, 12, 13) and gtin_check_digit(digits[:-1]) == digits[-1]


def gtin_13(value: str) -> str:
    """Padded to 13 digits, by which a UPC and its EAN are the same number."""
    return plain(value).zfill(13)


def iswc_check_digit(body: str) -> str:
    """Of the nine digits of an ISWC."""
    return str(-(1 + _by_place(body)) % 10)


def is_iswc(value: str) -> bool:
    """Whether it is an ISWC, `T-034.524.680-1`, whose check digit is right."""
    text = plain(value)
    return text[:1] == "T" and _is_digits(text[1:], 10) and iswc_check_digit(text[1:10]) == text[10]


def ipi_base_check_digit(body: str) -> str:
    """Of the nine digits of an IPI base number."""
    return str(-(2 + _by_place(body)) % 10)


def is_ipi_base(value: str) -> bool:
    """Whether it is an IPI base number, `I-000000229-7`, whose check digit is right."""
    text = plain(value)
    return text[:1] == "I" and _is_digits(text[1:], 10) and ipi_base_check_digit(text[1:10]) == text[10]


def ipi_name_check_digits(body: str) -> str:
    """The last two digits of an IPI name number, of the nine before."""
    rest = sum((10 - place) * int(digit) for place, digit in enumerate(body)) % 101
    return f"{(101 - rest) % 101 % 100:02}"


def is_ipi_name(value: str) -> bool:
    """Whether it is an IPI name number, 11 digits, whose last two check the others."""
    digits = plain(value)
    return _is_digits(digits, 11) and ipi_name_check_digits(digits[:9]) == digits[9:]


def isni_check_character(body: str) -> str:
    """Of the fifteen digits of an ISNI: 0 to 9 or X (ISO 7064 MOD 11-2)."""
    total = 0
    for digit in body:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11]


def is_isni(value: str) -> bool:
    """Whether it is an ISNI, 16 characters, whose last one checks the others."""
    text = plain(value)
    return len(text) == 16 and _is_digits(text[:15], 15) and isni_check_character(text[:15]) == text[15]


def mod_37_36(body: str) -> str:
    """The check character of ISO 7064 MOD 37,36 for digits and capital letters."""
    check = 36
    for character in body:
        check = (check + _ALPHABET.index(character)) % 36 or 36
        check = check * 2 % 37
    return _ALPHABET[(1 - check) % 36]


def is_grid(value: str) -> bool:
    """Whether it is a GRid, `A1-2425G-ABC1234002-M`, whose check character is right."""
    text = plain(value)
    if text.startswith("GRID:"):
        text = text[5:]
    return len(text) == 18 and text.startswith("A1") and _is_alnum(text) and mod_37_36(text[:-1]) == text[-1]


def is_dpid(value: str) -> bool:
    """Whether it is a DDEX party id, `PADPIDA2011072101T`, whose check character is right."""
    text = plain(value)
    is_one = len(text) == 18 and text.startswith("PADPIDA") and _is_alnum(text)
    return is_one and mod_37_36(text[:-1]) == text[-1]


def _by_place(body: str) -> int:
    return sum(place * int(digit) for place, digit in enumerate(body, 1))


def _is_digits(text: str, *lengths: int) -> bool:
    return len(text) in lengths and text.isascii() and text.isdigit()


def _is_alnum(text: str) -> bool:
    return all(character in _ALPHABET for character in text)
