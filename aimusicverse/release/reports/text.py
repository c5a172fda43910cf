"""The report for a person: what blocks first; of each finding what was found, what passes and what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from aimusicverse.release.reports.told import Told, name_of, told, who_judged
from aimusicverse.types.release import Release
from aimusicverse.types.validation import ValidationReport

#: Of the words of a finding; a value is never broken.
_WIDTH: Final = 100
_LONGEST_VALUE: Final = 200
_TITLES: Final = {"error": "blocks", "warning": "should be looked at", "info": "is good to know"}
_PLURAL: Final = {"error": "block", "warning": "should be looked at", "info": "are good to know"}
_EVIDENCE: Final = {
    "official": "the store's or standard's own page",
    "verified": "tried out",
    "third_party": "a distributor's or other help page",
    "code": "seen in public code",
    "own": "judgement of this project",
    "unverified": "not verified",
}


class Line(NamedTuple):
    """A line of text.

    Args:
        kind: what it is, for colours: `title`, `error`, `warning`, `info`, `good`, `text`.
        text: without colours; it may hold anything that a release holds.
    """

    kind: str
    text: str


def lines(
    report: ValidationReport, release: Release, *, file: str, line_of: Callable[[str], int]
) -> Iterator[Line]:
    """The whole report.

    Args:
        report: what rules say.
        release: of what.
        file: its name.
        line_of: the line in it where a field stands.
    """
    artists = ", ".join(artist.name for artist in release.artists)
    by = f" by {artists}" if artists else ""
    many = f" ({len(release.tracks)} tracks)" if len(release.tracks) > 1 else ""
    judged = ", ".join(who_judged(target) for target in report.targets)
    yield Line("title", f'{file}: "{release.title}"{by}{many}, for {judged}')
    yield Line("text", "")
    findings = told(report)
    for severity in _TITLES:
        these = [one for one in findings if one.finding.severity == severity]
        if these:
            yield from _group(these, severity, file, line_of)
    yield from _end(report)


def _group(these: list[Told], severity: str, file: str, line_of: Callable[[str], int]) -> Iterator[Line]:
    said = (
        f"1 finding {_TITLES[severity]}" if len(these) == 1 else f"{len(these)} findings {_PLURAL[severity]}"
    )
    yield Line(severity, f"{said}:")
    yield Line("text", "")
    by_place = sorted(these, key=lambda one: (line_of(one.finding.field), one.finding.rule))
    for one in by_place:
        yield from _finding(one, file, line_of)


def _finding(one: Told, file: str, line_of: Callable[[str], int]) -> Iterator[Line]:
    finding = one.finding
    yield Line(finding.severity, f"  {file}:{line_of(finding.field)}  {finding.field}  [{finding.rule}]")
    yield from _wrapped("    ", finding.message)
    if finding.value is not None:
        value = finding.value.replace("\n", "\\n")
        short = (
            value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}… ({len(value)} characters)"
        )
        yield Line("text", f"    found:    {short}")
    yield from _labelled("passes", finding.passes)
    yield from _labelled("fix", finding.fix)
    if finding.repair is not None and finding.repair.after is not None:
        yield Line("text", f"    offered:  {finding.repair.after}  (amv release fix)")
    elif finding.example:
        yield Line("text", f"    example:  {finding.example}")
    yield Line("text", f"    at:       {one.names}")
    source = f"{finding.source} ({_EVIDENCE.get(finding.evidence, finding.evidence)}, {finding.as_of})"
    yield from _labelled("source", source)
    yield Line("text", f"    more:     amv release rules {finding.rule}")
    yield Line("text", "")


def _labelled(label: str, text: str) -> Iterator[Line]:
    first, *others = textwrap.wrap(text, _WIDTH, break_long_words=False) or [""]
    yield Line("text", f"    {label + ':':<9} {first}")
    yield from (Line("text", f"{'':<14}{other}") for other in others)


def _wrapped(indent: str, text: str) -> Iterator[Line]:
    for line in textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]:
        yield Line("text", indent + line)


def _end(report: ValidationReport) -> Iterator[Line]:
    blocked = [name_of(target.target) for target in report.targets if target.blocking]
    free = [name_of(target.target) for target in report.targets if not target.blocking]
    if blocked:
        yield Line("error", f"Blocked: {', '.join(blocked)}.")
    if free:
        yield Line("good", f"Nothing blocks: {', '.join(free)}.")
    offered = any(finding.repair for target in report.targets for finding in target.findings)
    if offered:
        yield Line("text", "Some of it can be mended by itself: amv release fix shows how, and asks.")
    yield Line("text", f"Judged by our published rules of {report.rules_as_of}. People at stores look, too.")
