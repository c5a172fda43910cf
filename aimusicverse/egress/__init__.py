"""The one way out to addresses that users name, such as the endpoints of webhooks.

    target = check_url("https://hooks.example.com/music")      # pure: when an endpoint is registered
    async with Egress(rules) as egress:                        # and each time something is sent
        answer = await egress.send(target.url, headers={"Content-Type": "application/json"}, body=body)

Whoever may name an address must not reach through this server what only this server can reach: its own
loopback, the network it stands in, the metadata of its cloud. So a name is looked up once, all its addresses
are judged, and the connection goes to one of those. Redirects are not followed, and the environment's proxies
are not used.

Only `Egress` needs aiohttp, which takes 0.2 s to load: it is loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module

from aimusicverse.egress.addresses import is_public, why_refused
from aimusicverse.egress.error import EgressError, Reason
from aimusicverse.egress.headers import check_headers
from aimusicverse.egress.rules import Rules
from aimusicverse.egress.urls import Target, check_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aimusicverse.egress.answer import Answer, Ending
    from aimusicverse.egress.sending import Egress

#: Loaded on first use (PEP 562).
_HOME = {"Answer": "answer", "Egress": "sending", "Ending": "answer"}

__all__ = [
    "Answer",
    "Egress",
    "EgressError",
    "Ending",
    "Reason",
    "Rules",
    "Target",
    "check_headers",
    "check_url",
    "is_public",
    "why_refused",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found
