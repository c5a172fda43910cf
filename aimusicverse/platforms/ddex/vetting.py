"""Which address an SFTP host has, judged by the rules of everything that users name."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import Final

from aimusicverse.egress import EgressError, Rules, check_url
from aimusicverse.egress.connector import vetted
from aimusicverse.egress.lookup import Lookup, Lookups, system_lookup
from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.ddex.codes import HOST_REFUSED
from aimusicverse.platforms.store_problems import general

_LOOKUP_SECONDS: Final = 15.0


async def addresses_of(
    host: str, port: int, rules: Rules | None, lookup: Lookup = system_lookup
) -> tuple[str, ...]:
    """The addresses to connect to: the name is looked up once, and any that may not be refuses all.

    Args:
        host: a name or an address, IPv6 without brackets.
        port: of the server.
        rules: what is permitted besides public addresses.
        lookup: how names are looked up.

    Raises:
        DeliveryError: it may not be reached, or has no address.
    """
    judging = rules or Rules()
    try:
        written = f"[{host}]" if ":" in host else host
        target = check_url(f"https://{written}:{port}/", judging)
        if target.address is not None:
            return (str(target.address),)
        found = await asyncio.wait_for(Lookups(lookup).addresses(target.host), _LOOKUP_SECONDS)
        return vetted(target, found, judging)
    except EgressError as problem:
        if problem.reason in ("refused_address", "bad_url"):
            raise DeliveryError(HOST_REFUSED.problem(str(problem))) from problem
        raise DeliveryError(general("store_unreachable", str(problem))) from problem
    except (OSError, TimeoutError):
        raise DeliveryError(general("store_unreachable", f"The name {host} was not found.")) from None


def family_of(address: str) -> int:
    """4 or 6."""
    return ipaddress.ip_address(address).version
