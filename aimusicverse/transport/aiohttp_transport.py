"""Many calls at once for a fraction of the CPU: aiohttp under httpx, as the extra `aiohttp` brings it."""

from __future__ import annotations

import math
import ssl
from collections.abc import AsyncIterator
from functools import lru_cache

import aiohttp
import yarl

from aimusicverse.transport.deadline import CONNECT_SECONDS
from aimusicverse.transport.failure import system_words
from aimusicverse.transport.lean_httpx import httpx


class AiohttpTransport(httpx.AsyncBaseTransport):
    """httpx's requests and answers, carried by aiohttp, and with httpx's errors.

    It takes requests of ours: their timeouts are `PhaseTimeouts`, and whoever sends them ends what takes
    longer than their deadline.
    """

    def __init__(self, *, verify: ssl.SSLContext | bool, proxy: str | None, limits: httpx.Limits) -> None:
        self._authorities = verify if isinstance(verify, ssl.SSLContext) else httpx.create_ssl_context()
        self._proxy = proxy
        self._limits = limits
        #: Made at first use: it belongs to the event loop that runs then.
        self._session: aiohttp.ClientSession | None = None

    def _opened(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self._limits.max_connections or 0,
            keepalive_timeout=self._limits.keepalive_expiry,
            ssl=self._authorities,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            proxy=self._proxy,
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )
        session._retry_connection = False  # who tries again, and how often, is decided in one place
        return session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and read the head of the answer."""
        if self._session is None:
            self._session = self._opened()
        try:
            answer = await self._session.request(
                request.method,
                yarl.URL(str(request.url), encoded=True),
                headers=[(name.decode(), value.decode()) for name, value in request.headers.raw],
                data=_body(request),
                allow_redirects=False,
                timeout=_ceilings(request.extensions["timeout"].silence),
            )
        except aiohttp.ClientError as problem:
            error = _named(problem)
        else:
            return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Stream(answer))
        raise error

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._answer.content.iter_any():
                yield chunk
        except aiohttp.ClientError as problem:
            error = _named(problem)
        else:
            return
        raise error

    async def aclose(self) -> None:
        self._answer.release()


@lru_cache(maxsize=8)
def _ceilings(silence: float) -> aiohttp.ClientTimeout:
    """How long one step may take at most. What is left of a call is not among it: see above."""
    return aiohttp.ClientTimeout(
        sock_connect=CONNECT_SECONDS, sock_read=None if silence == math.inf else silence
    )


def _body(request: httpx.Request) -> bytes | AsyncIterator[bytes] | None:
    if isinstance(request.stream, httpx.ByteStream):
        return request.content or None
    request.headers.pop("transfer-encoding", None)  # aiohttp puts it on itself
    return aiter(request.stream)  # type: ignore[arg-type]


def _named(problem: aiohttp.ClientError) -> httpx.TransportError:
    """What happened, as httpx would say it."""
    if isinstance(problem, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout("")
    if isinstance(problem, aiohttp.ServerTimeoutError):
        return httpx.ReadTimeout("")
    if isinstance(problem, aiohttp.ClientConnectorError):
        return httpx.ConnectError(system_words(problem.os_error))
    if isinstance(problem, aiohttp.ClientHttpProxyError):
        return httpx.ProxyError("")
    if isinstance(problem, aiohttp.ClientResponseError | aiohttp.ServerDisconnectedError):
        return httpx.RemoteProtocolError("")
    return httpx.ReadError("")
