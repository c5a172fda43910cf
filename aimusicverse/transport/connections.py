"""How a client of ours reaches its server."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aimusicverse.credentials.address import is_loopback
from aimusicverse.errors import ConfigurationError
from aimusicverse.transport.lean_httpx import httpx

#: httpx's own. Keeping more of them open costs more than it saves: its pool looks at each idle connection
#: for each call, which at 64 calls at once takes three times the CPU of opening some anew.
LIMITS: httpx.Limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)


@dataclass(frozen=True, slots=True)
class Connections:
    """What a program may say about them; what is None is found out."""

    proxy: str | None = None
    verify: ssl.SSLContext | str | None = None
    limits: httpx.Limits | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.verify, ssl.SSLContext | str | None):
            raise ConfigurationError(
                "verify is an ssl.SSLContext, or the path of a file with the authorities to trust"
            )

    @property
    def are_said(self) -> bool:
        """Whether anything was."""
        return self != Connections()

    def options(self, url: str) -> dict[str, Any]:
        """The arguments of a transport to `url`."""
        return {
            "verify": self._trusted(url),
            "proxy": self.proxy or environment_proxy(url),
            "limits": self.limits or LIMITS,
        }

    def _trusted(self, url: str) -> ssl.SSLContext | bool:
        if isinstance(self.verify, ssl.SSLContext):
            return self.verify
        if isinstance(self.verify, str):
            try:
                return ssl.create_default_context(cafile=self.verify)
            except OSError as problem:
                reason = problem.strerror or str(problem)
            raise ConfigurationError(f"verify: {self.verify!r} cannot be read as authorities ({reason})")
        if url.startswith("http:"):
            # Reading the authorities takes longer than a call, so without TLS none are trusted.
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return ssl.create_default_context() if is_loopback(url) else True


def environment_proxy(url: str) -> str | None:
    """The proxy that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name for `url`.

    None stands between us and this machine, or it would get the key.
    """
    if is_loopback(url):
        return None
    address = urlsplit(url)
    named = getproxies()
    proxy = named.get(address.scheme) or named.get("all")
    if not proxy or proxy_bypass(address.hostname or ""):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
