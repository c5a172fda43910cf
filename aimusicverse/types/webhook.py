"""Webhooks: endpoints that the server calls, and what it sent them."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from aimusicverse.secret import Secret
from aimusicverse.types.base import Answer, Editable, Object, Timestamp

WebhookStatus = Literal["enabled", "failing", "disabled"]
#: `fast`: six tries within half a minute. `extended`: five more, over a day and a half.
RetrySchedule = Literal["fast", "extended"]
DeliveryState = Literal["pending", "succeeded", "failed", "dead"]
#: Events that one request of a replay can name.
MOST_EVENTS: Final = 100


class Webhook(Editable):
    """An endpoint of yours: the server sends it events, signed by Standard Webhooks 1.0.0."""

    url: str
    events: list[str] = Field(description="What is sent there: types, `generation.*`, or `*` for all.")
    description: str | None = None
    headers: dict[str, Secret] = Field(
        default={}, description="What is sent along; values are kept sealed and never shown."
    )
    status: WebhookStatus | str = Field(
        description="`failing`: the last event could not be delivered in any of its tries. `disabled`: "
        "nothing is sent; what happens meanwhile stays in the log, and can be replayed."
    )
    disabled_at: Timestamp | None = None
    disabled_for: Literal["by_user", "gone", "dead_events"] | str | None = Field(
        default=None,
        description="`gone`: it answered 410. `dead_events`: ten in a row, and none got through.",
    )
    retry_schedule: RetrySchedule | str = "fast"
    failure_count: int = Field(description="Events in a row that could not be delivered.")
    last_success_at: Timestamp | None = Field(default=None, description="To within a minute.")
    secrets_valid: int = Field(
        description="With how many secrets messages are signed: more than one while one replaces another."
    )
    secret: Secret | None = Field(
        default=None, description="`whsec_…`, only in the answer that makes or rotates it."
    )


class DeliveryAttempt(Answer):
    """One try to deliver an event."""

    number: int
    at: Timestamp
    url: str = Field(description="Where it went, without its query.")
    status_code: int | None = Field(default=None, description="Null: there was no answer.")
    duration_ms: float
    error: str | None = Field(
        default=None, description="Why there was none, such as `connect`, `timeout`, `refused_address`."
    )
    error_detail: str | None = None
    response_body: str | None = Field(
        default=None, description="The first 20 kB of the answer; only when one delivery is asked for."
    )


class Delivery(Object):
    """An event on its way to an endpoint. Delivered at least once, under the event's id each time."""

    webhook_id: str
    event_id: str
    event_type: str
    status: DeliveryState | str = Field(
        description="`pending`: a try is to come. `dead`: no further one, unless it is redelivered."
    )
    attempts: list[DeliveryAttempt] = Field(description="All tries, oldest first.")
    next_attempt_at: Timestamp | None = None


class WebhookReplay(Answer):
    """What a stretch of a replay did. Until `done`, go on with `after=last_seq`."""

    queued: int = Field(description="Deliveries that will be made.")
    skipped: int = Field(description="Events that were delivered already, or wait to be.")
    last_seq: int = Field(description="How far the log was gone through.")
    done: bool
