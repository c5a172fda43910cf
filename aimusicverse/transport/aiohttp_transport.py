"""Many calls at once for a fraction of the CPU: aiohttp under httpx, as the extra `aiohttp` brings it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from httpx_aiohttp import AiohttpTransport

from aimusicverse.transport.failure import system_words
from aimusicverse.transport.lean_httpx import httpx


class LeanAiohttpTransport(AiohttpTransport):
    """httpx-aiohttp's transport, without cookies, and with errors that say what happened.

    It calls every lost connection a `ConnectTimeout`, and lets some of aiohttp's errors out.
    """

    def __init__(self, *, verify: ssl.SSLContext | bool, proxy: str | None, limits: httpx.Limits) -> None:
        super().__init__(
            verify=verify,
            limits=limits,
            proxy=None if proxy is None else httpx.Proxy(proxy),
            client=self._session,
        )

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self.limits.max_connections or 0,
            keepalive_timeout=self.limits.keepalive_expiry,
            ssl=self.ssl_context,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )
        session._retry_connection = False  # who tries again, and how often, is decided in one place
        return session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and read the head of the answer."""
        try:
            response = await super().handle_async_request(request)
        except (httpx.HTTPError, aiohttp.ClientError) as problem:
            error = _named(problem)
        else:
            response.stream = _Stream(response.stream)
            return response
        raise error


class _Stream(httpx.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._stream:
                yield chunk
        except (httpx.HTTPError, aiohttp.ClientError) as problem:
            error = _named(problem)
        else:
            return
        raise error

    async def aclose(self) -> None:
        await self._stream.aclose()


def _named(problem: httpx.HTTPError | aiohttp.ClientError) -> httpx.HTTPError:
    """What happened, as httpx would say it."""
    cause = problem.__cause__ if isinstance(problem, httpx.HTTPError) else problem
    if isinstance(cause, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout("")
    if isinstance(cause, aiohttp.ServerTimeoutError):
        return httpx.ReadTimeout("")
    if isinstance(cause, aiohttp.ClientConnectorError):
        return httpx.ConnectError(system_words(cause.os_error))
    if isinstance(cause, aiohttp.ClientResponseError | aiohttp.ServerDisconnectedError):
        return httpx.RemoteProtocolError("")
    if isinstance(cause, aiohttp.ClientError):
        return httpx.ReadError("")
    return problem if isinstance(problem, httpx.HTTPError) else httpx.TransportError("")
