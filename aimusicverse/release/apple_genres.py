"""Apple's primary genres, as its music feed names them: 49 codes, and numbers of its shop that are no codes.

From a public copy (MIT) labelled specification 5.3.9, which may be stale: an unknown code is asked about,
never refused.
"""

from __future__ import annotations

import re
from typing import Final

_TOP: Final = """
ALTERNATIVE BLUES CLASSICAL COUNTRY DANCE ELECTRONIC HIP-HOP-RAP JAZZ LATIN POP R-B-SOUL REGGAE ROCK
SINGER-SONGWRITER SOUNDTRACK WORLD AFRICA ANIME BRAZILIAN CHILDREN-MUSIC CHINESE CHRISTIAN-GOSPEL COMEDY CUBAN
EASY-LISTENING ENKA FITNESS-WORKOUT FOLK FRENCH-POP GERMAN-FOLK GERMAN-POP HOLIDAY INDIAN INSPIRATIONAL
INSTRUMENTAL J-POP JEWISH-MUSIC KARAOKE KAYOKYOKU KOREAN MARCHING-BANDS MIDDLE-EAST NEW-AGE RUSSIAN
SPOKEN-WORD TARAB TURKISH VOCAL DISNEY
"""
#: Top level, each with `-00`.
APPLE_GENRES: Final[frozenset[str]] = frozenset(f"{name}-00" for name in _TOP.split())
#: The same as they can be written in words.
APPLE_NAMES: Final = tuple(sorted(name.title() for name in _TOP.split()))
#: Numbers of genres in Apple's shop (distributors' lists): for display and search alone. K-Pop, 51, is
#: none of the 49 and so has no code here.
STOREFRONT_GENRES: Final[dict[str, str]] = {
    "2": "BLUES-00", "5": "CLASSICAL-00", "6": "COUNTRY-00", "7": "ELECTRONIC-00",
    "10": "SINGER-SONGWRITER-00", "11": "JAZZ-00", "12": "LATIN-00", "13": "NEW-AGE-00", "14": "POP-00",
    "15": "R-B-SOUL-00", "16": "SOUNDTRACK-00", "17": "DANCE-00", "18": "HIP-HOP-RAP-00", "19": "WORLD-00",
    "20": "ALTERNATIVE-00", "21": "ROCK-00", "24": "REGGAE-00",
}  # fmt: skip
GENRE_FORM: Final = re.compile(r"[A-Z][A-Z-]*-\d\d", re.ASCII)
_MEANT: Final = {
    "hip-hop": "HIP-HOP-RAP", "rap": "HIP-HOP-RAP", "hip hop": "HIP-HOP-RAP", "r&b": "R-B-SOUL",
    "soul": "R-B-SOUL", "children's music": "CHILDREN-MUSIC",
    "christian": "CHRISTIAN-GOSPEL", "gospel": "CHRISTIAN-GOSPEL",
    "electronica": "ELECTRONIC", "edm": "DANCE", "singer songwriter": "SINGER-SONGWRITER",
}  # fmt: skip


def apple_genre_of(text: str) -> str | None:
    """The code that a genre in words stands for: `Hip-Hop/Rap` → `HIP-HOP-RAP-00`; `None`: none."""
    plain = " ".join(text.casefold().split())
    if plain in STOREFRONT_GENRES:
        return STOREFRONT_GENRES[plain]
    name = _MEANT.get(plain) or re.sub(r"[^a-z0-9]+", "-", plain).strip("-").upper().removesuffix("-00")
    code = f"{name}-00"
    return code if code in APPLE_GENRES else None
