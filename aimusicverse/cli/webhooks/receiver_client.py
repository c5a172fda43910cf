"""Connections to a receiver that somebody named on the command line."""

from __future__ import annotations

import ssl

from aimusicverse.transport.lean_httpx import httpx
from aimusicverse.transport.network import DeadlineTransport


def receiver_client(url: httpx.URL, *, headers: dict[str, str]) -> httpx.Client:
    """A client for one receiver; each message goes over a connection of its own.

    No proxy is asked, and no redirect followed: that address was named. Certificates are always verified,
    against the system's authorities (`SSL_CERT_FILE` names others).

    Args:
        url: of http or https.
        headers: all that are sent with each message, besides `Host` and those of the message.
    """
    # Without TLS there is nobody to trust, and reading the authorities takes longer than sending.
    trusted = (
        ssl.create_default_context() if url.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )
    transport = DeadlineTransport(
        verify=trusted, limits=httpx.Limits(max_keepalive_connections=0), trust_env=False, http2=False
    )
    client = httpx.Client(transport=transport, trust_env=False, follow_redirects=False)
    client.headers.clear()  # of httpx's own there are some, by which a sender of webhooks would be told apart
    client.headers.update(headers)
    return client
