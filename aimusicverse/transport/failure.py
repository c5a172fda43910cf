"""What a failed exchange is called. Nothing of httpx gets out, and nothing of the request with it."""

from __future__ import annotations

import os
import ssl

from aimusicverse.errors import APIConnectionError, APITimeoutError
from aimusicverse.transport.lean_httpx import httpx

#: Everything that a transport raises when an exchange fails.
TRANSPORT_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict, OSError)

_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectTimeout, "the server did not pick up in time"),
    (httpx.PoolTimeout, "no connection of the pool became free in time"),
    (httpx.TimeoutException, "no answer in time"),
    (httpx.ConnectError, "no connection"),
    (httpx.ProxyError, "the proxy refused"),
    (httpx.RemoteProtocolError, "the connection was cut, or what arrived was not HTTP"),
    (httpx.DecodingError, "the answer's compression is damaged"),
    (httpx.UnsupportedProtocol, "no transport for this address"),
    (httpx.NetworkError, "the connection was cut"),
    (httpx.TransportError, "the exchange failed"),
)


def failure(problem: Exception, doing: str) -> APIConnectionError:
    """The error for what a transport raised.

    The original is not kept as its cause: it holds the request, and with it the key. Of its text only
    that of a refused connection is taken over, which comes from the operating system or from TLS.
    """
    sentence = next((text for kind, text in _SENTENCES if isinstance(problem, kind)), "the exchange failed")
    if isinstance(problem, httpx.ConnectError) and (reason := system_words(problem)):
        sentence = f"{sentence} ({reason})"
    kind = (
        APITimeoutError if isinstance(problem, httpx.TimeoutException | TimeoutError) else APIConnectionError
    )
    return kind(f"{doing}: {sentence}")


def system_words(problem: BaseException) -> str:
    """Why there is no connection, as the operating system or TLS says it; the last one tried, of several."""
    words = str(problem)
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return str(cause)
        if isinstance(cause, OSError) and cause.errno is not None and cause.errno > 0:
            words = os.strerror(cause.errno)
        cause = cause.__cause__ or cause.__context__
    return words


def out_of_time(doing: str, seconds: float) -> APITimeoutError:
    """The error when a deadline has passed."""
    return APITimeoutError(f"{doing}: no answer within {seconds:g} s")


class ExchangeLost(Exception):
    """Leaves the reading of a body, never the engine: `error` is what the caller will see."""

    def __init__(self, error: APIConnectionError, *, repeatable: bool = True) -> None:
        super().__init__()
        self.error = error
        self.repeatable = repeatable
