"""Lines of ownership (℗ and ©) and the label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimusicverse.release.ai_parts import contained
from aimusicverse.release.ai_tools import is_tool
from aimusicverse.release.moments import MomentError, moment_of
from aimusicverse.release.owner_lines import owner_line
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.inherited import said
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule
from aimusicverse.release.targets import DISTRIBUTORS, STORES, Scope

_YEAR_ELSEWHERE: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)", re.ASCII)
_URL: Final = re.compile(r"(?i)https?://|\bwww\.|\b[\w-]+\.(?:com|net|org|io|de|co\.uk)\b")
_MAJORS: Final = frozenset(
    {
        "universal music", "universal music group", "umg", "sony music", "sony music entertainment",
        "warner music", "warner music group", "warner records", "columbia records", "atlantic records",
        "capitol records", "interscope records", "interscope", "def jam", "def jam recordings", "rca records",
        "republic records", "island records", "polydor", "parlophone", "emi", "emi records", "geffen records",
        "virgin records", "motown", "elektra", "asylum records",
    }
)  # fmt: skip
#: Names of stores and distributors that are words of their own as well.
_WORDS_TOO: Final = frozenset({"once", "amuse", "ditto"})
_SERVICES: Final = (
    frozenset(
        {*(s.name.casefold() for s in STORES.values()), *(d.name.casefold() for d in DISTRIBUTORS.values())}
        | {"apple", "itunes", "youtube", "deezer", "tidal", "amazon music", "tiktok", "bandcamp"}
    )
    - _WORDS_TOO
)


def _rewritten(line: str, year: int) -> str | None:
    """`YYYY Owner` of what is written, where that is beyond doubt."""
    bare = owner_line(line).text
    years = _YEAR_ELSEWHERE.findall(bare)
    if len(years) > 1:
        return None
    owner = " ".join(_YEAR_ELSEWHERE.sub(" ", bare).split()).strip(" ,;:.-–—")
    if not owner or not any(letter.isalpha() for letter in owner):
        return None
    return f"{years[0] if years else year} {owner}"


def _year_of_release(case: Case) -> int:
    """When it comes out; this year, if nobody can tell."""
    try:
        return moment_of(case.release.release_at or "").day.year
    except MomentError:
        return case.now.year


def _p_line(case: Case) -> Iterator[Found]:
    for part in said(case, "p_line"):
        if part.value is None:
            yield Found(part.field, words={"why": f"The ℗ line of {part.of} is missing"})
        elif owner_line(part.value).year is None:
            yield Found(
                part.field,
                part.value,
                words={"why": f"{part.value!r}, the ℗ line of {part.of}, is not a year and an owner"},
                instead=_rewritten(part.value, _year_of_release(case)),
            )


def _c_line(case: Case) -> Iterator[Found]:
    line, last = case.release.c_line, max(case.now.year, _year_of_release(case))
    if not line:
        yield Found("c_line", words={"why": "The © line of the release is missing"})
    elif (year := owner_line(line).year) is None:
        why = f"{line!r}, the © line, is not a year and an owner"
        yield Found("c_line", line, words={"why": why}, instead=_rewritten(line, _year_of_release(case)))
    elif int(year) > last:
        yield Found("c_line", line, words={"why": f"The © line is of {year}, which is after the release"})


def _p_year(case: Case) -> Iterator[Found]:
    out = _year_of_release(case)
    for part in said(case, "p_line"):
        line = owner_line(part.value or "")
        if line.year is None:
            continue
        own = part.track.recording.original_release_date if part.track else None
        origin = own or case.release.original_release_date
        first = _year_of(origin) if origin else out
        year = int(line.year)
        words: dict[str, object] = {"of": part.of, "year": year, "first": first}
        # What is not out yet may bear the year in which it was made ready.
        ready = case.now.year if first is not None and first >= case.now.year else first
        if year > out:
            words |= {"first": out, "why": f"it comes out in {out}"}
            yield Found(part.field, part.value, words=words, severity="error")
        elif first is not None and first <= out and year not in (first, ready):
            words["why"] = (
                f"the recording came out first in {first}" if origin else f"it comes out in {first}"
            )
            # Without a date it may have come out before, and the date be missing.
            instead = f"{first} {line.owner}" if origin else None
            yield Found(part.field, part.value, words=words, instead=instead)


def _year_of(day: str) -> int | None:
    """Its year; `None`: it is no date, which another rule says."""
    try:
        return moment_of(day, "UTC").day.year
    except MomentError:
        return None


def _owner(case: Case) -> Iterator[Found]:
    lines = [*((part.field, part.value) for part in said(case, "p_line")), ("c_line", case.release.c_line)]
    for path, line in lines:
        owner = owner_line(line or "").owner
        if owner and is_tool(owner):
            yield Found(path, line, words={"why": f"{owner!r} is a tool, and owns nothing"})
    if case.tracks and all(contained(track) == "all" for track in case.tracks):
        why = "What AI made alone is nobody's in some countries, so the ℗ line may protect nothing there"
        yield Found("p_line", case.release.p_line, words={"why": why})


def _label(case: Case) -> Iterator[Found]:
    label = case.release.label
    names = {artist.name for artist in case.release.artists}
    first = case.release.artists[0].name if case.release.artists else None
    if not label:
        yield Found("label", words={"why": "The release has no label"}, instead=first)
        return
    plain = " ".join(label.casefold().split())
    if label in names:
        return
    if _URL.search(label):
        yield Found("label", label, words={"why": f"{label!r} is an address, not the name of a label"})
    elif plain in _SERVICES:
        yield Found("label", label, words={"why": f"{label!r} is a store or distributor"}, instead=first)
    elif plain in _MAJORS:
        why = f"{label!r} is the name of a big label"
        yield Found(
            "label", label, words={"why": why}, severity="warning", passes="your own, if it is not yours"
        )


_DDEX_AND_APPLE: Final = "DDEX ERN PLine and CLine; public code that builds music5.3 metadata"
_PARTNERS: Final = frozenset({Scope.SPOTIFY, Scope.APPLE, Scope.ERN, Scope.DISTROKID})
_CODE: Final = frozenset({Evidence.CODE, Evidence.VERIFIED})
_OWN: Final = frozenset({Evidence.OWN})

RULES: Final = (
    Rule(
        id="PL",
        group=Group.LANGUAGE,
        scopes=_PARTNERS,
        severity="error",
        field="p_line",
        test=_p_line,
        message="{why}.",
        passes="the year and the owner of the recording: 2026 Maren Okafor; ℗ before it is taken off",
        fix="Write the year in which it comes out first, a blank, and who owns the recording.",
        example='p_line = "2026 Maren Okafor"',
        source=_DDEX_AND_APPLE,
        evidence=_CODE,
        term="p-line",
    ),
    Rule(
        id="CL",
        group=Group.LANGUAGE,
        scopes=_PARTNERS,
        severity="error",
        field="c_line",
        test=_c_line,
        message="{why}.",
        passes="the year and the owner of words and picture: 2026 Maren Okafor; © before it is taken off",
        fix="Write the year in which it comes out, a blank, and who owns it.",
        example='c_line = "2026 Maren Okafor"',
        source=_DDEX_AND_APPLE,
        evidence=_CODE,
        term="c-line",
    ),
    Rule(
        id="PL-YEAR",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="p_line",
        test=_p_year,
        message="The ℗ line of {of} is of {year}, but {why}.",
        passes="the year in which the recording came out first: {first}",
        fix="Correct the year; or say with original_release_date that it came out before.",
        example='p_line = "2026 Maren Okafor"',
        source="aimusicverse: ℗ gives the year of first publication (Rome Convention, article 11)",
        evidence=_OWN,
        term="p-line",
    ),
    Rule(
        id="PL-OWNER-AI",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.ALL}),
        severity="warning",
        field="p_line",
        test=_owner,
        message="{why}.",
        passes="a person or company that owns it, and a part that a person made",
        fix="Name yourself or your company as the owner. Write down what people made of it.",
        example='p_line = "2026 Maren Okafor"',
        source="aimusicverse: authorship is human in the USA and elsewhere (Thaler v. Perlmutter)",
        evidence=_OWN,
        term="p-line",
    ),
    Rule(
        id="LB",
        group=Group.LANGUAGE,
        scopes=frozenset({Scope.SPOTIFY, Scope.APPLE, Scope.ERN}),
        severity="error",
        field="label",
        test=_label,
        message="{why}.",
        passes="your own name, or a label of your own: Maren Okafor Records",
        fix="Set label to the artist's name, or to the name of your label.",
        example='label = "Maren Okafor Records"',
        source="corite, winamp, FreshTunes, Soundrop, Ditto: help pages",
        evidence=frozenset({Evidence.THIRD_PARTY}),
        term="label",
    ),
)
