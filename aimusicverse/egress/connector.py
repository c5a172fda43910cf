"""aiohttp's connector, which connects to addresses that were judged, and to no others."""

from __future__ import annotations

import socket
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from aimusicverse.egress.addresses import why_refused
from aimusicverse.egress.error import EgressError
from aimusicverse.egress.exchange import CURRENT
from aimusicverse.egress.line import IdleLines, Line
from aimusicverse.egress.rules import Rules, parsed
from aimusicverse.egress.urls import ADVICE, Target

if TYPE_CHECKING:
    from aiohttp import AddrInfoType, ClientRequest, ClientTimeout
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

    from aimusicverse.egress.lookup import Lookups

#: Seconds. Less than the five after which common servers close a connection that is not used.
KEPT_FOR = 4.0
#: Addresses of a name that are tried. More would be a way to keep us connecting.
_MOST_TRIED = 8


class VettingConnector(TCPConnector):
    """Looks up a name once, and refuses it if any of its addresses is refused.

    No answer of the name service is kept: what was judged is what is connected to. The last word is spoken
    where the socket is made, for literal addresses too, which aiohttp does not show to a resolver.
    """

    def __init__(self, rules: Rules, lookups: Lookups) -> None:
        super().__init__(
            resolver=_Resolver(rules, lookups),
            use_dns_cache=False,
            keepalive_timeout=KEPT_FOR,
            limit=0,  # whoever sends decides how many at once: a slow receiver must not use up others' places
            socket_factory=_socket_to,
        )
        self._factory = partial(Line, loop=self._loop, idle=IdleLines())  # type: ignore[assignment]

    async def connect(self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout) -> Connection:
        """A connection, kept or new, for the exchange that goes on."""
        while True:
            connection = await super().connect(req, traces, timeout)
            line = connection.protocol
            if not isinstance(line, Line):  # another aiohttp: better nothing than without bounds
                connection.close()
                raise TypeError("this version of aiohttp makes connections in another way")
            exchange = CURRENT.get()
            if line.used == 0 or (line.fit and not exchange.again):
                exchange.take(line)
                return connection
            connection.close()
            line.cut()


class _Resolver(AbstractResolver):
    def __init__(self, rules: Rules, lookups: Lookups) -> None:
        self._rules = rules
        self._lookups = lookups

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        exchange = CURRENT.get()
        try:
            found = await self._lookups.addresses(exchange.target.host)
        except OSError:  # its words are the system's, and of no use to whoever named the host
            raise EgressError(f"The name {exchange.target.host} was not found.", reason="dns") from None
        exchange.vetted = vetted(exchange.target, found, self._rules)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in exchange.vetted
        ]

    async def close(self) -> None:
        """Nothing is open."""


def vetted(target: Target, found: list[str], rules: Rules) -> tuple[str, ...]:
    """The addresses of a name that may be connected to: all, or none.

    Raises:
        EgressError: `refused_address`: at least one may not be; `dns`: there is none.
    """
    addresses: list[str] = []
    for text in found:
        address = parsed(text)
        why = "no address" if address is None else None
        if address is not None and not target.named:
            why = why_refused(address, rules, port=target.port)
        if why is not None:
            raise EgressError(
                f"{target.host} is a name of {why}. {ADVICE}",
                reason="refused_address",
            )
        addresses.append(str(address))
    if not addresses:
        raise EgressError(f"{target.host} has no address.", reason="dns")
    return tuple(addresses[:_MOST_TRIED])


def _socket_to(info: AddrInfoType) -> socket.socket:
    """A socket to an address, if it is one that was judged for the exchange that goes on."""
    family, kind, protocol, _, place = info
    exchange = CURRENT.get()
    if place[0] not in exchange.vetted or place[1] != exchange.target.port:
        raise PermissionError(f"{place[0]} was not judged")
    exchange.stage = "connect"
    return socket.socket(family, kind, protocol)
