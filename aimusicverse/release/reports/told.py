"""Findings as they are told: the same one at several stores once, what blocks first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aimusicverse.release.targets import DISTRIBUTORS, STORES
from aimusicverse.types.validation import Finding, TargetReport, ValidationReport

_ORDER: Final = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Told:
    """A finding, and where it holds.

    Args:
        finding: as the first of them says it.
        targets: ids of the stores and distributors that say so, in order.
    """

    finding: Finding
    targets: tuple[str, ...]

    @property
    def names(self) -> str:
        """`Spotify, Apple Music`."""
        return ", ".join(map(name_of, self.targets))


def name_of(target: str) -> str:
    """How a store or distributor is written."""
    known = STORES.get(target) or DISTRIBUTORS.get(target)
    return target if known is None else known.name


def told(report: ValidationReport) -> list[Told]:
    """All of a report. What blocks at one store and is a warning at another is told twice; so is what passes
    at one in another way than at another.
    """
    seen: dict[tuple[str | None, ...], tuple[Finding, list[str]]] = {}
    for target in report.targets:
        for finding in target.findings:
            words = (finding.message, finding.passes, finding.fix)
            key = (finding.rule, finding.field, finding.value, finding.severity, *words)
            targets = seen.setdefault(key, (finding, []))[1]
            if target.target not in targets:
                targets.append(target.target)
    found = [Told(finding, tuple(targets)) for finding, targets in seen.values()]
    return sorted(found, key=lambda one: _ORDER.get(one.finding.severity, len(_ORDER)))


def who_judged(target: TargetReport) -> str:
    """`Spotify`, `Spotify by DistroKid`."""
    return name_of(target.target) + (f" by {name_of(target.via)}" if target.via else "")
