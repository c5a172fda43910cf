"""Titles: how they are written, which differs by language. The words themselves: `titles.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule, Severity
from aimusicverse.release.scripts import CASED, language_of, scripts_for, scripts_of
from aimusicverse.release.targets import Scope
from aimusicverse.release.title_case import (
    SENTENCE_CASE,
    german_with_small_words,
    looks_title_cased,
    sentence_cased,
    title_cased,
)

_APPLE_GUIDE: Final = "help.apple.com/itc/musicstyleguide"
_CASING: Final = "SonoSuite's validator and Symphonic's page on capitals: their reading of Apple's guide"
_BOTH: Final = frozenset({Scope.APPLE, Scope.SPOTIFY})
_APPLE: Final = frozenset({Scope.APPLE})
_ROMAN: Final = re.compile(r"[IVXLCDM]+\.?")
#: U.S.A., R.E.M.
_ABBREVIATION: Final = re.compile(r"(?:[^\W\d_]\.\s?){2,}[^\W\d_]?[!?]?")
_PART: Final = re.compile(
    r"(?P<before>\S.*?)(?P<joint>\s*[,:–—-]?\s+|\s*[(\[])(?P<word>p(?:ar)?t|vol(?:ume)?)(?P<dot>\.?)\s*"
    r"(?P<number>\d{1,3}|[IVX]{1,5})(?P<closing>[)\]]?)(?=$|\s*[(\[:])",
    re.IGNORECASE,
)
_SLASH: Final = re.compile(r"(?<=[^\W\d_])(?:/|\s/|/\s)(?=[^\W\d_])")
_SUFFIX: Final = re.compile(r"\s*[-–—]\s*(?:single|ep)$|\s*[(\[](?:single|ep)[)\]]$", re.IGNORECASE)


def _titles(case: Case) -> Iterator[tuple[str, str, bool]]:
    """Where each title is written, the title, and whether its capitals are meant as they are."""
    yield "title", case.release.title, case.release.intentional_styling
    for track in case.tracks:
        meant = track.recording.intentional_styling or case.release.intentional_styling
        yield f"tracks[{track.index}].title", track.recording.title, meant


def _is_all_one_case(title: str) -> bool:
    """Whether it is all capitals or all small letters, in scripts that have both."""
    if len(title) <= 3 or not (title.isupper() or title.islower()):
        return False
    scripts = scripts_of(title)
    if scripts.total() < 2 or not scripts.keys() <= CASED:
        return False
    return not _ROMAN.fullmatch(title) and not _ABBREVIATION.fullmatch(title)


def _language(case: Case) -> str:
    return language_of(case.release.metadata_language)


def _one_case(case: Case) -> Iterator[Found]:
    language = _language(case)
    for path, title, is_meant in _titles(case):
        if not _is_all_one_case(title):
            continue
        is_upper = title.isupper()
        # NASA, ABBA, DNA.: four letters may be an abbreviation. In Japan and Korea capitals are usual.
        is_short = is_upper and sum(map(str.isalpha, title)) <= 4
        severity: Severity | None = None
        if is_meant or is_short or (is_upper and language in ("ja", "ko", "zh")):
            severity = "warning"
        capital = title.lower()
        capital = capital[:1].upper() + capital[1:] if len(capital[:1].upper()) == 1 else capital
        yield Found(
            path,
            title,
            words={"how": "all capitals" if is_upper else "all small letters"},
            severity=severity,
            instead=None if is_meant or is_short else title_cased(capital, language) or capital,
        )


def _title_case(case: Case) -> Iterator[Found]:
    language = _language(case)
    for path, title, is_meant in _titles(case):
        if is_meant or _is_all_one_case(title) or scripts_of(title).keys() - {"LATIN"}:
            continue
        should = title_cased(title, language)
        if should is not None and should != title:
            yield Found(path, title, passes=should, instead=should)


def _sentence_case(case: Case) -> Iterator[Found]:
    language = _language(case)
    if language != "de" and language not in SENTENCE_CASE:
        return
    names = [artist.name for artist in case.release.artists]
    for path, title, is_meant in _titles(case):
        if is_meant or _is_all_one_case(title):
            continue
        if language == "de":
            should = german_with_small_words(title)
        elif looks_title_cased(title):
            should = sentence_cased(title, names)
        else:
            continue
        if should != title:
            # German nouns have capitals, which no list of words can tell: it is only said.
            severity: Severity | None = "info" if language == "de" else None
            yield Found(
                path, title, passes=f"{should}, where no word is a name", severity=severity, instead=should
            )


def _part(case: Case) -> Iterator[Found]:
    for path, title, _ in _titles(case):
        found = _PART.match(title)
        if found is None:
            continue
        short = "Pt" if found["word"].lower().startswith("p") else "Vol"
        rest = title[found.end() :]
        should = f"{found['before']}, {short}. {found['number']}{rest}"
        if should != title:
            yield Found(path, title, passes=should, instead=should)


def _slash(case: Case) -> Iterator[Found]:
    for path, title, _ in _titles(case):
        for found in _SLASH.finditer(title):
            left, right = title[: found.start()][-200:], title[found.end() : found.end() + 200]
            # AC/DC, and/or, Love/Hate are words: titles have blanks, and words of three letters and more.
            words = left.split()[-1], right.split()[0]
            has_blanks = " " in left.strip() and " " in right.strip()
            if min(map(len, words)) < 3 or (found[0] == "/" and not has_blanks):
                continue
            should = re.sub(r"\s*/\s*", " / ", title)
            yield Found(path, title, passes=should, instead=should)
            break


def _suffix(case: Case) -> Iterator[Found]:
    for path, title, _ in _titles(case):
        found = _SUFFIX.search(title)
        if found is not None:
            yield Found(
                path, title, words={"suffix": found[0].strip()}, instead=title[: found.start()] or None
            )


def _script(case: Case) -> Iterator[Found]:
    expected = scripts_for(case.release.metadata_language)
    if not expected:
        return
    for path, title, _ in _titles(case):
        scripts = scripts_of(title)
        # One letter is a sign: Ω, Δ.
        if scripts.total() < 2:
            continue
        most = scripts.most_common(1)[0][0]
        if most not in expected:
            yield Found(
                path,
                title,
                words={
                    "script": most if most == "CJK" else most.title(),
                    "language": case.release.metadata_language,
                },
            )


RULES: Final = (
    Rule(
        id="T-CASE-UPPER",
        group=Group.TITLES,
        scopes=_BOTH,
        severity="error",
        field="title",
        test=_one_case,
        message="{value!r} is written in {how}; a store refuses or changes it.",
        passes="capitals as the language has them",
        fix="Write it as usual, or say that it is meant so: intentional_styling = true.",
        example="Paper Lanterns",
        source=f"{_APPLE_GUIDE}; {_CASING}",
        evidence=frozenset({Evidence.OFFICIAL, Evidence.THIRD_PARTY}),
    ),
    Rule(
        id="T-CASE-EN",
        group=Group.TITLES,
        scopes=_APPLE,
        severity="warning",
        field="title",
        test=_title_case,
        message="{value!r} is not in title case, as titles in this language are.",
        passes="capitals for all words but the small ones: the, of, and; de, la, y; do, e, com",
        fix="Take the offered one, or say that it is meant so: intentional_styling = true.",
        example="Salt and Iron",
        source=_CASING,
        evidence=frozenset({Evidence.THIRD_PARTY}),
    ),
    Rule(
        id="T-CASE-SENT",
        group=Group.TITLES,
        scopes=_APPLE,
        severity="warning",
        field="title",
        test=_sentence_case,
        message="{value!r} is in title case, which this language does not use.",
        passes="a capital at the beginning and for names",
        fix="Take the offered one where no word is a name, or set intentional_styling = true.",
        example="La vie en rose",
        source=_CASING,
        evidence=frozenset({Evidence.THIRD_PARTY}),
    ),
    Rule(
        id="T-PART",
        group=Group.TITLES,
        scopes=_APPLE,
        severity="warning",
        field="title",
        test=_part,
        message="{value!r} has a part or volume that is not written as Apple wants it.",
        passes="Title, Pt. 1 or Title, Vol. 2",
        fix="Take the offered one.",
        example="Harbour Lights, Vol. 2",
        source=_APPLE_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="T-SLASH",
        group=Group.TITLES,
        scopes=_APPLE,
        severity="info",
        field="title",
        test=_slash,
        message="{value!r} seems to join titles by a slash without blanks.",
        passes="Title / Title",
        fix="Take the offered one if these are several titles.",
        example="Cold Morning / Low Tide",
        source=_APPLE_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="T-SINGLE-SUFFIX",
        group=Group.TITLES,
        scopes=_BOTH,
        severity="error",
        field="title",
        test=_suffix,
        message="{value!r} ends in {suffix!r}, which the store adds itself.",
        passes="the title alone",
        fix="Take the offered one.",
        example="Paper Lanterns",
        source=_APPLE_GUIDE,
        evidence=frozenset({Evidence.OFFICIAL}),
    ),
    Rule(
        id="T-SCRIPT",
        group=Group.TITLES,
        scopes=_APPLE,
        severity="warning",
        field="title",
        test=_script,
        message="{value!r} is written in {script} letters, but titles are said to be {language!r}.",
        passes="titles in a script of their language; or another metadata_language",
        fix="Set metadata_language to the language of the titles; transcribed ones are `ru-Latn`.",
        example="ru-Latn",
        source="help pages of corite, Winamp, FreshTunes, Soundrop, Ditto",
        evidence=frozenset({Evidence.THIRD_PARTY}),
    ),
)
