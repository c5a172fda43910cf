"""What all answers share: they are open, have times in UTC, and come in pages.

An answer's validator is built when it is first used: a program pays for the types that it meets.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from aimusicverse.secret import Secret

T = TypeVar("T")


def _to_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs a zone")
    return value.astimezone(UTC)


def rfc3339(value: datetime) -> str:
    """A time as RFC 3339 in UTC with milliseconds, as every answer writes it."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _AlwaysUtc:
    """What is UTC already, as in all answers, is taken without a call into Python; the rest is converted."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.union_schema(
            [
                core_schema.datetime_schema(tz_constraint=0),
                core_schema.no_info_after_validator_function(_to_utc, core_schema.datetime_schema()),
            ],
            mode="left_to_right",
            custom_error_type="timestamp",
            custom_error_message="Input should be a time with a zone, for example 2026-01-31T12:00:00Z",
        )


#: A moment; RFC 3339, always UTC on the wire (`2026-01-31T12:00:00.000Z`).
Timestamp = Annotated[
    datetime,
    _AlwaysUtc,
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation"),
]


def _not_a_number(value: Any) -> Any:
    number = not isinstance(value, datetime)
    if number:
        try:
            float(value)
        except (TypeError, ValueError):
            number = False
    if number:
        raise ValueError("Input should be a time with a zone, for example 2026-01-31T12:00:00Z")
    return value


#: A moment in a request: never a bare number, which pydantic would take for seconds since 1970.
AskedTimestamp = Annotated[Timestamp, BeforeValidator(_not_a_number)]


#: A secret that is written out where it is asked for as JSON, because somebody is to get it; for a person's
#: eyes it stays `***`.
WrittenOut = Annotated[
    Secret, PlainSerializer(lambda secret: secret.get_secret_value(), return_type=str, when_used="json")
]


class Answer(BaseModel):
    """What a server answers. Unknown fields are kept, so that an older client survives a newer server."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", protected_namespaces=(), defer_build=True)


class Object(Answer):
    """An answer that has an identity. Ids are a prefix and base62 (`gen_…`, `trk_…`), ordered by time."""

    id: str
    created_at: Timestamp
    updated_at: Timestamp


class Editable(Object):
    """An object that can be edited by several."""

    etag: str = Field(description="Changes with each edit. As `If-Match`, an edit is refused if it is stale.")


class Page(Answer, Generic[T]):
    """One page of a list. `next_cursor` is opaque; `None` says that this was the last page."""

    data: list[T]
    next_cursor: str | None = None
