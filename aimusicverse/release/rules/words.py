"""Rows in words: whom a rule concerns, and how bad it is there; for pages and for `amv release rules`."""

from __future__ import annotations

import re
from typing import Final

from aimusicverse.release.rules.rule import Evidence, Rule, Severity
from aimusicverse.release.targets import Scope

SCOPES: Final[dict[Scope, str]] = {
    Scope.ALL: "everybody",
    Scope.DISTRIBUTOR: "every distributor",
    Scope.SPOTIFY: "Spotify",
    Scope.APPLE: "Apple Music",
    Scope.YOUTUBE: "YouTube (own channel)",
    Scope.YOUTUBE_PARTNER: "YouTube Music (by a distributor)",
    Scope.SOUNDCLOUD: "SoundCloud",
    Scope.DISTROKID: "DistroKid",
    Scope.LABELGRID: "LabelGrid",
    Scope.ERN: "DDEX messages",
    Scope.ERN_432: "DDEX messages (ERN 4.3.2)",
    Scope.ERN_43: "DDEX messages (ERN 4.3)",
}
_BRACES: Final = re.compile(r"\{(\w+)[^{}]*\}")
_SEVERITIES: Final[dict[Severity, str]] = {
    "error": "blocks",
    "warning": "warning",
    "info": "information",
}
_EVIDENCE: Final[dict[Evidence, str]] = {
    Evidence.OFFICIAL: "a page of the store or standard",
    Evidence.VERIFIED: "tried out",
    Evidence.CODE: "seen in public code",
    Evidence.THIRD_PARTY: "a distributor's or other help page",
    Evidence.OWN: "judgement of this project",
    Evidence.UNVERIFIED: "not verified",
}


def whom(rule: Rule) -> str:
    """`Spotify, Apple Music`, in the order of `Scope`."""
    return ", ".join(name for scope, name in SCOPES.items() if scope in rule.scopes)


def severity(rule: Rule) -> str:
    """`blocks`, or who says what: `blocks (Apple Music), warning (Spotify)`. What may not block does not."""
    if isinstance(rule.severity, str):
        return _as_told(rule, rule.severity, rule.scopes)
    said: dict[str, list[str]] = {}
    for scope, name in SCOPES.items():
        if scope in rule.severity:
            said.setdefault(_as_told(rule, rule.severity[scope], frozenset({scope})), []).append(name)
    return ", ".join(f"{how} ({', '.join(names)})" for how, names in said.items())


def in_general(text: str) -> str:
    """A text of a row, whose braces are filled for each finding, as it holds for all: `ISRC ‹value› is …`."""
    return _BRACES.sub(r"‹\1›", text)


def evidence(rule: Rule) -> str:
    """What it rests on, strongest first."""
    return "; ".join(words for kind, words in _EVIDENCE.items() if kind in rule.evidence)


def _as_told(rule: Rule, asked: Severity, scopes: frozenset[Scope]) -> str:
    """As `validation` tells it: a rule that nobody confirmed warns where it would block."""
    if asked == "error" and not rule.may_block:
        return "warning (not verified)"
    if asked == "error" and rule.is_hearsay and rule.publisher not in scopes:
        return "strong warning (reported by third parties)"
    return _SEVERITIES[asked]
