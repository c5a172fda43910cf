"""Who may read the metrics."""

from __future__ import annotations

import hmac
import ipaddress

from fastapi import Request

from aimusicverse.server.problems import Refusal
from aimusicverse.server.settings import Settings


def require(request: Request, settings: Settings) -> None:
    """With a token in the settings, whoever has it. Else whoever is on this machine; not if the server is
    reached from elsewhere (`AMV_PUBLIC_URL`), because then that may be a proxy who asks for others.

    Raises:
        Refusal: `metrics_refused`.
    """
    token = settings.metrics_token
    if token is not None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        expected = token.get_secret_value().encode()
        if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), expected):
            return
    elif not settings.public_url and _is_here(request):
        return
    raise Refusal("metrics_refused")


def _is_here(request: Request) -> bool:
    if request.client is None or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        address = ipaddress.ip_address(request.client.host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback
