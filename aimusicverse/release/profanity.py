"""Words that make lyrics explicit in any store: a short list of our own, for each language.

Only words that mean nothing else, in small letters; without accents too, where that is no other word.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

PROFANITY: Final[dict[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "fuck fucks fucked fucker fuckers fuckin fucking motherfucker motherfuckers motherfuckin "
        "motherfucking shit shits shitty bullshit bitch bitches asshole assholes cunt cunts nigga niggas",
        "de": "fick ficken ficke fickt gefickt arschloch arschlöcher hurensohn hurensöhne wichser fotze "
        "fotzen scheiße scheisse schlampe schlampen",
        "fr": "putain putains merde merdes connard connards connasse connasses enculé enculés encule salope "
        "salopes niquer foutre bâtard",
        "es": "mierda mierdas joder jodido cabrón cabron cabrones coño puta putas puto putos pendejo "
        "pendejos chingar chingada hijueputa gilipollas verga",
        "pt": "merda merdas caralho caralhos porra foda foder fodido puta putas buceta cuzão",
        "it": "cazzo cazzi merda merde stronzo stronza stronzi vaffanculo puttana puttane coglione coglioni",
    }.items()
}
_WORD: Final = re.compile(r"[^\W_]+(?:[*'’]+[^\W_]+)*\**")
_LEAST_LETTERS: Final = 3


def profanity_in(lyrics: str, language: str) -> str | None:
    """The first word that is one, as written; `None`: there is none.

    Args:
        lyrics: as sung.
        language: of the vocals, BCP 47. English words count in all languages, as they are sung in all.
    """
    text = unicodedata.normalize("NFC", lyrics)
    words = _words(language.casefold().replace("_", "-").split("-")[0])
    if words.isdisjoint(_WORD.findall(text.casefold())) and "*" not in text:
        return None
    for found in _WORD.finditer(text):
        word = found[0].casefold()
        if word in words or ("*" in word and _masked(word, words)):
            return found[0]
    return None


@functools.lru_cache(maxsize=64)
def _words(language: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in PROFANITY["en"] | PROFANITY.get(language, frozenset()))


def _masked(word: str, words: frozenset[str]) -> bool:
    """Whether stars stand for letters of one of these: `f**k`."""
    return any(
        len(one) == len(word) and all(a in (b, "*") for a, b in zip(word, one, strict=True))
        for one in words
        if len(word) > _LEAST_LETTERS
    )
