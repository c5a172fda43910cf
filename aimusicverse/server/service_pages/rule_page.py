"""The page of a rule, written from its row."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from aimusicverse.release.rules.rule import Evidence, Rule
from aimusicverse.release.targets import Scope

_PLACE: Final = re.compile(r"\{(\w+)[^{}]*\}")
_WHOM: Final[dict[Scope, str]] = {
    Scope.ALL: "everybody",
    Scope.DISTRIBUTOR: "every distributor",
    Scope.SPOTIFY: "Spotify",
    Scope.APPLE: "Apple Music",
    Scope.YOUTUBE: "YouTube, by oneself",
    Scope.YOUTUBE_PARTNER: "YouTube, by a partner",
    Scope.SOUNDCLOUD: "SoundCloud",
    Scope.DISTROKID: "DistroKid",
    Scope.LABELGRID: "LabelGrid",
    Scope.ERN: "ERN messages",
    Scope.ERN_432: "ERN 4.3.2 messages",
    Scope.ERN_43: "ERN 4.3 messages",
}
_SURENESS: Final[dict[Evidence, str]] = {
    Evidence.OFFICIAL: "a page of the store or standard body",
    Evidence.VERIFIED: "tried by running code",
    Evidence.THIRD_PARTY: "a distributor's or other help page",
    Evidence.CODE: "seen in public code",
    Evidence.OWN: "this project's own judgement",
    Evidence.UNVERIFIED: "nobody confirmed it, so it never blocks",
}


def rule_page(rule: Rule) -> str:
    """HTML: what the rule wants, of whom, and who says so."""
    rows = "".join(f"<dt>{html.escape(name)}<dd>{html.escape(text)}" for name, text in _facts(rule))
    name = html.escape(rule.id)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{name}</title>"
        f"<h1>{name}</h1><p>{html.escape(_readable(rule.message))}</p><dl>{rows}</dl></html>"
    )


def _facts(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "Field", rule.field
    yield "What would pass", _readable(rule.passes)
    yield "What to do", _readable(rule.fix)
    if rule.example is not None:
        yield "Example", rule.example
    yield "Concerns", ", ".join(_WHOM.get(scope, scope.value) for scope in Scope if scope in rule.scopes)
    if isinstance(rule.severity, str):
        yield "How bad", rule.severity
    else:
        said = rule.severity.items()
        yield "How bad", ", ".join(f"{_WHOM.get(scope, scope.value)}: {severity}" for scope, severity in said)
    yield "Source", rule.source
    yield "Read on", rule.as_of.isoformat()
    yield "How sure", "; ".join(_SURENESS[kind] for kind in Evidence if kind in rule.evidence)


def _readable(text: str) -> str:
    """With … for what a finding fills in."""
    return _PLACE.sub(lambda place: "…" if place.group(1) in ("value", "n") else f"‹{place.group(1)}›", text)
