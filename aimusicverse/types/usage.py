"""Usage: what was asked of the API, how often, how quickly it answered."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer, Timestamp

UsageGrouping = Literal["key", "endpoint", "hour", "day"]


class Latency(Answer):
    """How long requests took on the server, in milliseconds. What a long poll waits does not count.

    Percentiles are within 14 % of the true ones, between 0.1 ms and 100 s.
    """

    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    mean: float | None = None


class UsageFigures(Answer):
    """What some requests come to."""

    requests: int
    errors: int = Field(description="Answers with a status of 400 and above, limits included.")
    server_errors: int = Field(description="Those of 500 and above.")
    limit_hits: int = Field(description="Requests that were refused because a rate limit was reached.")
    bytes_sent: int = Field(description="Of the answers' bodies.")
    latency_ms: Latency


class UsageGroup(UsageFigures):
    """One key, endpoint, hour or day; which of the fields is there depends on `group_by`."""

    key_id: str | None = None
    key_name: str | None = None
    endpoint: str | None = Field(
        default=None, description="Method and template, such as `GET /tracks/{track_id}`."
    )
    start: Timestamp | None = Field(default=None, description="When the hour or day begins, in UTC.")
    seconds: int | None = Field(
        default=None, description="3600 or 86400. Hours of long ago are only kept as days."
    )


class ClientUsage(Answer):
    """Requests that were made with one program, as its `User-Agent` says."""

    client: str = Field(description="`aimusicverse` is this SDK; `browser`, `other` and `none` are no names.")
    version: str | None = None
    requests: int


class UsageStats(Answer):
    """Your requests of a stretch of time, all of your keys together."""

    start: Timestamp
    end: Timestamp
    group_by: UsageGrouping | str | None = None
    total: UsageFigures
    data: list[UsageGroup] = Field(
        description="By time, or the most used first. What was not used is left out."
    )
    statuses: dict[str, int] = Field(description="Requests by the status of their answers.")
    clients: list[ClientUsage]
    sdk_share: float | None = Field(
        default=None, description="Which part of the requests was made with this SDK, 0 to 1."
    )
