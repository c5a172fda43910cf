"""Scripts in which a text is written, and those that a language is written in.

Python's `unicodedata` has no property `Script`; the first word of a letter's name tells it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final

#: Scripts that have capitals. Georgian has them by Unicode's rule but writes no title with them.
CASED: Final = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN"})
#: Scripts whose names of persons have blanks between given name and family.
WITH_BLANKS_IN_NAMES: Final = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW"})
_CJK: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "LATIN"})
#: By language (ISO 639-1). Titles in Latin letters are usual in Japan, Korea and China.
_OF_LANGUAGE: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("ja", "ko", "zh", "yue"), _CJK),
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk", "kk", "ky", "tg", "mn"), frozenset({"CYRILLIC"})),
    "sr": frozenset({"CYRILLIC", "LATIN"}),
    "el": frozenset({"GREEK"}),
    **dict.fromkeys(("he", "yi"), frozenset({"HEBREW"})),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ug"), frozenset({"ARABIC"})),
    **dict.fromkeys(("hi", "mr", "ne", "sa"), frozenset({"DEVANAGARI"})),
    "bn": frozenset({"BENGALI"}),
    "ta": frozenset({"TAMIL"}),
    "te": frozenset({"TELUGU"}),
    "th": frozenset({"THAI"}),
    "lo": frozenset({"LAO"}),
    "km": frozenset({"KHMER"}),
    "my": frozenset({"MYANMAR"}),
    **dict.fromkeys(("am", "ti"), frozenset({"ETHIOPIC"})),
    "ka": frozenset({"GEORGIAN"}),
    "hy": frozenset({"ARMENIAN"}),
    **dict.fromkeys(
        "en de fr es pt it nl sv da no nb nn fi is pl cs sk hu ro hr sl et lv lt tr vi id ms tl sw".split(),
        frozenset({"LATIN"}),
    ),
}
#: By script subtag (ISO 15924).
_OF_SUBTAG: Final[dict[str, frozenset[str]]] = {
    "Latn": frozenset({"LATIN"}), "Cyrl": frozenset({"CYRILLIC"}), "Grek": frozenset({"GREEK"}),
    "Arab": frozenset({"ARABIC"}), "Hebr": frozenset({"HEBREW"}), "Deva": frozenset({"DEVANAGARI"}),
    "Thai": frozenset({"THAI"}), "Ethi": frozenset({"ETHIOPIC"}), "Geor": frozenset({"GEORGIAN"}),
    "Armn": frozenset({"ARMENIAN"}), "Hans": _CJK, "Hant": _CJK, "Jpan": _CJK, "Kore": _CJK, "Hang": _CJK,
}  # fmt: skip


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str | None:
    """Of one character, like `LATIN` or `HANGUL`; `None` for what is no letter."""
    if not letter.isalpha():
        return None
    return unicodedata.name(letter, "UNKNOWN").split(maxsplit=1)[0].split("-")[0]


def scripts_of(text: str) -> Counter[str]:
    """How many letters of each script."""
    if text.isascii():
        letters = sum(map(str.isalpha, text))
        return Counter({"LATIN": letters}) if letters else Counter()
    return Counter(script for letter in text if (script := script_of(letter)))


def language_of(tag: str) -> str:
    """The language of a BCP 47 tag: `pt` of `pt-BR`."""
    return tag.replace("_", "-").split("-", 1)[0].lower()


def scripts_for(tag: str) -> frozenset[str]:
    """Scripts that the language of a BCP 47 tag is written in; empty: not known here."""
    for part in tag.replace("_", "-").split("-")[1:]:
        if (asked := _OF_SUBTAG.get(part.title())) is not None:
            return asked
    return _OF_LANGUAGE.get(language_of(tag), frozenset())
