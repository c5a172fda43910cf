"""Title case and sentence case: as each language has them, and nothing else is changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release.title_case import (
    german_with_small_words,
    looks_title_cased,
    sentence_cased,
    title_cased,
)

AS_THEY_ARE = {
    "en": (
        "Salt and Iron", "Turn Up the Radio", "Come On Eileen", "What Are You Waiting For", "Stand by Me",
        "Rock 'n' Roll", "It's a Long Way to the Top", "Don't Stop 'Til You Get Enough",
        "iPhone of the World",
        "Ob-La-Di, Ob-La-Da", "Love: A Story", "What a Day (A Song)", "Ferry / The Long Quay",
        "McCoy and O'Brien",
        "Into the Wild", "NASA and the Moon", "2 Become 1", "22, A Million", "4 in the Morning", "Le Freak",
        "Walk This Way (with Aerosmith)", "Straße to the Sea", "R.O.C.K. in the U.S.A.", "Someone like You",
    ),
    "es": ("La Casa de los Espíritus", "¿Dónde Estás, Corazón?", "Que Viva España", "El Amor y la Mar"),
    "pt": ("Águas de Março", "A Canção do Mar", "O Que Será", "Lanternas e Estrelas"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "title"), [(key, one) for key, all_ in AS_THEY_ARE.items() for one in all_]
)
def test_a_title_that_is_right_is_left_alone(language: str, title: str) -> None:
    assert title_cased(title, language) == title


@pytest.mark.parametrize(
    ("language", "title", "right"),
    [
        ("en", "dancing In The Dark", "Dancing in the Dark"),
        ("en", "to be Or Not to Be", "To Be or Not to Be"),
        ("en", "love: a story", "Love: A Story"),
        ("en", "wait for it (and then)", "Wait for It (And Then)"),
        ("en", "the End – the beginning", "The End – The Beginning"),
        ("en", "what are you waiting for", "What Are You Waiting For"),
        ("en", "salt  And iron", "Salt  and Iron"),
        ("es", "la casa De Los espíritus", "La Casa de los Espíritus"),
        ("pt", "águas De março", "Águas de Março"),
    ],
)
def test_words_get_the_capitals_that_they_have(language: str, title: str, right: str) -> None:
    assert title_cased(title, language) == right
    assert title_cased(right, language) == right


@pytest.mark.parametrize("language", ["fr", "de", "ja", "xx", ""])
def test_other_languages_have_no_title_case_here(language: str) -> None:
    assert title_cased("La Vie En Rose", language) is None


@given(st.sampled_from(["en", "es", "pt"]), st.text())
def test_case_is_all_that_changes_and_twice_is_as_once(language: str, title: str) -> None:
    once = title_cased(title, language)
    assert once is not None
    assert once.casefold() == title.casefold()
    assert title_cased(once, language) == once


@given(st.text(), st.lists(st.text()))
def test_sentence_case_changes_case_alone_and_twice_is_as_once(title: str, names: list[str]) -> None:
    once = sentence_cased(title, names)
    assert once.lower() == title.lower()
    assert sentence_cased(once, names) == once


@pytest.mark.parametrize(
    ("title", "right"),
    [
        ("La Vie En Rose", "La vie en rose"),
        ("La Mer. Le Ciel", "La mer. Le ciel"),
        ("Le Temps De Zoé", "Le temps de Zoé"),
        ("Le Jour Où La NASA", "Le jour où la NASA"),
    ],
)
def test_sentence_case_keeps_names_that_are_known_and_abbreviations(title: str, right: str) -> None:
    assert sentence_cased(title, ["Zoé d’Arc"]) == right


@pytest.mark.parametrize(
    "title", ["La vie en rose", "Notre-Dame de Paris", "Anna Karenina", "Place de la République", "1 2 3"]
)
def test_what_may_be_sentence_case_is_not_called_title_case(title: str) -> None:
    assert not looks_title_cased(title)


def test_german_nouns_keep_their_capitals() -> None:
    assert german_with_small_words("Der Mond Ist Aufgegangen") == "Der Mond ist Aufgegangen"
    assert german_with_small_words("Über den Wolken") == "Über den Wolken"
    assert german_with_small_words("Mein Herz. Dein Herz") == "Mein Herz. Dein Herz"
