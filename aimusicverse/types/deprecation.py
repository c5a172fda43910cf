"""Marks a route, a field or a parameter as going away: in one place, for spec, headers and docs.

    tempo: Annotated[float | None, Deprecation(since=…, sunset=…, instead="tempo_bpm")] = None

The specification says `deprecated: true`; an answer to a request that used it carries `Deprecation`
(RFC 9745) and, once the end is known, `Sunset` (RFC 8594).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when something should not be used, until when it works, and what to use instead."""

    since: date
    sunset: date | None
    instead: str

    def headers(self) -> dict[str, str]:
        """The answer's headers."""
        headers = {"Deprecation": f"@{int(_midnight(self.since).timestamp())}"}
        if self.sunset is not None:
            headers["Sunset"] = format_datetime(_midnight(self.sunset), usegmt=True)
        return headers

    def sentence(self) -> str:
        """For the specification and the docs."""
        until = f", works until {self.sunset.isoformat()}" if self.sunset else ""
        return f"Deprecated since {self.since.isoformat()}{until}. Use {self.instead}."

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = dict(handler(core_schema))
        schema["deprecated"] = True
        schema["description"] = f"{schema.get('description', '')} {self.sentence()}".strip()
        return schema


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
