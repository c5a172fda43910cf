"""Usage of a whole server, for those who look after it."""

from __future__ import annotations

from pydantic import Field

from aimusicverse.types.base import Answer, Timestamp
from aimusicverse.types.usage import ClientUsage, UsageFigures


class UserUsage(UsageFigures):
    """What one user asked."""

    user_id: str | None = Field(default=None, description="None: requests without a valid key.")
    user_name: str | None = None
    tier: str | None = None


class EndpointUsage(UsageFigures):
    """What was asked of one endpoint."""

    endpoint: str


class UsageVolume(UsageFigures):
    """What was asked in an hour or a day."""

    start: Timestamp
    seconds: int


class KeyToLookAt(Answer):
    """An API key that deserves a look."""

    key_id: str
    key_name: str
    user_id: str
    user_name: str
    reason: str = Field(
        description="`bursting`: far more requests than it usually makes. `never_used`: for a week. "
        "`old`: its rotation is due."
    )
    detail: str
    created_at: Timestamp
    last_used_at: Timestamp | None = None


class AdminUsage(Answer):
    """All requests of a stretch of time."""

    start: Timestamp
    end: Timestamp
    users: int = Field(description="How many there are.")
    active_users: int = Field(description="Those of them who asked anything.")
    total: UsageFigures
    volume: list[UsageVolume] = Field(description="By the hour, or of more than two days by the day.")
    by_user: list[UserUsage] = Field(description="The most active first.")
    endpoints: list[EndpointUsage] = Field(description="The most used first.")
    slow_endpoints: list[EndpointUsage] = Field(
        description="The slowest by their 95th percentile, of those that were asked 20 times or more."
    )
    statuses: dict[str, int]
    clients: list[ClientUsage]
    sdk_share: float | None = None
    keys: list[KeyToLookAt] = Field(description="As things stand now, whatever time is asked for.")
