"""Why a delivery stands still, as its row keeps it: what a person is told, and what is done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from aimusicverse.platforms import store_problems
from aimusicverse.platforms.base import StoreProblem
from aimusicverse.release.package_error import CannotPackage
from aimusicverse.types import FieldError, Finding, TargetReport, ValidationReport

#: Of findings in an answer that refuses all of it.
_MOST_ERRORS: Final = 100


def kept(
    problem: StoreProblem,
    *,
    revision: int,
    step: str,
    failures: int = 0,
    since: datetime | None = None,
    retryable: bool | None = None,
) -> dict[str, Any]:
    """A problem as its row keeps it.

    Args:
        problem: what the store said.
        revision: of the release, with which it came.
        step: at which.
        failures: in a row, at this step.
        since: the first of them.
        retryable: whether the same may work later; left out: as its kind says.
    """
    return {
        "code": problem.code,
        "message": problem.message,
        "field": problem.field,
        "hint": problem.hint,
        "docs_url": store_problems.docs_url(problem.code),
        "retryable": problem.kind in store_problems.RETRYABLE if retryable is None else retryable,
        "kind": problem.kind,
        "revision": revision,
        "step": step,
        "failures": failures,
        "since": None if since is None else since.isoformat(),
    }


def of_package(error: CannotPackage) -> StoreProblem:
    """Of a release of which no package can be made."""
    first, *others = error.obstacles
    more = f" And {len(others)} more: {'; '.join(map(str, others[:3]))}" if others else ""
    return store_problems.general(
        "package_failed", first.message, field=first.field, hint=f"{first.fix}{more}"
    )


def of_rules(report: ValidationReport, platform: str, revision: int) -> dict[str, Any] | None:
    """The rule that keeps a release from a store, or from the distributor who would bring it there; `None`:
    none does. Its code is the rule's id in small letters: `id_isrc_missing`.
    """
    blocking = _blocking(report, platform)
    if not blocking:
        return None
    first, others = blocking[0], blocking[1:]
    more = f" And {len(others)} more: {' '.join(one.message for one in others[:3])}" if others else ""
    return {
        "code": code_of(first),
        "message": first.message,
        "field": first.field,
        "hint": f"{first.fix}{more}",
        "docs_url": first.docs_url,
        "retryable": False,
        "kind": "metadata",
        "revision": revision,
        "step": "validate",
        "failures": 0,
        "since": None,
    }


def errors_of(report: ValidationReport) -> list[FieldError]:
    """All that blocks, each value and rule once, as errors of a request."""
    found = {
        (one.rule, one.field): FieldError(
            field=f"metadata.{one.field}",
            code=code_of(one),
            message=f"{target.target}: {one.message}",
            hint=one.fix,
            example=one.example,
        )
        for target in reversed(report.targets)
        for one in target.findings
        if one.blocking
    }
    return list(found.values())[:_MOST_ERRORS]


def code_of(finding: Finding) -> str:
    """`ID-ISRC-MISSING` is `id_isrc_missing`."""
    return finding.rule.lower().replace("-", "_")


def _blocking(report: ValidationReport, platform: str) -> list[Finding]:
    concerned: list[TargetReport] = [
        target for target in report.targets if target.target == platform or target.kind == "distributor"
    ]
    return [finding for target in concerned for finding in target.findings if finding.blocking]
