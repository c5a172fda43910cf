"""A request: built once, resent as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from aimusicverse.credentials.address import PREFIX
from aimusicverse.errors import ConfigurationError
from aimusicverse.transport.source import Source

#: RFC 9110, section 9.2.2: doing these twice is doing them once.
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
JSON = "application/json"
#: Parameters by name.
Query = Mapping[str, str | int | float | bool | list[str] | None]
_ID = re.compile(r"(?<=/)[a-z]{2,4}_[0-9A-Za-z]+(?=/|$)")


@dataclass(frozen=True, slots=True)
class Request:
    """What goes out, except the key and what is the same for all requests of a client.

    `target` is path and query, below `prefix`. Names of headers are in lower case.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | Source | None = field(default=None, repr=False)
    #: Whether the same request twice has the effect of one, and can be sent twice.
    repeatable: bool = True
    #: What stands between the server's address and `target`; empty for what is no part of the API.
    prefix: str = PREFIX

    @property
    def route(self) -> str:
        """The path with `{id}` in the place of each id."""
        return _ID.sub("{id}", self.target.partition("?")[0])

    def __str__(self) -> str:
        return f"{self.method} {self.target}"


def build(
    method: str,
    path: str,
    *,
    query: Query | None = None,
    json_body: Any = None,
    source: Source | None = None,
    content_type: str = "application/octet-stream",
    prefix: str = PREFIX,
    accept: str = JSON,
    compressible: bool = True,
    idempotency_key: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Request:
    """Build a request.

    Args:
        method: in capitals.
        path: below the API's prefix, already quoted.
        query: parameters; what is None is left out, a list is one parameter several times.
        json_body: what to send as JSON; None sends no body.
        source: what to send as it is, instead of JSON.
        content_type: of that source.
        prefix: before the path; empty for what is no part of the API.
        accept: media types wanted.
        compressible: whether the answer may come compressed, and so of unknown length.
        idempotency_key: instead of the one that every POST gets by itself.
        headers: further headers; they win over those made here.

    Raises:
        ConfigurationError: the body cannot be JSON.
    """
    sent: dict[str, str] = {}
    if accept != JSON:
        sent["accept"] = accept
    if not compressible:
        sent["accept-encoding"] = "identity"
    body: bytes | Source | None = None
    if source is not None:
        sent["content-type"] = content_type
        sent["content-length"] = str(source.size)
        body = source
    elif json_body is not None:
        sent["content-type"] = JSON
        body = encode(json_body)
    if idempotency_key is None and method == "POST":
        idempotency_key = str(uuid4())
    if idempotency_key is not None:
        sent["idempotency-key"] = idempotency_key
    if headers:
        sent.update((name.lower(), value) for name, value in headers.items())
    repeatable = method in _IDEMPOTENT or idempotency_key is not None
    if source is not None:
        repeatable = repeatable and source.replayable
    return Request(method, path + _query_text(query), sent, body, repeatable, prefix)


def encode(value: Any) -> bytes:
    """`value` as JSON. ASCII only, so that text which is no valid Unicode reaches the server's judgement.

    Raises:
        ConfigurationError: NaN, an infinity, a circle, or a type that JSON has not.
    """
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")
    except (TypeError, ValueError, RecursionError) as problem:
        reason = str(problem)
    raise ConfigurationError(f"this cannot be sent as JSON: {reason}")


def _query_text(query: Query | None) -> str:
    if not query:
        return ""
    given = [
        (name, _text(one))
        for name, value in query.items()
        if value is not None
        for one in (value if isinstance(value, list) else (value,))
    ]
    try:
        return f"?{urlencode(given)}" if given else ""
    except UnicodeEncodeError:
        raise ConfigurationError("a filter contains text that is no valid Unicode") from None


def _text(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
