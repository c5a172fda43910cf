"""The connections of a client."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from aimusicverse.errors import ConfigurationError
from aimusicverse.transport.bearer import Bearer
from aimusicverse.transport.connections import Connections
from aimusicverse.transport.deadline import PhaseTimeouts
from aimusicverse.transport.lean_httpx import httpx
from aimusicverse.transport.seam_async import own_transport

#: Addresses are taken apart once: most calls of a program go to few.
_address = lru_cache(maxsize=256)(httpx.URL)


class AsyncPool(ABC):
    """What a request goes out by."""

    @abstractmethod
    def check(self) -> None:
        """Say so when it is closed.

        Raises:
            ConfigurationError: it is.
        """

    @abstractmethod
    def missing(self, common: Mapping[str, str]) -> dict[str, str]:
        """Which headers a request needs for `common` to be sent."""

    @abstractmethod
    def build(
        self, method: str, url: str, headers: Mapping[str, str], content: Any, timeouts: PhaseTimeouts
    ) -> httpx.Request:
        """A request that only lacks the key."""

    @abstractmethod
    async def send(self, request: httpx.Request, key: Bearer) -> httpx.Response:
        """Send, and read the head of the answer. Redirects are not followed.

        Raises:
            ConfigurationError: the pool is closed.
        """

    @abstractmethod
    async def aclose(self) -> None:
        """Close the connections, if they are our own."""


class AsyncTransportPool(AsyncPool):
    """An httpx transport, without a client around it.

    A client's cookies, redirects and flow of authentication, none of which is used here, would take longer
    than all else that happens to a request. A transport of our own is opened anew in a process that was
    forked: two processes that read from one connection would get each other's answers. One that was passed in
    is used as it is: whoever forks with it makes a new client in the child.
    """

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport], *, survives_fork: bool) -> None:
        self._make = make
        self._survives_fork = survives_fork
        self._transport = make()
        self._process = os.getpid()
        self._closed = False

    def check(self) -> None:
        """Say so when it is closed."""
        if self._closed:
            raise ConfigurationError("this client is closed")

    def missing(self, common: Mapping[str, str]) -> dict[str, str]:
        """All of `common`, and what httpx sends by itself: the compressions that it can read."""
        client = httpx.AsyncClient(transport=self._transport, trust_env=False)
        return {**client.headers, **common}

    def build(
        self, method: str, url: str, headers: Mapping[str, str], content: Any, timeouts: PhaseTimeouts
    ) -> httpx.Request:
        """A request that only lacks the key."""
        address = _address(url)
        extensions = {"timeout": timeouts}
        if method != "GET" or content is not None:
            return httpx.Request(method, address, headers=headers, content=content, extensions=extensions)
        # For a body that may be there, httpx goes over the headers three times.
        headers = {"host": address.netloc.decode("ascii"), **headers}
        request = httpx.Request(
            method, address, headers=headers, stream=httpx.ByteStream(b""), extensions=extensions
        )
        request.read()  # or whoever asks a transport of their own for its content would be refused
        return request

    async def send(self, request: httpx.Request, key: Bearer) -> httpx.Response:
        """Send, and read the head of the answer."""
        self.check()
        if self._survives_fork and os.getpid() != self._process:
            # The parent's is left alone: its locks may be held by threads that are not here.
            self._transport = self._make()
            self._process = os.getpid()
        key.sign(request)
        response = await self._transport.handle_async_request(request)
        response.request = request
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        if not self._closed:
            self._closed = True
            await self._transport.aclose()


class AsyncClientPool(AsyncPool):
    """An httpx client that was passed in, with all that it adds to a request."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    def check(self) -> None:
        """Say so when it is closed."""
        if self._client.is_closed:
            raise ConfigurationError("this client is closed")

    def missing(self, common: Mapping[str, str]) -> dict[str, str]:
        """Those of `common` that the client does not send by itself."""
        theirs = self._client.headers
        return {name: value for name, value in common.items() if theirs.get(name) != value}

    def build(
        self, method: str, url: str, headers: Mapping[str, str], content: Any, timeouts: PhaseTimeouts
    ) -> httpx.Request:
        """A request with what the client adds to each."""
        return self._client.build_request(
            method, url, headers=headers, content=content, extensions={"timeout": timeouts}
        )

    async def send(self, request: httpx.Request, key: Bearer) -> httpx.Response:
        """Send, and read the head of the answer."""
        self.check()
        return await self._client.send(request, stream=True, auth=key, follow_redirects=False)

    async def aclose(self) -> None:
        """Nothing: it is not ours."""


def open_pool(
    url: str,
    http_client: httpx.AsyncClient | None,
    transport: httpx.AsyncBaseTransport | str | None,
    connections: Connections,
) -> AsyncPool:
    """The connections to `url`.

    Raises:
        ConfigurationError: arguments that exclude each other, or one of the other world.
    """
    if http_client is not None and transport is not None:
        raise ConfigurationError("pass http_client or transport, not both")
    if connections.are_said and (http_client is not None or isinstance(transport, httpx.AsyncBaseTransport)):
        raise ConfigurationError("proxy, verify and limits belong to what was passed in: set them there")
    if http_client is not None:
        if not isinstance(http_client, httpx.AsyncClient):
            raise ConfigurationError("http_client is not an httpx.AsyncClient")
        return AsyncClientPool(http_client)
    if transport is not None and not isinstance(transport, str):
        if not isinstance(transport, httpx.AsyncBaseTransport):
            raise ConfigurationError("transport is not an httpx.AsyncBaseTransport")
        theirs = transport
        return AsyncTransportPool(lambda: theirs, survives_fork=False)
    # Proxies and authorities are settled in the transport, and nobody's .netrc has a say.
    options = connections.options(url)
    named = transport
    return AsyncTransportPool(lambda: own_transport(named, options), survives_fork=True)
