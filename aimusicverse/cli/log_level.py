"""How much the server tells, as an option."""

from __future__ import annotations

from enum import StrEnum


class LogLevel(StrEnum):
    """How much the server tells."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
