"""Alerts: what is out of order on a server, for those who look after it."""

from __future__ import annotations

from pydantic import Field

from aimusicverse.types.base import Answer, Object, Timestamp


class Alert(Object):
    """Something that was measured beyond what a rule allows, until it was well within again."""

    rule: str = Field(description="Such as `api_errors`.")
    subject: str | None = Field(
        default=None, description="What of the rule's it is about, such as a platform."
    )
    status: str = Field(description="`raised` or `cleared`.")
    message: str
    value: float = Field(description="What was measured when it was raised.")
    threshold: float
    raised_at: Timestamp
    cleared_at: Timestamp | None = None


class AlertReading(Answer):
    """What a rule measures now."""

    subject: str | None = None
    value: float | None = Field(default=None, description="None where too little has happened to judge by.")
    count: int = Field(description="How much that is: requests, deliveries.")
    raised: bool


class AlertRule(Answer):
    """What is watched."""

    rule: str
    description: str
    unit: str = Field(description="`share` (0 to 1) or `seconds`.")
    direction: str = Field(description="`above` or `below`: on which side of the threshold it is raised.")
    threshold: float
    clears_at: float = Field(description="Where it is cleared again: well within, or it would flicker.")
    window_seconds: int
    least_count: int = Field(description="With less than that there is no judgement.")
    readings: list[AlertReading]


class AlertReport(Answer):
    """The rules, and what was raised."""

    rules: list[AlertRule]
    data: list[Alert] = Field(
        description="Those that are raised, then those of the last 30 days, newest first; 100 at most."
    )
