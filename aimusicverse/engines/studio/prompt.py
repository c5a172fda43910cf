"""What a prompt says: genre, mood, tempo, key, metre, form, instruments, in plain words found in plain text.

Every text is acceptable: what is not understood is left alone, and listed. Standard library only, because the
server reads prompts in its own process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from aimusicverse.engines.studio import figures
from aimusicverse.engines.studio.instruments import FAMILIES
from aimusicverse.engines.studio.words.filler import ARTICLES, LINKS
from aimusicverse.engines.studio.words.letters import seen
from aimusicverse.engines.studio.words.lexicon import ADJECTIVE, NAME, Meaning, aliases, lexicon, normal
from aimusicverse.engines.studio.words.music import TEMPO_WORDS
from aimusicverse.engines.studio.words.typos import meant

_LONGEST = 5  # words in a phrase of the tables
_MOST_LISTED = 20
_TEMPOS: Mapping[str, float] = {normal(word): shift for word, shift in TEMPO_WORDS.items()}
#: After "major" or "minor": a key is meant, and not a major success.
_OF_A_KEY = {"key", "scale", "mode", "tonality", "chords", "mood", "feel"}
_TARGETS = {"genre", "instrument", "substitute"}


@dataclass
class Understanding:
    """What was found. `sources` says where, by field, for example {"tempo_bpm": "prompt: 80 bpm"}.

    `loose` are instruments named by their family ("guitar"), `without_roles` what must play no part whoever
    plays it. `warnings` are pairs of a code and a sentence.
    """

    genre: str | None = None
    mood: str | None = None
    tempo_bpm: float | None = None
    tempo_shift: float | None = None
    key: str | None = None
    mode: str | None = None
    mode_is_sure: bool = False
    time_signature: str | None = None
    sections: list[tuple[str, int]] = field(default_factory=list)
    instruments: list[str] = field(default_factory=list)
    loose: set[str] = field(default_factory=set)
    without: list[str] = field(default_factory=list)
    without_roles: set[str] = field(default_factory=set)
    without_genres: set[str] = field(default_factory=set)
    only_named: bool = False
    sounds: list[str] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    not_understood: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Item:
    """A phrase of the text, what it means, and as it was typed; `refused` when "no" stands before it."""

    phrase: str
    typed: str
    meanings: tuple[Meaning, ...]
    refused: bool = False

    def has(self, *kinds: str) -> bool:
        return any(meaning.kind in kinds for meaning in self.meanings)

    def names(self, kind: str) -> Iterator[str]:
        return (meaning.name for meaning in self.meanings if meaning.kind == kind)

    @property
    def shown(self) -> str:
        typed = self.typed.lower()
        return typed if normal(typed) == self.phrase else f"{self.phrase} ({typed})"


def understand(
    texts: Iterable[tuple[str, str]], negative: Iterable[str] = (), playable: Iterable[str] = ("4/4", "3/4")
) -> Understanding:
    """Read `(source, text)` pairs, the most important first; words of an earlier one win.

    `negative` are words for what must not be there, `playable` the metres that can be played.
    """
    found = Understanding()
    moods: set[str] = set()
    for text in negative:
        for chunk in _chunks(seen(text)):
            for item in _items(chunk):
                item.refused = True
                _refuse(found, item, "negative_tags", moods)
    read = []
    for source, text in texts:
        rest = _figures(found, source, seen(text), set(playable))
        read.append((source, [_weighed(_items(chunk)) for chunk in _chunks(rest)]))
    for source, chunks in read:
        for item in (item for chunk in chunks for item in chunk if item.refused):
            _refuse(found, item, source, moods)
    _genre(found, read)
    for source, chunks in read:
        _words(found, source, chunks, moods)
    for name in found.instruments:
        if name in found.without:
            _warn(found, "contradiction", f"{name} is asked for and refused: it does not play.")
    found.instruments = [name for name in found.instruments if name not in found.without]
    found.not_understood = list(dict.fromkeys(found.not_understood))[:_MOST_LISTED]
    return found


# -- figures ----------------------------------------------------------------------------------------


def _figures(found: Understanding, source: str, text: str, playable: set[str]) -> str:
    """Take what is said in figures; the text with those stretches taken out."""
    taken: list[figures.Found] = []
    for name, bars, place in figures.sections(text):
        taken.append(place)
        if "sections" not in found.sources or found.sources["sections"].startswith(f"{source}: "):
            found.sections.append((name, bars))
            _append_source(found, "sections", source, f"{name} {bars} bars")
    for tempo in figures.tempos(text):
        taken.append(tempo)
        said = f"{tempo.value} bpm"
        if not figures.SLOWEST <= float(tempo.value) <= figures.FASTEST:
            found.not_understood.append(said)
            _warn(found, "tempo_out_of_range", f"{said} cannot be played: 40 to 240 can.")
        elif _first(found, "tempo_bpm", source, said, found.tempo_bpm is None, tempo.value):
            found.tempo_bpm = float(tempo.value)
    for metre in figures.metres(text):
        said = text[metre.start : metre.end]
        taken.append(metre)
        if metre.value not in playable:
            found.not_understood.append(said)
            _warn(found, "time_signature_unsupported", f"{said} cannot be played.")
        else:
            _metre(found, source, metre.value, said if not metre.exact else metre.value)
            if not metre.exact:
                _warn(found, "time_signature_nearest", f"{said} is played as {metre.value}.")
    for key in figures.keys(text):
        taken.append(key)
        said = " ".join(text[key.start : key.end].split())
        if _first(
            found,
            "key",
            source,
            key.value if key.exact else f"{said}, as {key.value}",
            found.key is None,
            key.value,
        ):
            found.key = key.value
            if not key.exact:
                _warn(
                    found,
                    "key_nearest",
                    f"{said} is played as {key.value}: the studio knows major and minor.",
                )
    letters = list(text)
    for place in taken:
        letters[place.start : place.end] = "," * (place.end - place.start)
    return "".join(letters)


def _metre(found: Understanding, source: str, metre: str, said: str) -> None:
    if _first(found, "time_signature", source, said, found.time_signature is None, metre):
        found.time_signature = metre


def _first(found: Understanding, name: str, source: str, said: str, free: bool, value: str) -> bool:
    """Whether this is the first that is said of a field; a later one that differs becomes a warning."""
    if free:
        found.sources[name] = f"{source}: {said}"
        return True
    if found.sources[name].startswith(f"{source}: "):
        now = {"tempo_bpm": f"{found.tempo_bpm:g}" if found.tempo_bpm else "", "key": found.key,
               "time_signature": found.time_signature}[name]  # fmt: skip
        if now != value:
            before = found.sources[name].partition(": ")[2]
            _warn(found, "contradiction", f"The {source} says {before}, then {said}: {before} was taken.")
    return False


# -- words ------------------------------------------------------------------------------------------


def _chunks(text: str) -> Iterator[list[tuple[str, str]]]:
    """Between marks that end a thought: words as `normal` writes them, each with how it was typed."""
    for part in re.split(r"[^\w\s#'’`´&_-]+|\n", text):
        words = [
            (word, typed if index == 0 else "")
            for typed in re.findall(r"[^\s_-]+", part)
            for index, word in enumerate(normal(typed).split())
        ]
        if words:
            yield words


def _items(words: list[tuple[str, str]]) -> list[_Item]:
    """The longest phrases of the tables from left to right; what is in none of them means nothing."""
    items, at, table, foreign = [], 0, lexicon(), aliases()
    while at < len(words):
        phrase, size = _phrase([word for word, _ in words[at : at + _LONGEST]], table, foreign)
        phrase = foreign.get(phrase, phrase)
        typed = " ".join(typed for _, typed in words[at : at + size] if typed)
        items.append(_Item(phrase, typed or phrase, table.get(phrase, ())))
        at += size
    return items


def _phrase(
    words: list[str], table: Mapping[str, tuple[Meaning, ...]], foreign: Mapping[str, str]
) -> tuple[str, int]:
    for size in range(len(words), 0, -1):
        phrase = " ".join(words[:size])
        if phrase in table or phrase in foreign:
            return phrase, size
    if words[0].endswith("s") and words[0][:-1] in table:
        return words[0][:-1], 1
    for size in range(min(3, len(words)), 0, -1):
        near = meant(" ".join(words[:size]))
        if near is not None:
            return near, size
    return words[0], 1


def _weighed(items: list[_Item]) -> list[_Item]:
    """Mark what "no", "without"… refuse: the next thing that has a name, and those joined to it."""
    for at, item in enumerate(items):
        if not item.has("no"):
            continue
        colours: list[_Item] = []
        here, mild = at + 1, False
        while here < len(items):
            now = items[here]
            if now.phrase in ARTICLES:
                mild = mild or now.phrase in ("too", "very", "so", "much")
                here += 1
            elif mild and now.has("mood", "tempo", "sound"):  # "not too fast" says nothing of what follows
                now.refused = True
                break
            elif now.has(*_TARGETS) or now.phrase in (
                "melody",
                "melodies",
                "vocals",
                "vocal",
                "singing",
                "voice",
            ):
                _refuse_joined(items, here)
                for colour in colours:  # "no heavy drums" says nothing of what is heavy
                    colour.meanings = (Meaning("filler", colour.phrase),)
                break
            elif len(colours) < 2 and (
                not now.meanings or now.has("mood", "tempo", "sound", "era", "metre", "mode")
            ):
                colours.append(now)
                here += 1
            else:
                break
        else:
            here = len(items)
        if here >= len(items) or not items[here].refused:
            for colour in colours[:1]:
                colour.refused = True
    return items


def _refuse_joined(items: list[_Item], at: int) -> None:
    items[at].refused = True
    while at + 2 < len(items) and items[at + 1].phrase in LINKS:
        after = at + 2
        while after < len(items) - 1 and items[after].phrase in ARTICLES:
            after += 1
        if not items[after].has(*_TARGETS):
            break
        items[after].refused = True
        at = after


def _refuse(found: Understanding, item: _Item, source: str, moods: set[str]) -> None:
    """Keep what must not be there."""
    instruments = list(item.names("instrument"))
    for name in instruments:
        members = FAMILIES.get(item.phrase, (name,))
        for member in members:
            if member not in found.without:
                found.without.append(member)
        _append_source(found, "instruments", source, f"no {name}", fresh=True)
    if "drums" in instruments:
        found.without_roles |= {"drums", "percussion"}
    if item.phrase in ("bass", "bassline", "bass line"):
        found.without_roles.add("bass")
    if item.phrase in ("melody", "melodies", "lead"):
        found.without_roles.add("lead")
        _append_source(found, "instruments", source, "no melody", fresh=True)
    if not item.has("instrument", "substitute"):
        found.without_genres |= {
            meaning.name
            for meaning in item.meanings
            if meaning.kind == "genre" and meaning.strength >= ADJECTIVE
        }
        moods |= set(item.names("mood"))


def _genre(found: Understanding, read: list[tuple[str, list[list[_Item]]]]) -> None:
    """The strongest word of the first text that has a strong one; else the first hint of all."""
    hint: tuple[str, str] | None = None
    for source, chunks in read:
        said = [
            (meaning.strength, meaning.name, item.shown)
            for chunk in chunks
            for item in chunk
            if not item.refused
            for meaning in item.meanings
            if meaning.kind == "genre" and meaning.name not in found.without_genres
        ]
        if not said:
            continue
        strength, name, shown = max(said, key=lambda one: one[0])
        if strength >= ADJECTIVE:
            found.genre, found.sources["genre"] = name, f"{source}: {shown}"
            others = {other: word for power, other, word in reversed(said) if power == NAME and other != name}
            for word in others.values():
                _warn(found, "second_genre", f"The {source} names {shown} and {word}: {shown} was taken.")
            return
        hint = hint or (name, f"{source}: {shown}")
    if hint:
        found.genre, found.sources["genre"] = hint


def _words(found: Understanding, source: str, chunks: list[list[_Item]], moods: set[str]) -> None:
    named: list[str] = []
    alone = False
    for chunk in chunks:
        for at, item in enumerate(chunk):
            if not item.meanings:
                negated = at > 0 and chunk[at - 1].has("no")
                found.not_understood.append(f"no {item.typed}" if negated else item.typed)
            if item.refused:
                continue
            for name in item.names("without"):
                _refuse(found, _Item(name, name, (Meaning("instrument", name),)), source, moods)
            for name in item.names("mood"):
                if found.mood is None and name not in moods:
                    found.mood, found.sources["mood"] = name, f"{source}: {item.shown}"
            for name in item.names("mode"):
                sure = at + 1 < len(chunk) and chunk[at + 1].phrase in _OF_A_KEY
                if found.mode is None or (sure and not found.mode_is_sure):
                    found.mode, found.mode_is_sure = name, sure
            for name in item.names("metre"):
                if found.time_signature is None:
                    _metre(found, source, name, name)
            if item.has("era"):
                found.sources.setdefault("era", f"{source}: {item.shown}")
            for name in item.names("sound"):
                if name not in found.sounds:
                    found.sounds.append(name)
                    _append_source(found, "sounds", source, item.shown)
            for name in item.names("tempo"):
                _tempo_word(found, source, name)
            named += _instruments(found, item)
            alone = alone or item.has("alone") or _is_only(chunk, at)
    fresh = [name for name in dict.fromkeys(named) if name not in found.instruments]
    found.instruments += fresh
    if named:
        _append_source(found, "instruments", source, ", ".join(dict.fromkeys(named)), fresh=True)
        found.only_named = found.only_named or alone


def _tempo_word(found: Understanding, source: str, word: str) -> None:
    shift = _TEMPOS[word]
    if found.tempo_shift is None:
        found.tempo_shift = shift
        if found.tempo_bpm is None:
            found.sources["tempo_bpm"] = f"{source}: {word}"
    elif shift * found.tempo_shift < 0 and found.tempo_bpm is None:
        before = found.sources["tempo_bpm"].partition(": ")[2]
        _warn(found, "contradiction", f"The {source} says {before}, then {word}: {before} was taken.")


def _instruments(found: Understanding, item: _Item) -> list[str]:
    names = list(item.names("instrument"))
    if item.phrase in FAMILIES:
        found.loose |= set(names)
    for name in item.names("substitute"):
        names.append(name)
        _warn(found, "instrument_substituted", f"The studio has no {item.phrase}: {name} plays in its place.")
    return names


def _is_only(chunk: list[_Item], at: int) -> bool:
    """Whether "solo", "only"… stand beside this instrument; "with a guitar solo" leaves the others there."""
    item = chunk[at]
    if not item.has("instrument", "substitute"):
        return False
    if item.has("only"):
        return True
    before = at - 1
    while before >= 0 and chunk[before].phrase in ("a", "an", "the"):
        before -= 1
    if before >= 0 and chunk[before].has("only") and chunk[before].phrase != "alone":
        return True
    after = chunk[at + 1] if at + 1 < len(chunk) else None
    if after is None or not after.has("only") or after.phrase in ("just", "unaccompanied"):
        return False
    return after.phrase != "solo" or not any(one.phrase in ("with", "and", "featuring") for one in chunk[:at])


# -- what is told -----------------------------------------------------------------------------------


def _append_source(found: Understanding, name: str, source: str, said: str, fresh: bool = False) -> None:
    """Add to what is told of a field; `fresh` begins a stretch of its own."""
    before = found.sources.get(name)
    if before is None:
        found.sources[name] = f"{source}: {said}"
    elif fresh:
        if f"{source}: {said}" not in before.split("; "):
            found.sources[name] = f"{before}; {source}: {said}"
    else:
        found.sources[name] = f"{before}, {said}"


def _warn(found: Understanding, code: str, message: str) -> None:
    if (code, message) not in found.warnings and len(found.warnings) < _MOST_LISTED:
        found.warnings.append((code, message))
