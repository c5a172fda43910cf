"""What is asked for around a webhook."""

from __future__ import annotations

import re
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from aimusicverse.secret import MASK, Secret
from aimusicverse.types.api_key_request import DAY_SECONDS, LONGEST_OVERLAP_SECONDS
from aimusicverse.types.base import AskedTimestamp, WrittenOut
from aimusicverse.types.event import EVENT_TYPES
from aimusicverse.types.json_object import JsonObject
from aimusicverse.types.playlist_request import Description
from aimusicverse.types.request import Request
from aimusicverse.types.webhook import MOST_EVENTS, RetrySchedule

#: Own headers of an endpoint.
MOST_HEADERS: Final = 20
LONGEST_HEADER: Final = 4_000

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")  # RFC 9110, section 5.1
_VALUE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")  # RFC 9110, section 5.5, ASCII alone
_PATTERN: Final = re.compile(r"\*|[a-z_]+\.(?:\*|[a-z_]+)")
#: What the message, its signature or the connection says by itself.
_RESERVED: Final = frozenset(
    (
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "host",
        "http2-settings",
        "http2-settings",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    )
)
_RESERVED_BEGINNINGS: Final = ("webhook-", "svix-", "proxy-", "sec-", "x-amv-")


def known_patterns(patterns: list[str]) -> list[str]:
    """Each once. Raise ValueError for one that no event fits."""
    for pattern in patterns:
        if not _PATTERN.fullmatch(pattern):
            raise ValueError(f"{pattern[:60]!r} is no type of events, nor `generation.*` or `*`")
        if not any(covers(pattern, known) for known in EVENT_TYPES):
            raise ValueError(f"there are no events {pattern[:60]!r}; there are: {', '.join(EVENT_TYPES)}")
    return list(dict.fromkeys(patterns))


def covers(pattern: str, type: str) -> bool:
    """Whether an endpoint that asked for `pattern` gets events of a type."""
    return pattern in ("*", type) or (pattern.endswith(".*") and type.startswith(pattern[:-1]))


def _sendable(headers: dict[str, Secret]) -> dict[str, Secret]:
    seen = set()
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name):
            raise ValueError(f"{name[:60]!r} cannot be a header's name")
        lower = name.lower()
        if lower in seen:
            raise ValueError(f"the header {name} is there twice")
        seen.add(lower)
        if lower in _RESERVED or lower.startswith(_RESERVED_BEGINNINGS):
            raise ValueError(f"the header {name} is set by the server itself")
        text = value.get_secret_value()
        if text == MASK:  # sent back as it was shown, it would take the place of the value
            raise ValueError(f"the value of {name} is only shown as {MASK}; send it itself")
        if len(text) > LONGEST_HEADER or not _VALUE.fullmatch(text):
            raise ValueError(
                f"the value of {name} is not 1 to {LONGEST_HEADER} printable ASCII characters on one line"
            )
    return headers


Patterns = Annotated[list[str], Field(min_length=1, max_length=50), AfterValidator(known_patterns)]
Headers = Annotated[dict[str, WrittenOut], Field(max_length=MOST_HEADERS), AfterValidator(_sendable)]
Address = Annotated[str, Field(min_length=1, max_length=2_000)]
EventId = Annotated[str, Field(pattern=r"^evt_[0-9A-Za-z]{1,36}$")]


class WebhookCreate(Request):
    """A new endpoint. It gets an event `endpoint.test` at once."""

    url: Address = Field(description="https://…; http and this machine only where the server is local.")
    events: Patterns = Field(default=["*"], description="Types, `generation.*`, or `*` for all.")
    description: Description | None = None
    headers: Headers = Field(default={}, description="To be sent along, such as `Authorization`.")
    retry_schedule: RetrySchedule = Field(
        default="fast",
        description="`fast`: after 1, 2, 4, 8, 16 seconds. `extended`: then after 5 and 30 minutes, 2, 8 and "
        "24 hours.",
    )


class WebhookUpdate(Request):
    """What to change; what is left out stays as it is."""

    url: Address | None = Field(default=None, description="Left out: unchanged. It cannot be null.")
    events: Patterns | None = Field(default=None, description="Left out: unchanged. It cannot be null.")
    description: Description | None = Field(default=None, description="Null or empty: none any more.")
    headers: Headers | None = Field(
        default=None, description="All of them from now on. Left out: unchanged. It cannot be null."
    )
    retry_schedule: RetrySchedule | None = Field(
        default=None, description="Left out: unchanged. It cannot be null."
    )
    enabled: bool | None = Field(default=None, description="Left out: unchanged. It cannot be null.")

    @field_validator("url", "events", "headers", "retry_schedule", "enabled")
    @classmethod
    def _given(cls, value: object) -> object:
        if value is None:
            raise ValueError("this cannot be null; leave it out to keep it")
        return value


class WebhookRotate(Request):
    """How one secret takes the place of another."""

    overlap_seconds: int = Field(
        default=DAY_SECONDS,
        ge=0,
        le=LONGEST_OVERLAP_SECONDS,
        description="How long messages are signed with the old one too. 0: not any more.",
    )


class WebhookReplayCreate(Request):
    """Which events are to be sent again: those named, or a stretch of the log."""

    event_ids: list[EventId] | None = Field(default=None, min_length=1, max_length=MOST_EVENTS)
    since: AskedTimestamp | None = Field(default=None, description="What happened from then on.")
    after: int | None = Field(default=None, ge=0, le=2**63 - 1, description="What came after this `seq`.")
    delivered_too: bool = Field(
        default=False,
        description="Also what was delivered: the endpoint gets it once more, under the same id.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.event_ids is not None and (self.since is not None or self.after is not None):
            raise ValueError("name either event_ids, or since and after")
        if self.event_ids is None and self.since is None and self.after is None:
            raise ValueError("name event_ids, since or after")
        return self


class EventTrigger(Request):
    """A sample, as if something had happened."""

    type: str = Field(max_length=60, description="Such as `generation.completed`.")
    data: JsonObject = Field(default={}, description="What to put over the sample's own fields.")

    @field_validator("type")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in EVENT_TYPES:
            raise ValueError(f"there are no events {value[:60]!r}; there are: {', '.join(EVENT_TYPES)}")
        return value
