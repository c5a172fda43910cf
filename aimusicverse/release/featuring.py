"""Guests named in a title: `Title (feat. A, B & C)`, how it should be written, and what only looks like it.

Source of the form: Apple Music Style Guide (help.apple.com/itc/musicstyleguide), featured artists.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from aimusicverse.release.display import listed, name_key

_GOOD: Final = re.compile(r"[(\[](?P<word>feat\.|with) (?P<names>[^()\[\]]+)[)\]]")
#: In brackets, whatever stands at their beginning; bare, up to the next bracket or the end.
_BRACKETED: Final = re.compile(
    r"[(\[]\s*(?P<word>f(?:ea)?t(?:uring)?\.?|w/|with)\s*(?<=[\s./])(?P<names>[^()\[\]]+)[)\]]", re.IGNORECASE
)
_BARE: Final = re.compile(
    r"(?<![\w(\[])(?P<word>f(?:ea)?t(?:uring)?\.?|w/)\s+(?P<names>\S[^()\[\]]*)", re.IGNORECASE
)
_JOINTS: Final = re.compile(r"\s*,\s*&\s*|\s*,\s+|\s+[&+/]\s+")
#: `Ft.` is also a fort.
_FORTS: Final = frozenset(
    "worth lauderdale knox wayne collins myers smith bragg hood benning sumter mcmurray apache".split()
)


@dataclass(frozen=True, slots=True)
class Guests:
    """Guests that a title names, or seems to name.

    Args:
        written: the part of the title, with its brackets.
        word: by which they are announced, as written: `feat.`, `ft`, `w/`.
        names: one by one.
        is_well_formed: as it should be written.
        is_sure: that they are guests at all; otherwise it can only be asked: `Feat of Strength`.
        instead: the whole title as it should be written; `None`: nothing else is in it.
        without: the whole title without them.
    """

    written: str
    word: str
    names: tuple[str, ...]
    is_well_formed: bool
    is_sure: bool
    instead: str | None
    without: str


def guests_in(title: str, credited: Collection[str] = ()) -> Iterator[Guests]:
    """All announcements of guests in a title.

    Args:
        title: as written.
        credited: names of people who are credited, which are not split at their `&` and `,`.
    """
    known = {name_key(name) for name in credited}
    taken: list[range] = []
    for pattern in (_GOOD, _BRACKETED, _BARE):
        for match in pattern.finditer(title):
            if any(match.start() in there for there in taken):
                continue
            found = _guests(title, match, pattern, known, credited)
            if found is not None:
                taken.append(range(match.start(), match.end()))
                yield found


def _guests(
    title: str, match: re.Match[str], pattern: re.Pattern[str], known: set[str], credited: Collection[str]
) -> Guests | None:
    word, text = match["word"], match["names"].strip().rstrip(",")
    names = _split(text, credited)
    if not names:
        return None
    are_known = any(name_key(name) in known for name in names)
    plain = word.lower()
    if plain == "with" and pattern is not _GOOD and not are_known:
        # "(With Love)": a word of the title, unless somebody credited is meant.
        return None
    if pattern is _BARE:
        is_announced = plain.endswith(".") or plain == "featuring"
        is_sure = are_known or (is_announced and match.start() > 0 and not _is_fort(word, text))
    else:
        is_sure = plain != "with" or are_known
    shown = listed(names)
    announced = "with" if plain == "with" else "feat."
    before, after = title[: match.start()].rstrip(), title[match.end() :].strip()
    opening, closing = ("[", "]") if "(" in before else ("(", ")")
    if pattern is not _BARE and match[0][0] == "[":
        opening, closing = "[", "]"
    as_it_should_be = f"{opening}{announced} {shown}{closing}"
    return Guests(
        written=match[0].strip(),
        word=word,
        names=names,
        is_well_formed=pattern is _GOOD and text == shown,
        is_sure=is_sure,
        instead=" ".join(part for part in (before.rstrip(",-–— "), as_it_should_be, after) if part)
        if before
        else None,
        without=" ".join(part for part in (before.rstrip(",-–— "), after) if part),
    )


def _is_fort(word: str, names: str) -> bool:
    return word[:1] == "F" and names.split()[0].strip(",.").lower() in _FORTS


def _split(text: str, credited: Collection[str]) -> tuple[str, ...]:
    """One name each, in order. Names that are credited stay whole, though they hold joints themselves."""
    kept: dict[str, str] = {}
    for number, name in enumerate(sorted(filter(None, credited), key=len, reverse=True)):
        if _JOINTS.search(name):
            mark = f"\ue000{number}\ue001"
            text, count = re.subn(rf"(?<!\w){re.escape(name)}(?!\w)", mark, text, flags=re.IGNORECASE)
            if count:
                kept[mark] = name
    known = {name_key(name) for name in credited}
    names: list[str] = []
    for part in map(str.strip, _JOINTS.split(text)):
        name = kept.get(part, part)
        halves = re.split(r"\s+and\s+", name)
        # `Florence and the Machine` is one, unless both are credited for themselves.
        names += halves if all(name_key(half) in known for half in halves) else [name]
    return tuple(name for name in names if name)
