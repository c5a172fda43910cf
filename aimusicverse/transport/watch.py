"""Who looks on at an exchange: the program's hooks, and its tracing."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from time import perf_counter
from typing import TYPE_CHECKING

from aimusicverse.transport.hooks import SeenResponse, SentRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimusicverse.errors import AMVError
    from aimusicverse.transport.request import Request
    from aimusicverse.transport.settings import Settings


def is_watched(settings: Settings) -> bool:
    """Whether anybody looks on. Most of the time nobody does, and nothing of this is done."""
    return (
        settings.on_response is not None
        or settings.on_request is not None
        or "opentelemetry.trace" in sys.modules
    )


class Watch:
    """One try as those see it who look on. What a hook raises ends the call."""

    def __init__(self, request: Request, base: str, attempt: int, settings: Settings) -> None:
        from aimusicverse.transport.telemetry import begin_span

        #: To be sent along, so that the server's spans hang on this one.
        self.headers: MutableMapping[str, str] = {}
        self._tell = settings.on_response
        self._sent = SentRequest(
            method=request.method,
            route=request.route,
            target=request.target,
            attempt=attempt,
            idempotency_key=request.headers.get("idempotency-key"),
        )
        if settings.on_request is not None:
            settings.on_request(self._sent)
        self._status: int | None = None
        self._request_id: str | None = None
        self._began = perf_counter()
        self._span = begin_span(request, base, attempt, self.headers)

    def answered(self, status: int, headers: Mapping[str, str]) -> None:
        """The head of an answer is there."""
        self._status = status
        self._request_id = headers.get("x-request-id")

    def ended(self, error: AMVError | BaseException | None) -> None:
        """All of it is there, or nothing more will come."""
        from aimusicverse.transport.telemetry import end_span

        name = None if error is None else type(error).__name__
        if self._span is not None:
            end_span(self._span, self._status, name)
        if self._tell is not None:
            seconds = perf_counter() - self._began
            self._tell(SeenResponse(self._sent, self._status, self._request_id, seconds, name))
