"""A report in the XML that JUnit began and CI systems read: a suite for each target, a case for each rule
that concerns it. What blocks is a failure; what does not is told in the case's output.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree  # nosec B405

from aimusicverse.release.reports.told import who_judged
from aimusicverse.release.rules.table import RULES
from aimusicverse.release.targets import DISTRIBUTORS, STORES, Scope
from aimusicverse.types.validation import Finding, TargetReport, ValidationReport

#: What XML 1.0 cannot hold, and what would turn a line around in a terminal.
_NOT_XML: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def document(report: ValidationReport, *, file: str, line_of: Callable[[str], int], began: datetime) -> bytes:
    """The document.

    Args:
        report: what rules say.
        file: the release's.
        line_of: the line in it where a field stands.
        began: when it was judged.
    """
    root = ElementTree.Element("testsuites", {"name": "amv release check"})
    cases = failures = 0
    when = began.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for target in report.targets:
        suite = ElementTree.SubElement(root, "testsuite", {"name": who_judged(target), "timestamp": when})
        ElementTree.SubElement(
            ElementTree.SubElement(suite, "properties"), "property", {"name": "file", "value": _safe(file)}
        )
        count, failed = _cases(suite, target, file, line_of)
        _counts(suite, count, failed)
        cases, failures = cases + count, failures + failed
    _counts(root, cases, failures)
    ElementTree.indent(root)
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _cases(
    suite: ElementTree.Element, target: TargetReport, file: str, line_of: Callable[[str], int]
) -> tuple[int, int]:
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in target.findings:
        found[finding.rule].append(finding)
    scopes, count, failed = _scopes(target), 0, 0
    for rule in RULES:
        if scopes.isdisjoint(rule.scopes) and rule.id not in found:
            continue
        count += 1
        case = ElementTree.SubElement(
            suite, "testcase", {"classname": f"release.{target.target}", "name": rule.id, "time": "0"}
        )
        blocking = [finding for finding in found[rule.id] if finding.blocking]
        others = [finding for finding in found[rule.id] if not finding.blocking]
        if blocking:
            failed += 1
            told = {"type": rule.id, "message": _safe(blocking[0].message)}
            ElementTree.SubElement(case, "failure", told).text = _all(blocking, file, line_of)
        if others:
            ElementTree.SubElement(case, "system-out").text = _all(others, file, line_of)
    return count, failed


def _scopes(target: TargetReport) -> frozenset[Scope]:
    if target.kind == "distributor":
        return DISTRIBUTORS[target.target].scopes
    store = STORES[target.target]
    return store.by_distributor if target.via else store.direct


def _all(findings: list[Finding], file: str, line_of: Callable[[str], int]) -> str:
    return "\n".join(
        _safe(
            f"{file}:{line_of(finding.field)}: {finding.severity}: {finding.field}: {finding.message} "
            f"Passes: {finding.passes}. {finding.fix}"
        )
        for finding in findings
    )


def _counts(element: ElementTree.Element, cases: int, failures: int) -> None:
    counts = {"tests": cases, "failures": failures, "errors": 0}
    if element.tag == "testsuite":
        counts["skipped"] = 0
    for name, number in counts.items():
        element.set(name, str(number))
    element.set("time", "0")


def _safe(text: str) -> str:
    return _NOT_XML.sub(lambda match: match.group().encode("unicode_escape").decode("ascii"), text)
