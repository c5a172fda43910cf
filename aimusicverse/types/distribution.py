"""Distributions: where recordings are sent so that people can listen to them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer, Timestamp

DeliveryStatus = Literal[
    "draft",
    "scheduled",
    "paused",
    "queued",
    "validating",
    "uploading",
    "processing",
    "live",
    "failed",
    "rejected",
    "action_required",
    "cancelled",
    "taken_down",
]


class TrackDistribution(Answer):
    """Where a track stands, or is to stand: one platform of one distribution that has it."""

    distribution_id: str = Field(description="`dst_…`.")
    platform: str = Field(description="Such as `spotify`.")
    mode: Literal["sandbox", "live"] | str = Field(
        description="`sandbox`: a stand-in store of this server, which nobody can hear. `live`: a real one."
    )
    status: DeliveryStatus | str
    external_url: str | None = Field(default=None, description="Where people listen to it, once it is live.")
    updated_at: Timestamp
