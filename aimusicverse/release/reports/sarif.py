"""SARIF 2.1.0 (OASIS, 2020), which GitHub and editors show beside the lines of a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from aimusicverse._version import __version__
from aimusicverse.release.reports.told import Told, told
from aimusicverse.release.rules.rule import Rule
from aimusicverse.release.rules.table import BY_ID
from aimusicverse.release.rules.words import in_general
from aimusicverse.types.validation import ValidationReport

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}


def document(report: ValidationReport, *, file: str, line_of: Callable[[str], int]) -> dict[str, Any]:
    """The log, ready for JSON.

    Args:
        report: what rules say.
        file: the release's, as CI knows it: a path from the root of the repository.
        line_of: the line in it where a field stands.
    """
    findings = told(report)
    ids = list(dict.fromkeys(one.finding.rule for one in findings))
    places = {rule: place for place, rule in enumerate(ids)}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "amv release check",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(BY_ID[rule]) for rule in ids],
                    }
                },
                "invocations": [{"executionSuccessful": True}],
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, places, file, line_of) for one in findings],
                "properties": {
                    "targets": [target.target for target in report.targets],
                    "blocking": report.blocking,
                    "rulesAsOf": report.rules_as_of.isoformat(),
                },
            }
        ],
    }


def _uri(file: PurePath) -> str:
    """As CI reads it: relative to the root of the repository, or the address of a file of this machine."""
    return file.as_uri() if file.is_absolute() else quote(file.as_posix())


def _rule(rule: Rule) -> dict[str, Any]:
    passes = in_general(rule.passes)
    help_text = f"Passes: {passes}. {in_general(rule.fix)} Source: {rule.source} ({rule.as_of})."
    return {
        "id": rule.id,
        "shortDescription": {"text": in_general(rule.message)},
        "fullDescription": {"text": f"What passes: {passes}"},
        "help": {"text": help_text},
        "properties": {
            "tags": ["release", rule.group.value],
            "evidence": sorted(kind.value for kind in rule.evidence),
        },
    }


def _result(one: Told, places: dict[str, int], file: str, line_of: Callable[[str], int]) -> dict[str, Any]:
    finding = one.finding
    return {
        "ruleId": finding.rule,
        "ruleIndex": places[finding.rule],
        "level": _LEVELS.get(finding.severity, "note"),
        "message": {"text": f"{finding.message} Passes: {finding.passes}. {finding.fix} At: {one.names}."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(PurePath(file))},
                    "region": {"startLine": line_of(finding.field)},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.field, "kind": "member"}],
            }
        ],
        # Lines move; what a finding is about does not.
        "partialFingerprints": {"ruleAndField/v1": f"{finding.rule}:{finding.field}"},
        "properties": {"targets": list(one.targets), "blocking": finding.blocking, "value": finding.value},
    }
