"""How often somebody without a key may call, by the address he calls from.

In memory of one process, and for as many addresses as fit: whoever has many of them can make the oldest be
forgotten, and no more.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from typing import Any, Final, NamedTuple

from aimusicverse.server.security.limits.buckets import HOUR, ROUNDING, SIDE_BY_SIDE, full_in, refilled, wait

#: How many addresses are remembered: a few megabytes.
MOST_ADDRESSES: Final = 20_000
#: A provider gives each customer this much of IPv6 (RFC 6177); who has one address there has all of them.
_IPV6_PREFIX: Final = 64


class Given(NamedTuple):
    """What came of a call from an address.

    Attributes:
        passed: whether there was room for it.
        used: of its bucket, in calls.
        wait: seconds until there is room for another.
    """

    passed: bool
    used: float
    wait: float


class AddressBuckets:
    """A bucket of an hour's calls for each address."""

    def __init__(self, size: int, *, most: int = MOST_ADDRESSES) -> None:
        """All are full.

        Args:
            size: calls in an hour.
            most: how many addresses are remembered.
        """
        self.size: Final = float(size)
        self._most = most
        #: What is used up, and at which server time.
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, now: float) -> Given:
        """Take a call from an address's bucket, if there is one."""
        used, at = self._at(address, now)
        passed = used + 1.0 <= self.size + ROUNDING
        if passed:
            used += 1.0
        self._used[address] = (used, at)
        self._used.move_to_end(address)
        if len(self._used) > self._most:
            self._used.popitem(last=False)
        return Given(passed, used, wait(used, self.size, HOUR))

    def give_back(self, address: str, now: float) -> None:
        """Undo one `take`."""
        if address in self._used:
            used, at = self._at(address, now)
            self._used[address] = (max(0.0, used - 1.0), at)

    def full_in(self, used: float) -> float:
        """Seconds until a bucket of which so much is used is full again."""
        return full_in(used, self.size, HOUR)

    def __len__(self) -> int:
        return len(self._used)

    def _at(self, address: str, now: float) -> tuple[float, float]:
        used, at = self._used.get(address, (0.0, now))
        elapsed = now - at
        if elapsed < 0.0:
            return refilled(used, self.size, HOUR, 0.0), now if elapsed < -SIDE_BY_SIDE else at
        return refilled(used, self.size, HOUR, elapsed), now


def address_of(client: Any) -> str:
    """By what a caller is counted: his address, of IPv6 the network that one customer gets.

    Args:
        client: `(host, port)`, as ASGI has it; nothing for a socket in the file system.
    """
    if not client:
        return "local"
    host = str(client[0]).partition("%")[0]  # without the zone of a link-local address
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False).network_address)
    return str(address)
