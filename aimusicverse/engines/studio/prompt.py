"""What a prompt says: genre, mood, tempo, key, instruments, in plain words found in plain text.

Every text is acceptable: what is not understood is left alone. Standard library only, because the server
reads prompts in its own process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aimusicverse.engines.studio.genres import GENRE_WORDS
from aimusicverse.engines.studio.instruments import INSTRUMENT_WORDS
from aimusicverse.engines.studio.moods import MOOD_WORDS

_TEMPO_WORDS = {
    "very slow": -1.0, "slow": -0.7, "slowly": -0.7, "downtempo": -0.6, "laid back": -0.4, "lazy": -0.4,
    "largo": -1.0, "adagio": -0.8, "andante": -0.4, "moderate": 0.0, "mid tempo": 0.0, "allegro": 0.6,
    "quick": 0.6, "fast": 0.8, "uptempo": 0.7, "up tempo": 0.7, "very fast": 1.0, "presto": 1.0,
        "vivace": 0.8,
}  # fmt: skip

_BPM = re.compile(r"(?<![\d.])(\d{2,3}(?:\.\d{1,2})?)\s*(?:-\s*)?(?:bpm|beats per minute)", re.IGNORECASE)
_TEMPO_OF = re.compile(r"\btempo(?: of)?[:\s]+(\d{2,3}(?:\.\d{1,2})?)\b", re.IGNORECASE)
_WALTZ = re.compile(r"(?<!\d)3/4(?!\d)|\bwaltz\b|\bin three\b", re.IGNORECASE)
_KEY = re.compile(
    r"(?<![\w#])(?P<lead>(?:in|key of|key)[:\s]+)?(?P<note>[a-g])"
    r"(?P<sign>#|♯|♭|b(?=\s)|[\s-]sharp|[\s-]flat)?[\s-](?P<mode>major|minor|maj|min)(?!\w)(?P<vague>\s+(?:key|chords?|mood|feel))?",
    re.IGNORECASE,
)
_SHORT_KEY = re.compile(r"(?<![\w#'])([A-G])(#|♯|♭|b)?m(?![\w'])")
_TONIC = re.compile(r"\b(?:in the key of|key of|in)\s+([A-G])(#|♯|♭|b)?(?![\w#♯♭'])")
_MODE = re.compile(r"\b(major|minor)\b", re.IGNORECASE)
_ONLY = r" (?:solo|only|just|unaccompanied) (?:an? |the )?{0} | {0} (?:solo|only|alone) "
_NOT = re.compile(r" (?:no|without|minus|not any|drop the|remove) (?:any |the |more )?")


@dataclass
class Understanding:
    """What was found. `sources` says where, by field, for example {"tempo_bpm": "prompt: 80 bpm"}."""

    genre: str | None = None
    mood: str | None = None
    tempo_bpm: float | None = None
    tempo_shift: float | None = None
    key: str | None = None
    mode: str | None = None
    waltz: bool = False
    instruments: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    only_named: bool = False
    sources: dict[str, str] = field(default_factory=dict)


def understand(texts: Iterable[tuple[str, str]], negative: Iterable[str] = ()) -> Understanding:
    """Read `(source, text)` pairs, the most important first; words of an earlier one win.

    `negative` are words for what must not be there.
    """
    found = Understanding()
    refused = set()
    for text in negative:
        words = plain(text)
        refused |= {name for _, name in _find(words, GENRE_WORDS)} | {
            name for _, name in _find(words, MOOD_WORDS)
        }
        _exclude(found, (name for _, name in _find(words, INSTRUMENT_WORDS)), "negative_tags")
    for source, text in texts:
        _numbers(found, source, text)
        _words(found, source, plain(text), refused)
    found.instruments = [name for name in found.instruments if name not in found.without]
    return found


def plain(text: str) -> str:
    """Lower case, punctuation as spaces, one space around every word, so that phrases can be searched."""
    spaced = re.sub(r"[^\w#]+", " ", text.casefold().replace("&", " and ").replace("'", ""))
    return f" {' '.join(spaced.replace('_', ' ').split())} "


def _numbers(found: Understanding, source: str, text: str) -> None:
    tempo = _BPM.search(text) or _TEMPO_OF.search(text)
    if tempo and found.tempo_bpm is None and 40 <= float(tempo[1]) <= 240:
        found.tempo_bpm = float(tempo[1])
        found.sources["tempo_bpm"] = f"{source}: {tempo[1]} bpm"
    if _WALTZ.search(text) and not found.waltz:
        found.waltz = True
        found.sources["time_signature"] = f"{source}: 3/4"
    if found.key is None and (key := _key(text)):
        found.key = key
        found.sources["key"] = f"{source}: {key}"
    if found.mode is None and (mode := _MODE.search(text)):
        found.mode = mode[1].lower()


def _key(text: str) -> str | None:
    for match in _KEY.finditer(text):
        # "in a minor key" names a mode, and "a major hit" names nothing.
        article = match["note"] == "a" and not match["sign"] and (match["vague"] or not match["lead"])
        if not article:
            return _named(match["note"], match["sign"], match["mode"])
    if short := _SHORT_KEY.search(text):
        return _named(short[1], short[2], "minor")
    if tonic := _TONIC.search(text):
        mode = _MODE.search(text)
        return _named(tonic[1], tonic[2], mode[1] if mode else "major")
    return None


def _named(note: str, sign: str | None, mode: str) -> str:
    mark = {"#": "#", "♯": "#", "sharp": "#", "b": "b", "♭": "b", "flat": "b"}
    accidental = mark[sign.strip(" -\t\n").lower()] if sign else ""
    return f"{note.upper()}{accidental} {'minor' if mode.lower().startswith('min') else 'major'}"


def _words(found: Understanding, source: str, words: str, refused: set[str]) -> None:
    negated, words = _negated(words)
    _exclude(found, negated, source)
    genres = _find(words, GENRE_WORDS)
    for phrase, name in genres:
        if found.genre is None and name not in refused:
            found.genre = name
            found.sources["genre"] = f"{source}: {phrase}"
    for phrase, name in _find(words, MOOD_WORDS):
        if found.mood is None and name not in refused:
            found.mood = name
            found.sources["mood"] = f"{source}: {phrase}"
    shifts = _find(words, {word: word for word in _TEMPO_WORDS})
    if shifts and found.tempo_shift is None:
        found.tempo_shift = _TEMPO_WORDS[shifts[0][1]]
        if found.tempo_bpm is None:
            found.sources["tempo_bpm"] = f"{source}: {shifts[0][0]}"
    for phrase, _ in genres:  # "drum and bass" asks for neither drums nor bass, but "solo piano" for a piano
        if not {"piano", "guitar", "string"} & set(phrase.split()):
            words = words.replace(f" {phrase} ", "  ")
    instruments = _find(words, INSTRUMENT_WORDS)
    named = [name for _, name in instruments]
    if named:
        found.instruments += [name for name in dict.fromkeys(named) if name not in found.instruments]
        if any(re.search(_ONLY.format(re.escape(phrase)), words) for phrase, _ in instruments):
            found.only_named = True
        _add_source(found, source + ": " + ", ".join(dict.fromkeys(named)))


def _find(words: str, table: Mapping[str, str]) -> list[tuple[str, str]]:
    """Phrases of the table that stand in the text, as (phrase, meaning); longer ones first taken, in text
    order."""
    hits: list[tuple[int, str, str]] = []
    for phrase in sorted(table, key=lambda entry: (-len(entry), entry)):
        key = plain(phrase)
        at = words.find(key)
        while at >= 0:
            hits.append((at, key.strip(), table[phrase]))
            words = words[:at] + " " + "\x00" * (len(key) - 2) + " " + words[at + len(key) :]
            at = words.find(key)
    return [(phrase, meaning) for _, phrase, meaning in sorted(hits)]


def _negated(words: str) -> tuple[list[str], str]:
    """Instruments after "no", "without"…, and the text with those words taken out."""
    names: list[str] = []
    while match := _NOT.search(words):
        rest, more = " " + words[match.end() :], True
        while more:
            more = False
            for phrase in sorted(INSTRUMENT_WORDS, key=len, reverse=True):
                if rest.startswith(plain(phrase)):
                    names.append(INSTRUMENT_WORDS[phrase])
                    rest = rest[len(plain(phrase)) - 1 :]
                    link = re.match(r" (?:or|and|nor) ", rest)
                    if link:
                        rest, more = " " + rest[link.end() :], True
                    break
        words = words[: match.start()] + " " + rest
    return names, words


def _exclude(found: Understanding, names: Iterable[str], source: str) -> None:
    for name in names:
        if name not in found.without:
            found.without.append(name)
            _add_source(found, f"{source}: no {name}")


def _add_source(found: Understanding, text: str) -> None:
    before = found.sources.get("instruments")
    found.sources["instruments"] = f"{before}; {text}" if before else text
