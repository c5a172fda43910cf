"""Which web pages may call this server from a browser: CORS (the Fetch standard, section 3.2), by a list.

An origin is on the list as a whole or it is not: no patterns, no prefixes, never `null`, which any sandboxed
frame can say. Credentials of the browser are never asked for: the key goes in a header that the page sets.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from aimusicverse.errors import ConfigurationError

Header = tuple[bytes, bytes]

#: What an answer depends on as soon as there is a list, also for those who are not on it.
VARY: Final[Header] = (b"vary", b"Origin")
_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE"
_TAKEN = (
    b"Authorization, X-API-Key, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Range, "
    b"X-Request-Id, traceparent, tracestate"
)
#: What a page may read besides what it always may.
_SHOWN = (
    b"X-Request-Id, ETag, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, "
    b"Deprecation, Sunset, Location, WWW-Authenticate, "
    b"Accept-Ranges, Content-Disposition, Content-Range, X-Content-SHA256"
)
#: How long a browser may remember a preflight, in seconds.
_REMEMBERED = b"7200"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def listed(text: str) -> tuple[bytes, ...]:
    """The origins of a setting, commas between them, as browsers send them (RFC 6454, section 6.2).

    Raises:
        ConfigurationError: one that is no origin.
    """
    return tuple(_origin(one.strip()) for one in text.split(",") if one.strip())


def shown_to(origin: bytes) -> tuple[Header, ...]:
    """What the answers to a page of that origin carry."""
    return (
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", _SHOWN),
        VARY,
    )


def preflight(origin: bytes) -> tuple[Header, ...]:
    """What the answer to a page that asks beforehand carries."""
    return (
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", _TAKEN),
        (b"access-control-max-age", _REMEMBERED),
        (b"vary", b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
    )


def _origin(text: str) -> bytes:
    try:
        parts = urlsplit(text)
        port = parts.port
        encoded = text.encode("ascii")
    except ValueError:
        raise _no_origin(text) from None
    rest = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if not parts.scheme or not parts.hostname or rest or "*" in text or "?" in text or "#" in text:
        raise _no_origin(text)
    if not encoded.decode().isprintable() or " " in text:
        raise _no_origin(text)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    end = "" if port is None or port == _DEFAULT_PORTS.get(parts.scheme) else f":{port}"
    return f"{parts.scheme}://{host}{end}".encode()


def _no_origin(text: str) -> ConfigurationError:
    return ConfigurationError(
        "AMV_CORS_ORIGINS lists whole origins such as https://app.example.com or http://localhost:5173, "
        f"without a path, * or null, a name with other letters as xn--…; not {text!r}"
    )
