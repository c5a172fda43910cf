"""Territories: the codes are those that others know."""

from __future__ import annotations

from babel import Locale

from aimusicverse.release.territories import TERRITORIES

#: What Unicode's list has besides: reserved codes, groupings, private use, pseudo-locales.
NOT_OF_ISO = {
    "AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ",
}  # fmt: skip


def test_they_are_those_of_babel_without_what_iso_3166_does_not_assign() -> None:
    of_babel = {code for code in Locale("en").territories if len(code) == 2 and code.isalpha()}
    assert of_babel - NOT_OF_ISO == TERRITORIES
    assert len(TERRITORIES) == 249


def test_the_united_kingdom_is_gb() -> None:
    assert "GB" in TERRITORIES
    assert "UK" not in TERRITORIES
