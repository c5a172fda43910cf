"""What a program may look at when a request goes out and when its answer is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it goes out: no headers, no body, so no key.

    Attributes:
        method: in capitals.
        route: the path with `{id}` for each id, such as `/tracks/{id}`.
        target: path and query as sent, below the API's prefix.
        attempt: 1 for the first try.
        idempotency_key: the same for all tries; None for a GET.
    """

    method: str
    route: str
    target: str
    attempt: int
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class SeenResponse:
    """How a try ended.

    Attributes:
        request: what was sent.
        status: the HTTP status; None when no answer arrived.
        request_id: what to tell whoever runs the server.
        seconds: from sending to having read the answer.
        error: the name of the exception class that the try ended with; None when it went well.
    """

    request: SentRequest
    status: int | None
    request_id: str | None
    seconds: float
    error: str | None


OnRequest = Callable[[SentRequest], None]
OnResponse = Callable[[SeenResponse], None]
