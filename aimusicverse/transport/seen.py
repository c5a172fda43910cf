"""What a server says along with its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aimusicverse.transport.allowance import Allowance
from aimusicverse.transport.raw import recording
from aimusicverse.transport.sunset import Deprecations

if TYPE_CHECKING:
    from aimusicverse.transport.request import Request


class Seen:
    """Shared by all engines over the same connections."""

    def __init__(self) -> None:
        #: Of the last answer; empty before the first.
        self.headers: Mapping[str, str] = {}
        self.allowance: Allowance = Allowance()
        self._deprecations = Deprecations()

    def note(self, request: Request, status: int, headers: Mapping[str, str], *, limits: bool) -> None:
        """Take over what an answer says. `limits`: whether somebody waits by the allowance."""
        self.headers = headers
        if limits:
            self.allowance.seen(headers)
        record = recording.get()
        if record is not None:
            record.status, record.headers = status, headers
        if "deprecation" in headers:
            self._deprecations.warn(f"{request.method} {request.route}", headers)
