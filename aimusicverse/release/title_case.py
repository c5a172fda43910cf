"""Titles in title case or sentence case, as the language has it.

Sources: distributors' readings of Apple's guide (SonoSuite, Symphonic); they agree on the words below. Words
that are prepositions in one title and adverbs in another (`Turn Up the Radio`, `Up the Hill`) stay as they
are. So do words with capitals inside, digits, or an apostrophe in front: `iPhone`, `McCoy`, `'Til`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

#: Lower-case within a title.
_SMALL: Final[dict[str, frozenset[str]]] = {
    "en": frozenset("a an and as but for from nor of or the to at by in into onto with".split()),
    "es": frozenset(
        "a al ante con contra de del desde e el en entre hacia hasta la las lo los ni o para pero por sin "
        "sobre tras u un una unos unas y".split()
    ),
    "pt": frozenset(
        "a à ao aos as às com contra da das de do dos e em entre na nas no nos num numa o os ou para pela "
        "pelas pelo pelos por sem sob sobre um uma uns umas".split()
    ),
}
#: Either way is right, as it depends on what they do in the title.
_EITHER: Final[dict[str, frozenset[str]]] = {
    "en": frozenset(
        "off on out over up so yet like than via con "
        "feat. ft. vs. v. x de la le les el los las del di da van von".split()
    ),
    "es": frozenset("que si se me te le nos mi tu su mis tus sus no es como cuando donde ya más muy".split()),
    "pt": frozenset("que se me te lhe meu minha teu tua seu sua não é mas nem como quando já mais".split()),
}
#: Sentence case: the first word, and names.
SENTENCE_CASE: Final = frozenset("fr it sv ru no nb nn da fi nl".split())
#: Words of German that are capitals nowhere but at the beginning; nouns cannot be told.
_GERMAN_SMALL: Final = frozenset(
    "der die das des dem den ein eine einer eines einem einen und oder aber in im an am auf aus bei beim mit "
    "nach von vom vor zu zum zur für über unter durch gegen ohne um als wie wenn ist sind war hat nicht kein "
    "keine ich du er sie es wir ihr mich dich uns mein meine dein deine sein seine".split()
)
_WORD: Final = re.compile(r"\S+")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: After these a part of the title begins; before these one ends.
_OPENING: Final = ("(", "[", "“", '"', "«", "¿", "¡", "‘")
_CLOSING: Final = (")", "]", "”", '"', "»", ":", "?", "!", ".", "…")
_DASHES: Final = frozenset({"-", "–", "—", "/", "|", "+", "&", "~", "·", "•"})


def title_cased(title: str, language: str) -> str | None:
    """The title in title case, or `None` for languages other than en, es, pt."""
    small = _SMALL.get(language)
    if small is None:
        return None
    either = _EITHER[language]
    words = [match[0] for match in _WORD.finditer(title)]
    cased = []
    for place, word in enumerate(words):
        before = words[place - 1] if place else "-"
        after = words[place + 1] if place + 1 < len(words) else "-"
        at_edge = (
            before in _DASHES
            or after in _DASHES
            or before.endswith((":", "?", "!", "…", "-", "–", "—", "/", ")", "]"))
            or word.startswith(_OPENING)
            or word.endswith(_CLOSING)
            or after.startswith(("(", "["))
        )
        # "22, A Million", "4 in the Morning", "Mr. In", "Defeat. The End": nobody can tell.
        is_free = before.endswith(".") or before.rstrip(",;").isdigit() or word.lower() in ("(with", "[with")
        cased.append(word if is_free else _title_word(word, small, either, at_edge=at_edge))
    return _with_blanks_of(title, cased)


def _title_word(word: str, small: frozenset[str], either: frozenset[str], *, at_edge: bool) -> str:
    bare = word.strip('()[]“”"«»¿¡?!,;:…‘’')
    if not bare or word.startswith(("'", "’")) or not _is_plain(bare):
        return word
    lower = bare.lower()
    if lower in either or lower.rstrip(".") in either:
        return word
    if lower in small:
        return _capital(word) if at_edge else word.replace(bare, lower, 1)
    return _capital(word)


def sentence_cased(title: str, names: Collection[str] = ()) -> str:
    """The title in sentence case: small letters but for its first word, names, and words of capitals."""
    kept = {part for name in names for part in name.split()}
    words = [match[0] for match in _WORD.finditer(title)]
    cased = []
    for place, word in enumerate(words):
        starts = place == 0 or words[place - 1].endswith((".", "?", "!", "…", ":")) or word[0] in "([/"
        if starts or word.strip("()[],.") in kept or not _is_plain(word.strip('()[]“”"«»?!,;:…')):
            cased.append(word)
        else:
            cased.append(word.lower())
    return _with_blanks_of(title, cased)


def looks_title_cased(title: str) -> bool:
    """Whether every word begins with a capital, though there are three and more of them.

    Names alone can do that, too (`Jean Claude Van Damme`): it is a question, not a fault.
    """
    words = [word for word in _LETTERS.findall(title) if len(word) > 1 or word.isupper()]
    return (
        len(words) >= 3 and all(word[0].isupper() for word in words) and any(_is_plain(w) for w in words[1:])
    )


def german_with_small_words(title: str) -> str:
    """A German title with its small words in small letters; nouns stay as they are."""
    words = [match[0] for match in _WORD.finditer(title)]
    cased = [
        word.lower()
        if place
        and not words[place - 1].endswith((".", "?", "!", "…", ":", "-", "–"))
        and word.strip(",;)!?.").lower() in _GERMAN_SMALL
        and _is_plain(word.strip(",;)!?."))
        else word
        for place, word in enumerate(words)
    ]
    return _with_blanks_of(title, cased)


def _is_plain(word: str) -> bool:
    """Small letters, at most after one capital, and nothing but letters, apostrophes and hyphens."""
    rest = word[1:]
    return rest == rest.lower() and all(sign.isalpha() or sign in "'’-." for sign in word)


def _capital(word: str) -> str:
    """With a capital as its first letter, and nothing else changed (`ß` has none, and stays)."""
    for place, sign in enumerate(word):
        if sign.isalpha():
            upper = sign.title()
            return word if len(upper) != 1 else word[:place] + upper + word[place + 1 :]
    return word


def _with_blanks_of(title: str, words: list[str]) -> str:
    """The words with the blanks that were between them."""
    given = iter(words)
    return _WORD.sub(lambda _: next(given), title)
