"""What the rules say of a release: for each store and distributor, and finding by finding."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer

Severity = Literal["error", "warning", "info"]


class Repair(Answer):
    """A change that would make a finding go away. It is shown, and made only when asked."""

    field: str
    before: str | None = None
    after: str | None = None


class Finding(Answer):
    """Something that a published rule says of one value."""

    rule: str = Field(description="Id of the rule, like `ID-ISRC-FMT`: stable, with a page each.")
    severity: Severity | str
    blocking: bool = Field(description="Whether this target would not take the release because of it.")
    field: str = Field(description="Path of the value: `tracks[1].isrc`; the first track is 0.")
    value: str | None = Field(default=None, description="As found; `None`: nothing.")
    message: str
    passes: str = Field(description="What would pass.")
    fix: str = Field(description="What to do.")
    example: str | None = None
    repair: Repair | None = None
    source: str = Field(description="Who says so: a page or specification.")
    as_of: date = Field(description="When that was read.")
    evidence: str = Field(description="`official`, `verified`, `third_party`, `code`, `own` or `unverified`.")
    docs_url: str


class TargetReport(Answer):
    """All that the rules of one store or distributor say."""

    target: str = Field(description="`spotify`, `apple_music`, `distrokid`, …")
    kind: Literal["store", "distributor"] | str
    via: str | None = Field(default=None, description="The distributor by which a store is reached.")
    blocking: bool
    findings: list[Finding]
    left_out: int = Field(
        default=0,
        description="Findings of rules that were broken more than 100 times: a server lists the first.",
    )


class ValidationReport(Answer):
    """What was judged against every published rule of ours: never more than that."""

    blocking: bool = Field(description="Whether one of the targets would not take it.")
    targets: list[TargetReport]
    rules_as_of: date = Field(description="Of the newest of the rules.")
