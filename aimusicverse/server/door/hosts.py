"""Which names this server answers to, so that no web page reaches it under a name of its own.

DNS rebinding: a page of evil.example lets that name point to 127.0.0.1 and asks "itself". To the browser that
is one origin, so nothing holds it back; but the request's `Host` still says evil.example.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from aimusicverse.errors import ConfigurationError

#: `Host` of RFC 9110, section 7.2, as far as browsers and clients write it: no user, no zone, no escapes.
_HOST = re.compile(
    rb"(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)*)\.?)"  # an IPv6 address, or a name
    rb"(?::(\d{1,5}))?"
)
_NAME = re.compile(r"(?:\*\.)?[0-9a-z_-]+(?:\.[0-9a-z_-]+)*")
#: How many spellings of trusted hosts are kept at hand.
_MOST_KNOWN = 256


class MalformedHost(ValueError):
    """A `Host` that no client writes."""


class TrustedHosts:
    """The names that are answered to, looked up by the raw value of `Host`."""

    def __init__(self, names: Iterable[str], *, any_address: bool = False) -> None:
        """Trust `names`, localhost, and every loopback address; any port.

        Args:
            names: names and IP addresses; `*.example.com` stands for all names below that one, `*` for all.
            any_address: trust every IP address. No page can rebind one: it is a name that is rebound.
        """
        every = {name.lower() for name in names} | {"localhost"}
        self._all = "*" in every
        self._below = tuple(name[1:] for name in every if name.startswith("*."))
        self._names = frozenset(name for name in every if "*" not in name and _address(name) is None)
        self._addresses = frozenset(address for name in every if (address := _address(name)) is not None)
        self._any_address = any_address
        self._known: set[bytes] = set()

    def trusts(self, host: bytes) -> bool:
        """Whether a request with this `Host` is meant for this server.

        Raises:
            MalformedHost: it is no host.
        """
        if host in self._known:
            return True
        if not self._decide(host):
            return False
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known.add(host)
        return True

    def _decide(self, host: bytes) -> bool:
        match = _HOST.fullmatch(host)
        if match is None or int(match[3] or 0) > 65535:
            raise MalformedHost
        name = (match[1] or match[2]).decode("ascii").lower()
        address = _address(name)
        if match[1] and (address is None or address.version != 6):
            raise MalformedHost
        if self._all:
            return True
        if address is not None:
            return self._any_address or address.is_loopback or address in self._addresses
        return name in self._names or name.endswith(self._below)


def listed(text: str) -> list[str]:
    """The hosts of a setting, commas between them.

    Raises:
        ConfigurationError: one that is neither a name, nor an address, nor a pattern.
    """
    names = [name.strip().lower().rstrip(".") for name in text.split(",") if name.strip()]
    for index, name in enumerate(names):
        if _address(name.strip("[]")) is not None:
            names[index] = name.strip("[]")
        elif name != "*" and not _NAME.fullmatch(name):
            raise ConfigurationError(
                "AMV_ALLOWED_HOSTS lists names such as music.example.com, *.example.com or 192.168.1.5, "
                f"without scheme and port, a name with other letters as xn--…; not {name!r}"
            )
    return names


def host_of(url: str) -> str | None:
    """The host in a URL, in small letters; `None` when it has none."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def is_wildcard(address: str) -> bool:
    """Whether listening there is listening on every address of the machine."""
    found = _address(address)
    return found is not None and found.is_unspecified


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
