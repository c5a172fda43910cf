"""What a prompt says in figures and signs: tempo, key, metre, lengths of sections.

Each reader gives what it found in the order of the text, with the stretch of text that said it, so that the
words around it can be read without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import NamedTuple

from aimusicverse.engines.studio.words.languages import LANGUAGES
from aimusicverse.engines.studio.words.music import MODES, NEAREST_METRES, OWN_MODES, SECTIONS

SLOWEST, FASTEST = 40.0, 240.0


class Found(NamedTuple):
    """`value` is said by the text from `start` to `end`; `exact` is false where it is only the nearest."""

    value: str
    start: int
    end: int
    exact: bool = True


class _Pattern:
    """A regular expression that is compiled when it is first used, so that importing costs nothing."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern, self._flags = pattern, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, self._flags)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._compiled.finditer(text)

    def search(self, text: str) -> re.Match[str] | None:
        return self._compiled.search(text)


_NUMBER = r"(\d{1,4}(?:[.,]\d{1,2})?)"
_UNIT = (
    r"(?:bpm\b|b\.p\.m\.?|beats?\s*(?:per|a|/)\s*min(?:ute)?\b|schl[aä]ge\s+pro\s+minute\b"
    r"|pulsaciones\s+por\s+minuto\b)"
)
_TEMPOS = (
    _Pattern(rf"(?<![\d.,/#]){_NUMBER}\s*(?:-|–|to|bis|a)\s*{_NUMBER}\s*-?\s*{_UNIT}", re.IGNORECASE),
    _Pattern(rf"(?<![\d.,/#]){_NUMBER}\s*-?\s*{_UNIT}", re.IGNORECASE),
    _Pattern(rf"\b(?:bpm|tempo(?:\s+of)?)\s*[:=]?\s*{_NUMBER}(?![\d/])(?!\s*bars?\b)", re.IGNORECASE),
    _Pattern(r"(?:@|\bat)\s*(\d{2,3})(?=\s*(?:[,;.!?]|$))(?!\s*[.,]\d)", re.IGNORECASE),
)


def tempos(text: str) -> list[Found]:
    """Tempos in beats per minute, also those that nobody can play; of a range its middle."""
    found, covered = [], bytearray(len(text))
    for pattern in _TEMPOS:
        for match in pattern.finditer(text):
            if _cover(covered, match):
                numbers = [float(number.replace(",", ".")) for number in match.groups() if number]
                found.append(Found(f"{sum(numbers) / len(numbers):g}", match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _cover(covered: bytearray, match: re.Match[str]) -> bool:
    """Whether a stretch of text is free; it is not any more."""
    start, end = match.span()
    free = not any(covered[start:end])
    covered[start:end] = b"\x01" * (end - start)
    return free


_MODE = "|".join(sorted(map(re.escape, MODES), key=len, reverse=True)).replace(r"\ ", r"\s+")
_FULL = _Pattern(
    r"(?<![\w#'’])(?P<lead>(?:in|key\s+of|key)[:\s]+)?(?P<note>[a-g])"
    r"(?P<sign>\s?[#♯♭]|b(?=[\s-])|[\s-]sharp(?=[\s-])|[\s-]flat(?=[\s-]))?"
    rf"[\s-]+(?P<mode>{_MODE})(?![\w])(?P<vague>\s+(?:key|chords?|mood|feel|scale|hit)\b)?",
    re.IGNORECASE,
)
_SHORT = _Pattern(r"(?<![\w#'’.])([A-G])(#|♯|♭|b)?(m|min|maj)(?![\w'’#])")
_TONIC = _Pattern(
    r"\b(?:[Ii]n the key of|[Kk]ey of|[Kk]ey[:\s]|[Ii]n)\s*"
    r"([A-G])(#|♯|♭|b|[\s-]sharp\b|[\s-]flat\b)?(?![\w#♯♭'’])"
    r"(?!\s+(?:minor|major)\s+(?:key|mood|feel))"
)
_PLAIN_MODE = _Pattern(r"\b(major|minor)\b", re.IGNORECASE)
_MARKS = {"#": "#", "♯": "#", "sharp": "#", "b": "b", "♭": "b", "flat": "b"}


def keys(text: str) -> list[Found]:
    """Keys as the plan writes them ("F# minor"); a church mode as the major or minor key on its tonic."""
    found: list[Found] = []
    covered = bytearray(len(text))

    def add(match: re.Match[str], value: str, exact: bool = True) -> None:
        if _cover(covered, match):
            found.append(Found(value, match.start(), match.end(), exact))

    for match in _FULL.finditer(text):
        # "in a minor key" names a mode, and "a major hit" names nothing.
        article = match["note"] == "a" and not match["sign"] and (match["vague"] or not match["lead"])
        mode = " ".join(match["mode"].lower().split())
        if not article:
            add(match, _named(match["note"], match["sign"], MODES[mode]), mode in OWN_MODES)
    for match in _foreign().finditer(text):
        add(match, _from_foreign(match))
    for match in _SHORT.finditer(text):
        add(match, _named(match[1], match[2], "major" if match[3] == "maj" else "minor"))
    mode_said = _PLAIN_MODE.search(text)
    for match in _TONIC.finditer(text):
        add(match, _named(match[1], match[2], mode_said[1].lower() if mode_said else "major"))
    return sorted(found, key=lambda one: one.start)


def _named(note: str, sign: str | None, mode: str) -> str:
    accidental = _MARKS[sign.strip(" -\t\n").lower()] if sign and sign.strip() else ""
    return f"{note.upper()}{accidental} {mode}"


@cache
def _foreign() -> re.Pattern[str]:
    """Keys in the words of every further language: "fis-Moll", "si bemol mayor"."""
    choices = []
    for index, language in enumerate(LANGUAGES):
        notes = "|".join(sorted(language.notes, key=len, reverse=True))
        signs = "|".join(word for word in (language.sharp, language.flat) if word)
        sign = rf"(?:\s+(?P<s{index}>{signs}))?" if signs else ""
        choices.append(rf"(?P<n{index}>{notes}){sign}[\s-]*(?P<m{index}>{'|'.join(language.modes)})")
    return re.compile(rf"(?<!\w)(?:{'|'.join(choices)})(?!\w)", re.IGNORECASE)


def _from_foreign(match: re.Match[str]) -> str:
    index = next(index for index in range(len(LANGUAGES)) if match[f"n{index}"])
    language, groups = LANGUAGES[index], match.groupdict()
    sign = (groups.get(f"s{index}") or "").lower()
    mark = "#" if sign and sign == language.sharp else "b" if sign else ""
    return f"{language.notes[match[f'n{index}'].lower()]}{mark} {language.modes[match[f'm{index}'].lower()]}"


_METRE = _Pattern(
    r"(?<![\d/.])(\d{1,2})\s?/\s?(2|4|8|16)(?![\d/])(?:\s*(?:time|takt|metre|meter)\b)?", re.IGNORECASE
)


def metres(text: str) -> list[Found]:
    """Metres in figures; one that the studio cannot play as its nearest, or as it stands."""
    return [
        Found(NEAREST_METRES.get(said, said), match.start(), match.end(), said not in NEAREST_METRES)
        for match in _METRE.finditer(text)
        for said in [f"{match[1]}/{match[2]}"]
    ]


_NAMES = "|".join(
    re.escape(name).replace(r"\ ", r"[\s-]") for name in sorted(SECTIONS, key=len, reverse=True)
)
_SECTION = _Pattern(
    rf"\b(?:(?P<name>{_NAMES})\s*[:(=]?\s*(?:of\s+|for\s+)?(?P<bars>\d{{1,3}})[\s-]*(?:bars?|measures?)\b\)?"
    rf"|(?P<bars2>\d{{1,3}})[\s-]*(?:bars?|measures?)\s+(?:of\s+)?(?P<name2>{_NAMES})\b)",
    re.IGNORECASE,
)


def sections(text: str) -> Iterator[tuple[str, int, Found]]:
    """Sections with a length: the name in the plan, bars (1–256), and where it is said."""
    for match in _SECTION.finditer(text):
        name = SECTIONS[re.sub(r"\s+", " ", (match["name"] or match["name2"]).lower())][0]
        bars = int(match["bars"] or match["bars2"])
        if 1 <= bars <= 256:
            yield name, bars, Found(f"{name} {bars}", match.start(), match.end())
