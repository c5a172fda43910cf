"""Judges a release by every rule of ours that concerns a target: one report for each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from aimusicverse.release.earlier import Earlier
from aimusicverse.release.facts import AudioFacts, FileProblem, ImageFacts
from aimusicverse.release.rules.case import Case
from aimusicverse.release.rules.rule import Evidence, Found, Group, Rule, Severity
from aimusicverse.release.rules.table import RULES
from aimusicverse.release.targets import Distributor, Scope, Store
from aimusicverse.types.release import Recording, Release
from aimusicverse.types.validation import Finding, Repair, TargetReport, ValidationReport

_WORSE: Final[dict[Severity, int]] = {"info": 0, "warning": 1, "error": 2}
#: Strongest first: what a rule is told to rest on.
_STRONGEST: Final = (
    Evidence.OFFICIAL,
    Evidence.VERIFIED,
    Evidence.CODE,
    Evidence.THIRD_PARTY,
    Evidence.OWN,
    Evidence.UNVERIFIED,
)
#: Rows that a picture alone can break.
_OF_PICTURES: Final = tuple(rule for rule in RULES if rule.field == "cover.file" or rule.group is Group.FILES)
#: Whose cover a picture is while there is no release: no such row asks.
_UNNAMED: Final = Release(title="(none yet)", tracks=[Recording(title="(none yet)")])
_ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)


def validate(
    release: Release,
    stores: Iterable[Store],
    via: Distributor | None = None,
    *,
    audio: Mapping[int, AudioFacts] | None = None,
    image: ImageFacts | None = None,
    problems: Iterable[FileProblem] = (),
    earlier: Sequence[Earlier] = (),
    now: datetime | None = None,
) -> ValidationReport:
    """What the rules say.

    Args:
        release: what is to be delivered.
        stores: where to.
        via: the distributor who brings it there; his own rules are told apart.
        audio: what is known of sound files, by the number of the track, 0 for the first.
        image: what is known of the cover.
        problems: of files that could not be looked into (`gathering.facts_of`).
        earlier: other releases of the same catalogue; not this one.
        now: the moment of judging, with a zone; the present one by default.
    """
    moment = now or datetime.now(UTC)
    files, those = audio or {}, tuple(problems)
    reports = []
    for store in stores:
        scopes = store.direct if via is None else store.by_distributor
        case = Case(release, moment, scopes, files, image, store, via, those, earlier)
        reports.append(_report(case, store.id, "store", RULES))
    if via is not None:
        case = Case(release, moment, via.scopes, files, image, None, via, those, earlier)
        reports.append(_report(case, via.id, "distributor", RULES))
    return _whole(reports)


def validate_picture(
    looked: ImageFacts | FileProblem, targets: Iterable[Store | Distributor]
) -> ValidationReport:
    """What the rules say of a picture alone, before there is a release whose cover it is.

    Only rows that judge the file itself are run: what a release declares of its cover (whose it is, what is
    written on it) nobody was asked yet. Stores are those that a distributor reaches.

    Args:
        looked: what is known of it, or why it could not be looked into.
        targets: who is to take it.
    """
    image, problems = (None, (looked,)) if isinstance(looked, FileProblem) else (looked, ())
    reports = []
    for target in targets:
        if isinstance(target, Store):
            kind, scopes = "store", target.by_distributor
        else:
            kind, scopes = "distributor", target.scopes
        case = Case(_UNNAMED, _ANY_TIME, scopes, image=image, problems=problems)
        reports.append(_report(case, target.id, kind, _OF_PICTURES))
    return _whole(reports)


def _whole(reports: list[TargetReport]) -> ValidationReport:
    return ValidationReport(
        blocking=any(report.blocking for report in reports),
        targets=reports,
        rules_as_of=max(rule.as_of for rule in RULES),
    )


def _report(case: Case, target: str, kind: str, rules: Iterable[Rule]) -> TargetReport:
    findings = sorted(_findings(case, rules), key=lambda finding: -_WORSE[finding.severity])  # type: ignore[index]
    return TargetReport(
        target=target,
        kind=kind,
        via=case.distributor.id if case.distributor and kind == "store" else None,
        blocking=any(finding.blocking for finding in findings),
        findings=findings,
    )


def _findings(case: Case, rules: Iterable[Rule]) -> Iterator[Finding]:
    for rule in rules:
        if case.scopes.isdisjoint(rule.scopes):
            continue
        for found in rule.test(case):
            yield _finding(rule, found, case)


def _finding(rule: Rule, found: Found, case: Case) -> Finding:
    asked = found.severity or _severity(rule, case.scopes)
    severity, doubt = asked, ""
    if asked == "error" and not rule.may_block:
        severity, doubt = "warning", " (not verified)"
    elif asked == "error" and rule.is_hearsay and rule.publisher not in case.scopes:
        severity, doubt = "warning", " (reported by third parties, not confirmed by the store)"
    words = {"value": found.value, **found.words}
    return Finding(
        rule=rule.id,
        severity=severity,
        blocking=severity == "error",
        field=found.field,
        value=found.value,
        message=rule.message.format_map(words) + doubt,
        passes=found.passes or rule.passes.format_map(words),
        fix=rule.fix.format_map(words),
        example=rule.example,
        repair=None
        if found.instead is None
        else Repair(field=found.field, before=found.value, after=found.instead),
        source=rule.source,
        as_of=rule.as_of,
        evidence=next(kind for kind in _STRONGEST if kind in rule.evidence).value,
        docs_url=f"/rules/{rule.id}",
    )


def _severity(rule: Rule, scopes: frozenset[Scope]) -> Severity:
    """How bad it is there: the worst of what the target's scopes say."""
    if isinstance(rule.severity, str):
        return rule.severity
    said = [severity for scope, severity in rule.severity.items() if scope in scopes]
    return max(said, key=lambda severity: _WORSE[severity])
