"""Sending, under one deadline and with an answer that is bounded."""

from __future__ import annotations

import asyncio
import ssl
from functools import cached_property, lru_cache
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from aimusicverse.egress.answer import Answer, Ending
from aimusicverse.egress.connector import VettingConnector
from aimusicverse.egress.error import EgressError
from aimusicverse.egress.exchange import CURRENT, Exchange
from aimusicverse.egress.failure import as_egress_error, too_late
from aimusicverse.egress.headers import check_headers
from aimusicverse.egress.lookup import Lookup, Lookups, system_lookup
from aimusicverse.egress.rules import Rules
from aimusicverse.egress.urls import Target, check_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Seconds, from the looking up of the name to the last byte that is read.
DEADLINE = 15.0
#: Bytes of an answer, head and all.
READ_AT_MOST = 64_000
#: Bytes of its body that are given back.
KEEP = 20_000
_MOST_TARGETS = 1_024
_LONGEST_HEADER = 200
_RETURNED = ("retry-after", "content-type")


class Egress:
    """Sends to addresses that users name. It belongs to one event loop.

    How many calls there are at once is up to whoever calls. Connections are kept for four seconds, a minute
    in all, and at most 128 that nobody uses; each goes to an address that was judged when it was made.
    Certificates are always verified, against the system's authorities (`SSL_CERT_FILE` names others).
    """

    def __init__(self, rules: Rules | None = None, *, lookup: Lookup = system_lookup) -> None:
        """Nothing is opened yet.

        Args:
            rules: what is permitted besides public addresses over HTTPS.
            lookup: looks up a name. It may block; it runs in threads.
        """
        self._rules = rules or Rules()
        self._lookup = lookup
        self._target = lru_cache(_MOST_TARGETS)(self._judged)

    async def send(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        method: Literal["GET", "POST"] = "POST",
        deadline_seconds: float = DEADLINE,
        read_at_most: int = READ_AT_MOST,
        keep: int = KEEP,
        returned: Sequence[str] = (),
    ) -> Answer:
        """POST a body, or GET what is there, and read the answer.

        If a kept connection turns out to be closed before anything came back, it is tried once more on a
        new one; so a receiver may get a request twice, as he may by a later try.

        Args:
            url: judged anew each time.
            headers: all there are, besides `Host` and `Content-Length`; see `check_headers`.
            body: sent as it is; with a GET there is none.
            method: what is asked for.
            deadline_seconds: for looking up the name, connecting, TLS, sending and reading together.
            read_at_most: bytes that are read of the answer, its head and what is around its body included.
            keep: bytes of the body that are given back.
            returned: headers of the answer that are given back besides the usual ones, in small letters.

        Raises:
            EgressError: nothing was sent, or no answer came; see its reasons.
        """
        began = perf_counter()
        target, wire = self._target(url)
        check_headers(headers)
        exchange = Exchange(target, read_at_most)
        taken_in = _Body(keep)
        response: aiohttp.ClientResponse | None = None
        ended: Ending | None = None
        token = CURRENT.set(exchange)
        try:
            async with asyncio.timeout(deadline_seconds):
                response = await self._answered(exchange, method, wire, headers, body)
                ended = await taken_in.read(response, exchange)
        except TimeoutError:
            if response is None:
                raise too_late(exchange, deadline_seconds) from None
            ended = "deadline"
        finally:
            CURRENT.reset(token)
            if response is not None:
                response.close()
            exchange.leave(keep=ended == "complete")
        return Answer(
            status=response.status,
            headers=_returned(response, (*_RETURNED, *returned)),
            body=bytes(taken_in.kept),
            truncated=ended != "complete" or taken_in.size > len(taken_in.kept),
            ended=ended,
            duration_seconds=perf_counter() - began,
        )

    async def aclose(self) -> None:
        """Close the connections. What is being sent fails with `reset`."""
        if "_session" in self.__dict__:
            await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _answered(
        self, exchange: Exchange, method: str, wire: URL, headers: Mapping[str, str], body: bytes
    ) -> aiohttp.ClientResponse:
        """The head of the answer."""
        authorities = self._authorities if exchange.target.scheme == "https" else True
        while True:
            try:
                return await self._session.request(
                    method,
                    wire,
                    headers=headers,
                    data=body if method == "POST" else None,
                    allow_redirects=False,
                    ssl=authorities,
                )
            except aiohttp.ClientError as problem:
                if not exchange.closed_unused:
                    raise as_egress_error(problem, exchange) from None
                exchange.begin_again()

    def _judged(self, url: str) -> tuple[Target, URL]:
        target = check_url(url, self._rules)
        wire = URL(target.url, encoded=True)
        if (wire.scheme, wire.raw_host, wire.port) != (target.scheme, target.host, target.port):
            raise EgressError("The address is read in two ways.", reason="bad_url")
        return target, wire

    @cached_property
    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=VettingConnector(self._rules, Lookups(self._lookup)),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(),  # there is one deadline, and it is not aiohttp's
            auto_decompress=False,
            trust_env=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )

    @cached_property
    def _authorities(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context


class _Body:
    """What is kept of a body, and how much there was."""

    __slots__ = ("_most", "kept", "size")

    def __init__(self, most: int) -> None:
        self._most = most
        self.kept = bytearray()
        self.size = 0

    async def read(self, response: aiohttp.ClientResponse, exchange: Exchange) -> Ending:
        ended: Ending = "complete"
        try:
            while chunk := await response.content.readany():
                self.size += len(chunk)
                self.kept += chunk[: self._most - len(self.kept)]
        except (aiohttp.ClientError, HttpProcessingError) as problem:
            if exchange.garbled:
                raise as_egress_error(problem, exchange) from None
            ended = "cut"
        return "read_at_most" if exchange.flooded else ended


def _returned(response: aiohttp.ClientResponse, names: Sequence[str]) -> dict[str, str]:
    """Headers that are of use, fit to be kept: whoever answered may have put anything into them."""
    return {
        name: "".join(char if " " <= char <= "~" else "?" for char in value[:_LONGEST_HEADER])
        for name in names
        if (value := response.headers.get(name)) is not None
    }
