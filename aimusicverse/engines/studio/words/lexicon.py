"""All tables as one: from a phrase to everything that it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.instruments import INSTRUMENT_WORDS, SUBSTITUTES
from aimusicverse.engines.studio.moods import MOOD_WORDS
from aimusicverse.engines.studio.words import filler, genres, music
from aimusicverse.engines.studio.words.languages import LANGUAGES

NAME, ADJECTIVE, HINT = 3, 2, 1
#: Genre phrases with one of these in them ask for the instrument too; "drum and bass" asks for neither.
_PLAYED = frozenset({"piano", "guitar", "guitars", "string", "strings", "orchestra", "bells"})


class Meaning(NamedTuple):
    """One meaning of a phrase: `kind` is "genre", "mood", "instrument"…; `strength` is a genre's."""

    kind: str
    name: str
    strength: int = 0


def normal(text: str) -> str:
    """Lower case without accents; everything but letters, digits and # as single spaces."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("&", " and ").replace("ß", "ss"))
    bare = "".join(char for char in bare if not unicodedata.combining(char) and char not in "'’`´")
    return " ".join(re.sub(r"[^\w#]+|_+", " ", bare).split())


@cache
def lexicon() -> Mapping[str, tuple[Meaning, ...]]:
    """Every phrase, as `normal` writes it, with its meanings. Made once, on the first prompt."""
    found: dict[str, list[Meaning]] = {}

    def add(phrase: str, meaning: Meaning) -> None:
        meanings = found.setdefault(normal(phrase), [])
        if meaning not in meanings:
            meanings.append(meaning)

    for phrase, genre, strength in _genre_phrases():
        add(phrase, Meaning("genre", genre, strength))
    tables: dict[str, Mapping[str, str]] = {
        "mood": MOOD_WORDS,
        "instrument": INSTRUMENT_WORDS,
        "substitute": SUBSTITUTES,
        "metre": music.METRE_WORDS,
        "era": music.ERAS,
        "sound": music.SOUND_WORDS,
    }
    for kind, table in tables.items():
        for word, name in table.items():
            add(word, Meaning(kind, name))
    for word in music.TEMPO_WORDS:
        add(word, Meaning("tempo", normal(word)))
    for word in ("major", "minor"):
        add(word, Meaning("mode", word))
    for word in ("drumless", "drum less", "beatless", "beat less"):
        add(word, Meaning("without", "drums"))
    for word in filler.ALONE:
        add(word, Meaning("alone", word))
    for word in filler.NEGATORS:
        add(word, Meaning("no", word))
    for word in filler.RESTRICTING:
        add(word, Meaning("only", word))
    for phrase in [
        phrase for phrase, meanings in found.items() if " " in phrase and meanings[0].kind == "genre"
    ]:
        _parts(phrase, found)
    known = {normal(foreign) for language in LANGUAGES for foreign, _ in language.pairs()}
    foreign = {word for language in LANGUAGES for word in normal(language.filler).split()} - known
    for word in filler.FILLER | foreign:
        found.setdefault(word, [Meaning("filler", word)])
    return {phrase: tuple(meanings) for phrase, meanings in found.items()}


@cache
def aliases() -> Mapping[str, str]:
    """Phrases of further languages, and the English ones that mean the same."""
    table = lexicon()
    pairs = [(normal(foreign), normal(english)) for one in LANGUAGES for foreign, english in one.pairs()]
    return {foreign: english for foreign, english in pairs if foreign not in table and english in table}


def _genre_phrases() -> Iterable[tuple[str, str, int]]:
    """Each word for a genre once: its name first, then the tables, then what the genre itself says."""
    seen: set[str] = set()
    named = [(genre, (genre,), NAME) for genre in GENRES]
    tables = [
        (genre, tuple(word.strip() for word in words.split(",")), strength)
        for table, strength in ((genres.NAMES, NAME), (genres.ADJECTIVES, ADJECTIVE), (genres.HINTS, HINT))
        for genre, words in table.items()
        if genre in GENRES
    ]
    own = [(genre.name, genre.words, NAME) for genre in GENRES.values()]
    for genre_name, words, strength in (*named, *tables, *own):
        for word in words:
            if normal(word) not in seen:
                seen.add(normal(word))
                yield word, genre_name, strength


def _parts(phrase: str, found: dict[str, list[Meaning]]) -> None:
    """What the words inside a genre's phrase say besides: "dark ambient" is dark, "solo piano" is a piano."""
    words = phrase.split()
    kinds = {"mood", "tempo", "era", "only"} | ({"instrument"} if _PLAYED & set(words) else set())
    if any(meaning.kind in ("instrument", "substitute") for meaning in found[phrase]):
        kinds.discard("instrument")
    spans = [" ".join(words[at : at + size]) for size in (2, 1) for at in range(len(words) + 1 - size)]
    for span in spans:
        if span == phrase:
            continue
        inner = [meaning for meaning in found.get(span, ()) if meaning.kind in kinds]
        if "instrument" in {meaning.kind for meaning in inner}:
            kinds.discard("instrument")
        found[phrase] += [meaning for meaning in inner if meaning not in found[phrase]]
