"""A report in the XML that JUnit began and CI systems read. It is written here, and none is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree  # nosec B405

from aimusicverse.cli.safe_text import one_line
from aimusicverse.webhooks.receiver_verdicts import Verdict

#: Without an answer there is nothing to judge, which JUnit calls an error and no failure.
_ERRORS = ("timed_out", "cut", "unreachable", "not_run")


def report(verdicts: Sequence[Verdict], *, url: str, began: datetime) -> bytes:
    """The document.

    Args:
        verdicts: one a case.
        url: of the receiver, as it may be shown.
        began: when.
    """
    wrong = [verdict.code for verdict in verdicts if not verdict.right]
    errors = sum(code in _ERRORS for code in wrong)
    counts = {
        "name": "amv webhooks check",
        "tests": str(len(verdicts)),
        "failures": str(len(wrong) - errors),
        "errors": str(errors),
        "time": f"{sum(verdict.seconds for verdict in verdicts):.3f}",
    }
    root = ElementTree.Element("testsuites", counts)
    when = began.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = ElementTree.SubElement(root, "testsuite", {**counts, "skipped": "0", "timestamp": when})
    properties = ElementTree.SubElement(suite, "properties")
    ElementTree.SubElement(properties, "property", {"name": "url", "value": one_line(url)})
    for verdict in verdicts:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            {"classname": "webhooks", "name": verdict.case.name, "time": f"{verdict.seconds:.3f}"},
        )
        if not verdict.right:
            kind = "error" if verdict.code in _ERRORS else "failure"
            told = {"type": verdict.code, "message": one_line(f"{verdict.did}: {verdict.text}")}
            ElementTree.SubElement(case, kind, told)
        else:
            ElementTree.SubElement(case, "system-out").text = f"{verdict.case.sent}: {verdict.did}"
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
