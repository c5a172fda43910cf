"""Events sent on to a receiver, with the bytes and headers that the server would send; and what came back."""

from __future__ import annotations

import socket
import ssl
import time
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from aimusicverse.cli.webhooks.receiver_client import receiver_client
from aimusicverse.secret import Secret
from aimusicverse.transport.deadline import Deadline, PhaseTimeouts
from aimusicverse.transport.lean_httpx import httpx
from aimusicverse.types import DeliveryAttempt, Event
from aimusicverse.webhooks import message


class Forwarder:
    """Sends to one receiver."""

    def __init__(self, url: str, shown: str, secret: Secret) -> None:
        """Get ready.

        Args:
            url: of http or https.
            shown: the same as it may be shown.
            secret: by which messages are signed.
        """
        self._url = httpx.URL(url)
        self._shown = shown
        self._secret = secret
        self._client = receiver_client(self._url, headers={})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def forward(self, event: Event, *, number: int, seconds: float) -> DeliveryAttempt:
        """Send an event once. Whatever goes wrong at the other end is part of what is told.

        Args:
            event: from the log.
            number: which of the tries it is, from 1 on.
            seconds: up to the end of the answer.
        """
        at, began = datetime.now(UTC), time.perf_counter()
        found = self._sent(event, Deadline(seconds))
        duration = round((time.perf_counter() - began) * 1000, 2)
        return DeliveryAttempt(number=number, at=at, url=self._shown, duration_ms=duration, **found)

    def _sent(self, event: Event, deadline: Deadline) -> dict[str, Any]:
        body = message.body_of(event.id, event.type, event.timestamp, event.data, test=event.test)
        headers = message.headers_of(body, self._secret, event_id=event.id, timestamp=int(time.time()))
        request = self._client.build_request(
            "POST",
            self._url,
            headers=headers,
            content=body,
            extensions={"timeout": PhaseTimeouts(deadline)},
        )
        try:
            response = self._client.send(request, stream=True)
        except httpx.TransportError as error:
            reason = _reason(error)
            # The words of whoever speaks no HTTP are not shown.
            detail = "what came back is no HTTP" if reason == "protocol" else str(error) or None
            return {"error": reason, "error_detail": detail}
        answer = bytearray()
        ended = None
        read = 0
        try:
            for piece in response.iter_raw():
                answer += piece[: message.KEPT_BYTES - len(answer)]
                read += len(piece)
                if read > message.READ_BYTES:
                    break
        except httpx.TransportError as error:
            # What was answered counts, even if the rest of it did not come.
            ended = "deadline" if isinstance(error, httpx.TimeoutException) else "cut"
        finally:
            response.close()
        return {
            "status_code": response.status_code,
            "error": ended,
            "response_body": answer.decode("utf-8", "replace"),
        }


def accepted(attempt: DeliveryAttempt) -> bool:
    """Whether the receiver has taken it: 2xx, and nothing else."""
    return attempt.status_code is not None and 200 <= attempt.status_code < 300


def _reason(error: httpx.TransportError) -> str:
    """Why there was no answer, in the words that deliveries have for it."""
    if isinstance(error, httpx.TimeoutException):
        return "timeout"
    if isinstance(error, httpx.ConnectError):
        causes = _causes(error)
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return "dns"
        return "tls" if any(isinstance(cause, ssl.SSLError) for cause in causes) else "connect"
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in str(error):
        return "protocol"
    return "reset"


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(found) < 10:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found
