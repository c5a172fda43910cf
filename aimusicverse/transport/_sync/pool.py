# Generated from aimusicverse/transport/_async/pool.py by scripts/unasync.py: edit there.
"""The connections of a client."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from aimusicverse.errors import ConfigurationError
from aimusicverse.transport.connections import Connections
from aimusicverse.transport.deadline import PhaseTimeouts
from aimusicverse.transport.lean_httpx import httpx
from aimusicverse.transport.seam_sync import own_transport
from aimusicverse.transport.settings import COMMON_HEADERS


class Pool:
    """An httpx client. One of our own is opened anew in a process that was forked.

    Two processes that read from one connection would get each other's answers. A client or transport that
    was passed in is used as it is: whoever forks with one makes a new client in the child.
    """

    def __init__(self, make: Callable[[], httpx.Client], *, is_ours: bool, survives_fork: bool) -> None:
        self._make = make
        self._is_ours = is_ours
        self._survives_fork = survives_fork
        self._http = make()
        self._process = os.getpid()

    def client(self) -> httpx.Client:
        """The httpx client to use now.

        Raises:
            ConfigurationError: it is closed.
        """
        if self._http.is_closed:
            raise ConfigurationError("this client is closed")
        if self._survives_fork and os.getpid() != self._process:
            # The parent's is left alone: its locks may be held by threads that are not here.
            self._http = self._make()
            self._process = os.getpid()
        return self._http

    def build(
        self, method: str, url: str, headers: Mapping[str, str], content: Any, timeouts: PhaseTimeouts
    ) -> httpx.Request:
        """A request as httpx sends it, with what a client that was passed in adds to each."""
        extensions = {"timeout": timeouts}
        if self._is_ours:
            # Ours adds nothing to it, and merging that takes longer than all else that happens here.
            return httpx.Request(method, url, headers=headers, content=content, extensions=extensions)
        return self._http.build_request(method, url, headers=headers, content=content, extensions=extensions)

    def missing(self, common: Mapping[str, str]) -> dict[str, str]:
        """Which headers a request needs for `common` to be sent."""
        theirs = self._http.headers
        if self._is_ours:
            return {**theirs, **common}
        return {name: value for name, value in common.items() if theirs.get(name) != value}

    def close(self) -> None:
        """Close the connections, if they are our own."""
        if self._is_ours:
            self._http.close()


def open_pool(
    url: str,
    http_client: httpx.Client | None,
    transport: httpx.BaseTransport | str | None,
    connections: Connections,
) -> Pool:
    """The connections to `url`.

    Raises:
        ConfigurationError: arguments that exclude each other, or one of the other world.
    """
    if http_client is not None and transport is not None:
        raise ConfigurationError("pass http_client or transport, not both")
    if connections.are_said and (http_client is not None or isinstance(transport, httpx.BaseTransport)):
        raise ConfigurationError("proxy, verify and limits belong to what was passed in: set them there")
    if http_client is not None:
        if not isinstance(http_client, httpx.Client):
            raise ConfigurationError("http_client is not an httpx.Client")
        given = http_client
        return Pool(lambda: given, is_ours=False, survives_fork=False)
    if transport is not None and not isinstance(transport, str):
        if not isinstance(transport, httpx.BaseTransport):
            raise ConfigurationError("transport is not an httpx.BaseTransport")
        theirs = transport
        return Pool(lambda: _over(theirs), is_ours=True, survives_fork=False)
    options = connections.options(url)
    named = transport
    return Pool(lambda: _over(own_transport(named, options)), is_ours=True, survives_fork=True)


def _over(transport: httpx.BaseTransport) -> httpx.Client:
    # Proxies and authorities are settled in the transport, and nobody's .netrc has a say.
    return httpx.Client(transport=transport, headers=COMMON_HEADERS, trust_env=False)
