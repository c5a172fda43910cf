"""Distributions: releases on their way to where people listen to them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from aimusicverse.types.base import Answer, Editable, Timestamp
from aimusicverse.types.json_object import JsonObject
from aimusicverse.types.quote import Quote

Mode = Literal["sandbox", "live"]
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
#: How a release gets to a store.
ConnectorKind = Literal["api", "package", "kit"]

_MODE = "`sandbox`: a stand-in store of this server, which nobody can hear. `live`: a real one."


class TrackDistribution(Answer):
    """Where a track stands, or is to stand: one platform of one distribution that has it."""

    distribution_id: str = Field(description="`dst_…`.")
    platform: str = Field(description="Such as `spotify`.")
    mode: Mode | str = Field(description=_MODE)
    status: DeliveryStatus | str
    external_url: str | None = Field(default=None, description="Where people listen to it, once it is live.")
    updated_at: Timestamp


class StoreDeliveryProblem(Answer):
    """Why a store does not have it, and what to do."""

    code: str = Field(description="Stable, with a page of the docs each.")
    message: str
    field: str | None = Field(default=None, description="Of the metadata: `tracks[0].isrc`.")
    hint: str | None = None
    docs_url: str | None = None
    retryable: bool = Field(
        description="Whether the same may work later. `false`: something has to be changed first."
    )


class StoreDelivery(Answer):
    """One store of a distribution, and how far it is there."""

    platform: str = Field(description="Such as `spotify`.")
    connector: ConnectorKind | str = Field(
        description="`api`: the store's own. `package`: files for a provider. `kit`: a person fills a form."
    )
    mode: Mode | str = Field(description=_MODE)
    status: DeliveryStatus | str
    external_id: str | None = Field(default=None, description="The store's own id of it.")
    external_url: str | None = Field(default=None, description="Where people listen to it, once it is live.")
    problem: StoreDeliveryProblem | None = None
    attempts: int = Field(description="How often it was tried since it was last asked for.")
    next_attempt_at: Timestamp | None = Field(default=None, description="When it is tried again by itself.")
    package_url: str | None = Field(
        default=None, description="Of what a person can hand over himself: a kit or package, as a zip."
    )
    streams: int | None = Field(default=None, description="How often it was heard, where the store tells.")
    progress: float | None = Field(default=None, description="Of an upload, 0 to 1.")
    updated_at: Timestamp


class Distribution(Editable):
    """A release, and the stores that it goes to."""

    mode: Mode | str = Field(description=_MODE)
    status: DeliveryStatus | str = Field(
        description="Of its deliveries the first in this order: failed, rejected, action_required, uploading,"
        " processing, validating, queued, paused, scheduled, draft, cancelled, taken_down, live."
    )
    title: str = Field(description="Of the release.")
    metadata: JsonObject = Field(description="The release in its long form.")
    platforms: list[str]
    via: str | None = Field(default=None, description="The distributor; `null`: you deliver by yourself.")
    track_ids: list[str]
    artwork_id: str | None = Field(default=None, description="Of its cover.")
    release_at: Timestamp | None = Field(
        default=None, description="From when people may hear it. `null`: as soon as the stores are ready."
    )
    revision: int = Field(description="1, and one more with each edit.")
    deliveries: list[StoreDelivery]
    quote: Quote | None = Field(default=None, description="What the distributor costs, as of `created_at`.")
    submitted_at: Timestamp | None = None


class DistributionEvent(Answer):
    """A line of a distribution's history."""

    id: str
    at: Timestamp
    platform: str | None = Field(default=None, description="`null`: it concerns all of them.")
    type: str = Field(description="Such as `uploading`, `retry_scheduled`, `live`, `edited`.")
    status: DeliveryStatus | str | None = Field(default=None, description="Of the delivery, since then.")
    message: str
    details: dict[str, Any] = {}


class DistributionList(Answer):
    """Some distributions, as an action left them."""

    data: list[Distribution]
