"""Times in a query."""

from __future__ import annotations

from datetime import datetime

from aimusicverse.errors import ConfigurationError


def moment(value: datetime | str | None) -> str | None:
    """A time as RFC 3339; text goes as it is, for the server to judge.

    Raises:
        ConfigurationError: a time without a zone, which could be any of many.
    """
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ConfigurationError("a time needs a zone: datetime(2026, 1, 31, tzinfo=UTC)")
    return value.isoformat()
