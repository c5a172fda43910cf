"""Names of artists and writers: which are none, and what the custom of names is in a script or language."""

from __future__ import annotations

import re
from typing import Final, Literal

from aimusicverse.release.display import name_key
from aimusicverse.release.scripts import WITH_BLANKS_IN_NAMES, language_of, scripts_of

_GENERIC: Final = frozenset({"unknown artist", "artist", "various", "chorus", "singer"})
_GENERIC_TOO: Final = frozenset(
    {
        "unknown", "artists", "various artist", "v.a.", "musician", "band", "vocalist", "producer", "n/a",
        "none", "tba", "test", "my artist", "no artist", "pop", "jazz", "rock", "hip hop", "hip-hop",
        "techno", "house", "ambient", "classical", "lofi", "lo-fi", "relaxing", "chill", "sad", "happy",
    }
)  # fmt: skip
#: Names made of these alone are made to be found, not to be a name.
_SOUGHT: Final = frozenset(
    """
    ambient baby background bar beat beats binaural cafe calm chill chillout classical coffee deep
    dinner dog edm focus for fitness frequencies hip hop hip-hop hits instrumental jazz kids lo-fi lofi
    lounge lullabies lullaby massage meditation mix morning music nature noise ocean party peaceful
    piano playlist pop radio rain rainy rap relax relaxation relaxing sad sleep sleeping songs soothing
    sounds spa study studying to top trap vibes waves white workout yoga zen hz 432hz 528hz tracks type
    """.split()
)
_TELLING: Final = frozenset(
    "beats focus frequencies hits lo-fi lofi lullabies meditation music playlist relaxation relaxing sleep "
    "sleeping soothing sounds study studying vibes workout".split()
)
_NOBODY: Final = re.compile(
    r"p\.?\s?d\.?|r\.\s?r\.?|d\.\s?p\.?|public domain|unknown|anonymous|n/?a|none|various|self|me|myself|"
    r"artist|composer|writer",
    re.IGNORECASE,
)
_TRADITIONAL: Final = frozenset({"traditional", "trad.", "trad"})
_GROUP: Final = re.compile(
    r"the\s.*|(?:dj|mc|lil|lil'|yung)\s.*|.*\s(?:band|orchestra|ensemble|quartet|choir|records|music|"
    r"productions|publishing|entertainment|llc|inc\.?|ltd\.?|gmbh)",
    re.IGNORECASE,
)
#: Where people commonly have one name alone, in letters that are Latin too (ISO 639-1).
_MONONYM_LANGUAGES: Final = frozenset("id ms jv su my ta ml te kn si dz bo ps fa mn is".split())


def generic_artist(name: str) -> Literal["surely", "likely"] | None:
    """Whether it is no artist's own name: `Unknown Artist` surely, `Lofi Sleep Beats` likely."""
    key = name_key(name)
    if key in _GENERIC:
        return "surely"
    words = key.split()
    # Radio Radio and White Noise are bands; three such words, or a telling one, are none.
    is_sought = (
        len(words) > 1 and _SOUGHT.issuperset(words) and (len(words) > 2 or not _TELLING.isdisjoint(words))
    )
    return "likely" if key in _GENERIC_TOO or is_sought else None


def is_nobody(name: str) -> bool:
    """Whether it stands for a name that is not known or not given: `P.D.`, `Unknown`."""
    return _NOBODY.fullmatch(name) is not None


def is_traditional(name: str) -> bool:
    """Whether it says that nobody knows who wrote it."""
    return name_key(name) in _TRADITIONAL


def looks_like_group(name: str) -> bool:
    """Whether it is a group, a company or a stage name, by its words."""
    return _GROUP.fullmatch(name) is not None


def should_have_two_words(name: str, metadata_language: str) -> bool:
    """Whether legal names like this one have a first and a last name with a blank between.

    Not where names have no blanks (Japanese, Korean, Chinese, Thai, …) or people commonly have one name.
    """
    if language_of(metadata_language) in _MONONYM_LANGUAGES:
        return False
    scripts = scripts_of(name)
    return bool(scripts) and scripts.keys() <= WITH_BLANKS_IN_NAMES
