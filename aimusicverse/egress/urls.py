"""Addresses that users name, judged without a network.

An address is taken apart here and put together anew, from few characters, so that no other reader of it (the
connection, a proxy on the way, the receiver) can see another host in it than the one that was judged.
"""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urlsplit

from aimusicverse.egress.addresses import why_refused
from aimusicverse.egress.error import EgressError, Reason
from aimusicverse.egress.rules import Address, Rules, parsed

LONGEST = 2_000
_PORTS = {"http": 80, "https": 443}
ADVICE = "Only public addresses are sent to; others must be permitted by whoever runs the server."
_EXAMPLE = "One looks like https://hooks.example.com/music"
_PLACE = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:]+))(?::(?P<port>[0-9]{1,5}))?")
#: As DNS has them, with the underscore that some hosts have against RFC 1123.
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
#: A host that ends like this is read as an IPv4 address by somebody (WHATWG URL, "ends in a number").
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
#: RFC 3986: `pchar`, `/` and `?`, and `%`, which is looked at by itself.
_SAFE = "/?:@!$&'()*+,;=-._~%"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Target:
    """Where something is sent to.

    Attributes:
        scheme: `https`, or `http` where that is permitted.
        host: a name in ASCII and small letters (IDNA), or an address, IPv6 without brackets.
        port: 1 to 65535.
        path: path and query, as they are sent.
        address: the host, if it is an address and no name.
        named: the rules permit this name, whatever its addresses are.
    """

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None
    named: bool = False

    @property
    def place(self) -> str:
        """Host and port, for people."""
        return f"{self._host}:{self.port}"

    @property
    def url(self) -> str:
        """The address in its one form. Paths hold tokens: it is not for messages and logs."""
        where = self._host if self.port == _PORTS[self.scheme] else self.place
        return f"{self.scheme}://{where}{self.path}"

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def check_url(url: str, rules: Rules | None = None) -> Target:
    """Judge an address; a name is not looked up.

    Args:
        url: as the user wrote it.
        rules: what is permitted besides public addresses over HTTPS.

    Raises:
        EgressError: `bad_url`: not http(s), no host, with a user name, a fragment, an odd way to write an
            IPv4 address, and so on; `refused_address`: an address, or `localhost`, that may not be reached.
    """
    rules = rules or Rules()
    if len(url) > LONGEST:
        raise _error(f"The address has more than {LONGEST:,} characters.")
    if not url.isprintable() or any(char.isspace() or char == "\\" for char in url):
        raise _error("The address has a space, a line end, a backslash or another character that none has.")
    scheme, netloc, path, query = _parts(url)
    host, port, address = _place(netloc, _PORTS[scheme])
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    named = address is None and rules.permits_name(host, port)
    if not named:
        _check_host(host, port, address, rules)
    if scheme == "http" and not (rules.local or named or (address and rules.permits(address, port))):
        raise _error(f"http://{place} is not encrypted. Give the receiver a certificate, and write https://")
    sent = quote(path or "/", safe=_SAFE) + (f"?{quote(query, safe=_SAFE)}" if query else "")
    if _STRAY_PERCENT.search(sent):
        raise _error("The address has a % that is not followed by two hexadecimal digits. Write it as %25")
    return Target(scheme, host, port, sent, address, named)


def _parts(url: str) -> tuple[str, str, str, str]:
    """Scheme, host with port, path, query."""
    try:
        parts = urlsplit(url)
    except ValueError:  # its words would repeat the address
        raise _error(f"The address cannot be read. {_EXAMPLE}") from None
    if parts.scheme not in _PORTS:
        raise _error(f"The address does not begin with https://. {_EXAMPLE}")
    if "@" in parts.netloc:
        raise _error(
            "The address holds a user name or a password. Leave it out; a header may say who is calling."
        )
    if "#" in url:
        raise _error("The address has a fragment (#…), which is never sent. Leave it out.")
    if not parts.netloc:
        raise _error(f"The address has no host. {_EXAMPLE}")
    return parts.scheme, parts.netloc, parts.path, parts.query


def _place(netloc: str, usual: int) -> tuple[str, int, Address | None]:
    if "%" in netloc:
        what = "a scope id" if "[" in netloc else "a %"
        raise _error(f"The address has {what} in its host. Write a host that everybody can reach.")
    found = _PLACE.fullmatch(netloc)
    six = parsed(found["six"]) if found and found["six"] else None
    if found is None or (found["six"] and not isinstance(six, IPv6Address)):
        raise _error(f"The host of the address, or its port, cannot be read. {_EXAMPLE}")
    port = usual if found["port"] is None else int(found["port"])
    if not 0 < port < 65536:
        raise _error("The port of the address is not one of 1 to 65535.")
    if six is not None:
        return str(six), port, six
    name = _in_ascii(found["name"])
    four = _ipv4(name)
    return name, port, four


def _in_ascii(name: str) -> str:
    """A name as it is looked up. Letters that look like ASCII become it: ⑫⑦。⓪。⓪。① is 127.0.0.1."""
    if not name.isascii():
        import idna  # rarely needed, and slow to load

        try:
            name = idna.encode(name, uts46=True, std3_rules=True).decode("ascii")
        except UnicodeError:  # idna's own errors are among them
            raise _error("The host of the address has letters that no name may have (IDNA).") from None
    name = name.lower().removesuffix(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise _error("The host of the address is no name that can be looked up.")
    return name


def _ipv4(name: str) -> IPv4Address | None:
    """The address that a name is. Only four decimal numbers are one, whatever a resolver takes for one."""
    if not _NUMBER.fullmatch(name.rpartition(".")[2]):
        return None
    with suppress(ValueError):
        return IPv4Address(name)
    try:
        meant = f", which some read as {socket.inet_ntoa(socket.inet_aton(name))}"
    except OSError:
        meant = ""
    raise _error(f"The host {name} is an odd way to write an address{meant}. Write four decimal numbers.")


def _check_host(host: str, port: int, address: Address | None, rules: Rules) -> None:
    if address is None:
        # RFC 6761, section 6.3: these names mean loopback everywhere, and need no looking up.
        if (host == "localhost" or host.endswith(".localhost")) and not rules.local:
            raise _error(f"{host} is this server itself. {ADVICE}", "refused_address")
    elif why := why_refused(address, rules, port=port):
        raise _error(f"{host} is {why}. {ADVICE}", "refused_address")


def _error(message: str, reason: Reason = "bad_url") -> EgressError:
    return EgressError(message, reason=reason)
