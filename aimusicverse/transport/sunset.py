"""`Deprecation` and `Sunset` (RFC 9745, RFC 8594) as Python's own warning, at the caller's own line."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime

#: Whose frames stand between the caller and here.
_BETWEEN = frozenset({"aimusicverse", "tenacity", "asyncio", "contextlib"})


class Deprecations:
    """What the server said is going away; each operation is warned of once per client."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def warn(self, operation: str, headers: Mapping[str, str]) -> None:
        """Warn if `headers` say so. `operation`: method and route."""
        since = headers.get("deprecation")
        if since is None or operation in self._told:
            return
        self._told.add(operation)
        sunset = headers.get("sunset")
        until = f" and stops working on {sunset}" if sunset else ""
        warnings.warn(
            f"{operation}, or something that was sent to it, is deprecated{_day(since)}{until}; "
            "the server's documentation says what to use instead",
            DeprecationWarning,
            stacklevel=_depth_of_the_caller(),
        )


def _day(since: str) -> str:
    """`@1767225600` → ` since 2026-01-01`."""
    try:
        return f" since {datetime.fromtimestamp(int(since.removeprefix('@')), UTC):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError):
        return ""


def _depth_of_the_caller() -> int:
    """Steps from `warn` up to the first frame that is not of this package."""
    frame = sys._getframe(2)
    depth = 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _BETWEEN:
        frame = frame.f_back
        depth += 1
    return depth
