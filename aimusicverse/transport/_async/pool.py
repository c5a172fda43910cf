"""The connections of a client."""

from __future__ import annotations

import ssl

import httpx

from aimusicverse.credentials.address import is_loopback
from aimusicverse.errors import ConfigurationError
from aimusicverse.transport.settings import COMMON_HEADERS


def open_pool(
    url: str, http_client: httpx.AsyncClient | None, transport: httpx.AsyncBaseTransport | None
) -> tuple[httpx.AsyncClient, bool]:
    """The httpx client to use for `url`, and whether it is ours to close.

    Raises:
        ConfigurationError: both were passed in, or one of the other world.
    """
    if http_client is not None and transport is not None:
        raise ConfigurationError("pass http_client or transport, not both")
    if http_client is not None:
        if not isinstance(http_client, httpx.AsyncClient):
            raise ConfigurationError("http_client is not an httpx.AsyncClient")
        return http_client, False
    if transport is not None:
        if not isinstance(transport, httpx.AsyncBaseTransport):
            raise ConfigurationError("transport is not an httpx.AsyncBaseTransport")
        return httpx.AsyncClient(transport=transport, headers=COMMON_HEADERS), True
    if is_loopback(url):
        # No proxy of the environment stands between us and this machine, or it would get the key. Reading
        # the authorities takes longer than a call, so without TLS none are trusted.
        trusts = (
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            if url.startswith("http:")
            else ssl.create_default_context()
        )
        return httpx.AsyncClient(trust_env=False, verify=trusts, headers=COMMON_HEADERS), True
    return httpx.AsyncClient(headers=COMMON_HEADERS), True
