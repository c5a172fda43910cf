"""Distributions as a file: all that a server knows of them, to be kept, or taken to another server."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)

from aimusicverse.types.base import Answer, AskedTimestamp
from aimusicverse.types.distribution import ConnectorKind, DeliveryStatus, Mode
from aimusicverse.types.json_object import JsonObject
from aimusicverse.types.request import Request

#: What the file says of itself.
EXPORT_FORMAT: Final = "aimusicverse.distributions/1"
#: In one file.
MOST_DISTRIBUTIONS: Final = 10_000
#: Of one distribution.
MOST_LINES: Final = 10_000
MOST_DELIVERIES: Final = 50


def _storable(value: str) -> str:
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("a character in it is none")
    return value


def _moment(value: str) -> str:
    datetime.fromisoformat(value)
    return value


def _sealed(value: str) -> str:
    base64.b64decode(value, validate=True)
    return value


_Text = AfterValidator(_storable)
Short = Annotated[str, Field(min_length=1, max_length=100), _Text]
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
Platform = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
#: What the job of a delivery does next.
Step = Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
WebUrl = Annotated[str, Field(max_length=2_000, pattern=r"^https?://[^\s/]+(/\S*)?$"), _Text]


class _Exported(Request):
    """Taken as it is written: not even a blank at an end is lost."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", str_strip_whitespace=False, allow_inf_nan=False
    )


class ExportedProblem(_Exported):
    """Why a store does not have it; `kind` and what follows tell the server what to do about it."""

    code: Short
    message: Annotated[str, Field(max_length=10_000), _Text]
    field: Annotated[str, Field(max_length=1_000), _Text] | None = None
    hint: Annotated[str, Field(max_length=20_000), _Text] | None = None
    docs_url: Annotated[str, Field(max_length=2_000), _Text] | None = None
    retryable: bool
    kind: Short | None = None
    revision: Number | None = None
    step: Step | None = None
    failures: Number | None = None
    since: Annotated[str, Field(max_length=40), AfterValidator(_moment)] | None = None

    _order: list[str] = PrivateAttr(default=[])

    @model_validator(mode="wrap")
    @classmethod
    def _remember_the_order(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        found = handler(value)
        if isinstance(value, dict):
            found._order = list(value)
        return found

    def kept(self) -> dict[str, Any]:
        """As a row keeps it, in the order in which it was written: a later export says it so."""
        values = self.model_dump(mode="json", exclude_unset=True)
        return {name: values[name] for name in self._order or values}


class ExportedDelivery(_Exported):
    """One store of a distribution."""

    platform: Platform
    connector: ConnectorKind
    status: DeliveryStatus
    step: Step
    external_id: Annotated[str, Field(min_length=1, max_length=200), _Text] | None = None
    external_url: WebUrl | None = None
    problem: ExportedProblem | None = None
    attempts: Number = 0
    next_attempt_at: AskedTimestamp | None = None
    streams: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = None
    progress: Annotated[float, Field(ge=0, le=1)] | None = None
    paused_from: Step | None = None
    delivered_revision: Number | None = None
    journal: Annotated[str, Field(max_length=2_000_000), AfterValidator(_sealed)] = Field(
        default="",
        description="What its connector noted, sealed: only a server with the same master key reads it.",
    )
    updated_at: AskedTimestamp


class ExportedEvent(_Exported):
    """A line of a distribution's history."""

    id: Annotated[str, Field(pattern=r"^[a-z]{3}_[0-9A-Za-z]{1,36}$")]
    at: AskedTimestamp
    platform: Platform | None = None
    type: Annotated[str, Field(min_length=1, max_length=40), _Text]
    status: DeliveryStatus | None = None
    message: Annotated[str, Field(max_length=1_000), _Text]
    details: JsonObject = {}


class ExportedDistribution(_Exported):
    """All that a server knows of a distribution."""

    id: Annotated[str, Field(pattern=r"^dst_[0-9A-Za-z]{1,36}$")]
    mode: Mode
    status: DeliveryStatus
    title: Annotated[str, Field(max_length=300), _Text]
    via: Short | None = None
    artwork_id: Annotated[str, Field(pattern=r"^art_[0-9A-Za-z]{1,36}$")] | None = None
    release_at: AskedTimestamp | None = None
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    created_at: AskedTimestamp
    updated_at: AskedTimestamp
    submitted_at: AskedTimestamp | None = None
    completed_at: AskedTimestamp | None = None
    track_ids: Annotated[
        list[Annotated[str, Field(pattern=r"^trk_[0-9A-Za-z]{1,36}$")]], Field(max_length=500)
    ] = []
    metadata: JsonObject
    quote: JsonObject | None = None
    deliveries: Annotated[list[ExportedDelivery], Field(min_length=1, max_length=MOST_DELIVERIES)]
    events: Annotated[list[ExportedEvent], Field(max_length=MOST_LINES)] = []


class DistributionExport(_Exported):
    """A file of distributions, the oldest first."""

    format: Literal["aimusicverse.distributions/1"]
    distributions: Annotated[list[ExportedDistribution], Field(max_length=MOST_DISTRIBUTIONS)]


class DistributionImport(Answer):
    """What came of a file."""

    imported: int = Field(description="Distributions that are new here.")
    unchanged: int = Field(description="Those that you have already: nothing of them was changed.")
    paused: int = Field(
        description="Deliveries that were on their way: they wait until you resume them. Nothing was sent."
    )
    renamed: dict[str, str] = Field(
        default={}, description="New ids of distributions whose own was taken here, by their old ones."
    )
