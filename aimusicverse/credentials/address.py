"""What may be the address of a server."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from aimusicverse.errors import ConfigurationError

PREFIX = "/api/v1"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def normalised(url: str) -> str:
    """`url` as scheme, host, port and path, without the prefix and without a slash at its end.

    It is put together anew from its parts, so that what was checked here and what is connected to
    later cannot be read in two ways. What is refused is not repeated: it may be a key that was passed
    in the address's place.

    Raises:
        ConfigurationError: not http(s), no host, or with a user name, a query or a fragment.
    """
    text = url.strip()
    if not text.isprintable() or any(char.isspace() or char == "\\" for char in text):
        raise ConfigurationError("the base_url contains characters that no address has")
    with suppress(ValueError):  # its words would repeat the text
        parts = urlsplit(text)
        return _put_together(parts, parts.hostname, parts.port)
    raise ConfigurationError("the base_url cannot be read as an address")


def _put_together(parts: SplitResult, host: str | None, port: int | None) -> str:
    if "@" in parts.netloc:
        # The address is shown and logged; a password in it would be, too.
        raise ConfigurationError("the base_url holds a user name or password; a key goes in as api_key")
    if parts.scheme not in _DEFAULT_PORTS or not host:
        raise ConfigurationError("the base_url is no address; one looks like https://music.example.com")
    if parts.query or parts.fragment:
        raise ConfigurationError("the base_url has a query or a fragment; leave it out")
    name = f"[{host}]" if ":" in host else host
    where = name if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{name}:{port}"
    path = parts.path.rstrip("/").removesuffix(PREFIX).rstrip("/")
    return f"{parts.scheme}://{where}{path}"


def is_loopback(url: str) -> bool:
    """Whether `url` can only mean this machine."""
    host = urlsplit(url).hostname or ""
    if host in ("localhost", "127.0.0.1", "::1"):
        return True
    from ipaddress import ip_address  # rarely needed, and slow to load

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def same_place(one: str, other: str) -> bool:
    """Whether two normalised addresses are the same server; `localhost` is 127.0.0.1 here."""
    return one.replace("//localhost", "//127.0.0.1", 1) == other.replace("//localhost", "//127.0.0.1", 1)
