"""The one place where a request is looked at from outside: framing, host, method, URL, origin, size.

Plain ASGI, called by `Front`. What does not change from request to request is made once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from starlette.types import Scope

from aimusicverse.server.door import answer_headers, origins
from aimusicverse.server.door.hosts import MalformedHost, TrustedHosts, host_of, is_wildcard
from aimusicverse.server.door.hosts import listed as listed_hosts
from aimusicverse.server.door.key_in_url import in_url
from aimusicverse.server.problems import Refusal, shortened
from aimusicverse.server.scope_keys import AGENT
from aimusicverse.server.settings import PREFIX, Settings

Header = tuple[bytes, bytes]

METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
#: What reads a body in pieces, and has a bound of its own.
STREAMED: Final = frozenset(
    (
        ("POST", "/_local/upload"),
        ("POST", f"{PREFIX}/tracks"),
        ("POST", f"{PREFIX}/artwork/upload"),
        ("POST", f"{PREFIX}/distributions/import"),
    )
)
_STREAMED_COVER: Final = re.compile(f"{PREFIX}/playlists/[^/]+/cover")
#: Where the next request begins is not certain, or its place would have to be read first.
_CLOSE: Final = {"Connection": "close"}


class Verdict(NamedTuple):
    """What comes of a look."""

    #: What the answer carries, whatever it will be.
    headers: tuple[Header, ...]
    #: The answer, when the request goes no further.
    refusal: Refusal | None = None
    #: The answer's headers, when a browser only asks beforehand.
    preflight: tuple[Header, ...] | None = None
    #: The bound of a body that does not tell its size; `None` when it has, or has one of its own.
    count_to: int | None = None


class Door:
    """The rules of one server."""

    def __init__(self, settings: Settings, *, reached_at: str = "") -> None:
        """Read the settings.

        Args:
            settings: which hosts, origins, sizes.
            reached_at: the address it listens on, where the setting has a name; `0.0.0.0` or `::` for all.
        """
        names = [settings.host, reached_at, host_of(settings.public_url) or ""]
        names += listed_hosts(settings.allowed_hosts)
        everywhere = is_wildcard(settings.host) or is_wildcard(reached_at)
        self._hosts = TrustedHosts(filter(None, names), any_address=everywhere)
        self._max_body = settings.max_body_kb * 1024
        every = answer_headers.SECURITY
        self._pages: dict[bytes, Verdict] = {}
        self._asked: dict[bytes, Verdict] = {}
        for origin in origins.listed(settings.cors_origins):
            self._pages[origin] = Verdict((*every, *origins.shown_to(origin)))
            self._asked[origin] = Verdict(every, preflight=origins.preflight(origin))
        self._passes = Verdict((*every, origins.VARY) if self._pages else every)

    def look(self, scope: Scope) -> Verdict:
        """Look at a request. A URL with a key in it is taken out of `scope`, so that nobody keeps it."""
        headers = scope["headers"]
        said = dict(headers)
        scope[AGENT] = said.get(b"user-agent", b"")
        origin = said.get(b"origin")
        verdict = self._passes if origin is None else self._pages.get(origin, self._passes)
        refusal = (
            _of_framing(scope["http_version"], said)
            or self._of_host(scope["http_version"], said, headers)
            or _of_method(scope["method"])
        )
        if refusal is None and in_url(scope["path"], scope["query_string"]):
            scope["path"], scope["raw_path"], scope["query_string"] = "/***", b"/***", b""
            refusal = Refusal("key_in_url")
        if refusal is not None:
            return verdict._replace(refusal=refusal)
        asks = scope["method"] == "OPTIONS" and b"access-control-request-method" in said
        if asks and origin is not None and self._pages:
            return self._asked.get(origin) or verdict._replace(refusal=Refusal("origin_not_allowed"))
        if b"upgrade" in said:  # it is not made, and what the other side sends next may expect that it was
            verdict = verdict._replace(headers=(*verdict.headers, (b"connection", b"close")))
        if b"content-length" in said or b"transfer-encoding" in said:
            return self._with_body(verdict, scope, said.get(b"content-length"))
        return verdict

    def _of_host(
        self, version: str, said: Mapping[bytes, bytes], headers: Sequence[Header]
    ) -> Refusal | None:
        host = said.get(b"host")
        if host is None:  # with HTTP/1.0 it is no browser
            return Refusal("malformed_http", _ONE_HOST, headers=_CLOSE) if version == "1.1" else None
        if len(said) != len(headers) and sum(name == b"host" for name, _ in headers) > 1:
            return Refusal("malformed_http", _ONE_HOST, headers=_CLOSE)
        try:
            if self._hosts.trusts(host):
                return None
        except MalformedHost:
            return Refusal("malformed_http", "The request's Host is none.", headers=_CLOSE)
        named = shortened(host.decode("latin-1"))
        return Refusal(
            "host_not_allowed",
            f"This server does not go by the name {named}. If it should, add the name to AMV_ALLOWED_HOSTS, "
            "or set AMV_PUBLIC_URL.",
        )

    def _with_body(self, verdict: Verdict, scope: Scope, length: bytes | None) -> Verdict:
        if (scope["method"], scope["path"]) in STREAMED:
            return verdict
        if scope["path"].startswith("/_sandbox/"):  # stores have bounds of their own
            return verdict
        if scope["method"] == "PUT" and _STREAMED_COVER.fullmatch(scope["path"]):
            return verdict
        if length is None:
            return verdict._replace(count_to=self._max_body)
        if int(length) > self._max_body:  # the parser has let digits through only
            most = f"A body may have up to {self._max_body:,} bytes here."
            return verdict._replace(refusal=Refusal("body_too_large", most, headers=_CLOSE))
        return verdict


_ONE_HOST: Final = "A request has one Host."


def _of_framing(version: str, said: Mapping[bytes, bytes]) -> Refusal | None:
    """Requests whose end two programs might see in different places (RFC 9112, section 6.1)."""
    codings = said.get(b"transfer-encoding")
    if codings is None:
        if version in ("1.1", "1.0"):
            return None
        detail = f"This server speaks HTTP/1.1, not HTTP/{version}."
    elif version == "1.1" and b"content-length" not in said and codings.lower() == b"chunked":
        return None
    else:
        detail = (
            "A body has a Content-Length, or with HTTP/1.1 the Transfer-Encoding chunked, and nothing else."
        )
    return Refusal("malformed_http", detail, headers=_CLOSE)


def _of_method(method: str) -> Refusal | None:
    if method in METHODS:
        return None
    return Refusal("method_not_allowed", headers={"Allow": ", ".join(sorted(METHODS))})
