"""Names that would be taken for somebody everybody knows: a short list of our own, to ask about."""

from __future__ import annotations

import unicodedata
from typing import Final

_NAMES: Final = """
ABBA|AC/DC|Adele|Aerosmith|Ariana Grande|Arctic Monkeys|Bad Bunny|Beyoncé|Billie Eilish|Björk|Bob Dylan|
Bob Marley|Britney Spears|Bruno Mars|Bruce Springsteen|BTS|BLACKPINK|Calvin Harris|Cardi B|Céline Dion|
Charli XCX|Coldplay|Daft Punk|David Bowie|David Guetta|Depeche Mode|Doja Cat|Drake|Dua Lipa|Ed Sheeran|
Elton John|Elvis Presley|Eminem|Fleetwood Mac|Frank Ocean|Frank Sinatra|Gorillaz|Green Day|Guns N' Roses|
Harry Styles|Imagine Dragons|Iron Maiden|Jay-Z|Johnny Cash|Jimi Hendrix|Justin Bieber|Justin Timberlake|
Kanye West|Karol G|Katy Perry|Kendrick Lamar|Lady Gaga|Lana Del Rey|Led Zeppelin|Linkin Park|Lil Nas X|
Madonna|Mariah Carey|Metallica|Michael Jackson|Miley Cyrus|Nicki Minaj|Nirvana|Olivia Rodrigo|Oasis|
Pearl Jam|Peso Pluma|Pink Floyd|Post Malone|Prince|Queen|Radiohead|Rammstein|Red Hot Chili Peppers|
Rihanna|Rosalía|Sabrina Carpenter|Sam Smith|Selena Gomez|Shakira|Sia|Snoop Dogg|Stevie Wonder|
Taylor Swift|The Beatles|The Rolling Stones|The Weeknd|Travis Scott|Tupac Shakur|2Pac|U2|Whitney Houston|
"""


def _plain(name: str) -> str:
    """Letters and digits alone, small, without accents."""
    apart = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in apart if letter.isalnum())


WELL_KNOWN: Final[dict[str, str]] = {
    _plain(name): name for name in (part.strip() for part in _NAMES.replace("\n", "").split("|")) if name
}
#: Shorter names are near to too many others.
_LONG_ENOUGH: Final = 8


def well_known_like(name: str) -> str | None:
    """Whom a name is, or, of eight letters and more, is one letter away from; `None`: nobody listed."""
    plain = _plain(name)
    if not plain:
        return None
    if plain in WELL_KNOWN:
        return WELL_KNOWN[plain]
    if len(plain) < _LONG_ENOUGH - 1 or len(plain) > 40:
        return None
    for known, shown in WELL_KNOWN.items():
        if len(known) >= _LONG_ENOUGH and _one_letter_apart(plain, known):
            return shown
    return None


def _one_letter_apart(one: str, other: str) -> bool:
    """One letter more, less or other, or two neighbours exchanged."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return True
    return (
        short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
    )
