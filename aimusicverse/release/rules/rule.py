"""A rule: one row of data, and a test that finds what breaks it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

from aimusicverse.release.targets import Scope

if TYPE_CHECKING:
    from aimusicverse.release.rules.case import Case

Severity = Literal["error", "warning", "info"]

#: When the table was compiled, for every row that says nothing else.
COMPILED: Final = date(2026, 11, 22)


class Evidence(StrEnum):
    """How sure it is that a rule is one."""

    #: A page of the store or standard body.
    OFFICIAL = "official"
    #: Tried by running code.
    VERIFIED = "verified"
    #: A distributor's or other help page: its own rule, or its reading of the store's.
    THIRD_PARTY = "third_party"
    #: Seen in public code.
    CODE = "code"
    #: Engineering judgement of this project.
    OWN = "own"
    #: Nobody confirmed it: it never blocks.
    UNVERIFIED = "unverified"


class Group(StrEnum):
    """Rules of one subject: a file of rows, and a page."""

    IDENTIFIERS = "identifiers"
    TITLES = "titles"
    PEOPLE = "people"
    AI = "ai"
    LANGUAGE = "language"
    DATES = "dates"
    ARTWORK = "artwork"
    AUDIO = "audio"
    SOUNDCLOUD = "soundcloud"
    YOUTUBE = "youtube"
    ERN = "ern"
    FILES = "files"


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A value that breaks a rule.

    Args:
        field: its path, such as `tracks[1].isrc`.
        value: as found; `None`: there is none.
        passes: what would pass, when the row cannot say it for all.
        words: what the row's `message`, `passes` and `fix` name in braces.
        severity: when it is not the row's.
        instead: what the value could be replaced by: offered, never done unasked.
    """

    field: str
    value: str | None = None
    passes: str | None = None
    words: Mapping[str, object] = dataclasses.field(default_factory=dict)
    severity: Severity | None = None
    instead: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """A row.

    Args:
        id: stable, like `ID-ISRC-FMT`.
        group: its subject.
        scopes: whom it concerns.
        severity: how bad it is, or for each scope how bad: the worst of those of a target.
        field: path of what it judges, `tracks[].isrc`.
        test: finds what breaks it.
        message: what is wrong; `{value}` is the value, other names come from `Found.words`.
        passes: what would pass.
        fix: what to do.
        example: a value that passes.
        source: who says so.
        evidence: how sure that is, all that holds.
        as_of: when the source was read.
        publisher: whose own rule it is, when only a distributor's page says so: it blocks there alone.
        term: a word of `docs/rules/terms.md` that explains what it is about, like `isrc`.
    """

    id: str
    group: Group
    scopes: frozenset[Scope]
    severity: Severity | Mapping[Scope, Severity]
    field: str
    test: Callable[[Case], Iterable[Found]]
    message: str
    passes: str
    fix: str
    example: str | None
    source: str
    evidence: frozenset[Evidence]
    as_of: date = COMPILED
    publisher: Scope | None = None
    term: str | None = None

    @property
    def may_block(self) -> bool:
        """Whether its evidence is enough to stop a delivery anywhere."""
        return self.evidence != {Evidence.UNVERIFIED}

    @property
    def is_hearsay(self) -> bool:
        """Whether only third parties say so."""
        return self.evidence <= {Evidence.THIRD_PARTY, Evidence.UNVERIFIED}
