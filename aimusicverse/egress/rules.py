"""What is permitted beyond public addresses over HTTPS, by whoever runs the server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aimusicverse.errors import ConfigurationError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Not `is_loopback`, which since Python 3.13 is also true of loopback written as IPv6 (::ffff:127.0.0.1).
LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
_WITH_PORT = re.compile(r"(?:\[(?P<six>[^\[\]]+)\]|(?P<host>[^\[\]:/]+)):(?P<port>[0-9]{1,5})")
_NAME = re.compile(r"(?!.*[.-]{2})[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?")


@dataclass(frozen=True, slots=True)
class Rules:
    """Without any, only public addresses, and only over HTTPS.

    Attributes:
        local: the server serves one person on one machine: loopback may be reached, and plain HTTP used.
        networks: each with the one port that is meant, or `None` for all.
        names: host and port; whatever address the name has then.
    """

    local: bool = False
    networks: tuple[tuple[Network, int | None], ...] = ()
    names: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def of(cls, allowed: str = "", *, local: bool = False) -> Rules:
        """The rules in a setting.

        Args:
            allowed: commas between: addresses, networks (`10.1.0.0/16`), an address or a name with its port
                (`10.1.2.3:8080`, `[fd00::1]:8080`, `receiver.internal:8080`). They may also be reached
                without TLS.
            local: see above.

        Raises:
            ConfigurationError: an entry that is none of these.
        """
        networks: list[tuple[Network, int | None]] = []
        names: set[tuple[str, int]] = set()
        for entry in (part.strip().lower() for part in allowed.split(",")):
            if not entry:
                continue
            if (network := _network(entry)) is not None:
                networks.append((network, None))
                continue
            found = _WITH_PORT.fullmatch(entry)
            host, port = (found["six"] or found["host"], int(found["port"])) if found else ("", 0)
            if not 0 < port < 65536:
                raise _unreadable(entry)
            if (network := _network(host)) is not None and network.num_addresses == 1:
                networks.append((network, port))
            elif found and found["host"] and _NAME.fullmatch(host) and not host.replace(".", "").isdigit():
                names.add((host, port))
            else:
                raise _unreadable(entry)
        return cls(local, tuple(networks), frozenset(names))

    def permits(self, address: Address, port: int | None = None) -> bool:
        """Whether an address is permitted that would not be otherwise."""
        if self.local and any(address in network for network in LOOPBACK):
            return True
        return any(address in network and only in (None, port) for network, only in self.networks)

    def permits_name(self, host: str, port: int) -> bool:
        """Whether a name is permitted, whatever its addresses are."""
        return (host, port) in self.names


def _network(text: str) -> Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None


def _unreadable(entry: str) -> ConfigurationError:
    return ConfigurationError(
        "What may be reached is listed as 10.1.0.0/16, 10.1.2.3, 10.1.2.3:8080, [fd00::1]:8080 or "
        f"receiver.internal:8080, commas between; not {entry!r}"
    )


def parsed(text: str) -> Address | None:
    """The address that a text is, if it is one."""
    try:
        return ip_address(text)
    except ValueError:
        return None
