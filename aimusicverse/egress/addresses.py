"""Which addresses are public: those that mean the same host to everybody, and nobody's inside.

The ranges are those of IANA's special-purpose registries (RFC 6890 and the RFCs that each row names), and
addresses that clouds answer on from within. `ipaddress` is asked too, but not alone: what it calls global has
changed between versions of Python.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_network

from aimusicverse.egress.rules import Address, Network, Rules

_METADATA = "an address on which a cloud tells its machines their secrets"
_IN_IPV6 = "an IPv4 address inside an IPv6 one"
_RANGES: tuple[tuple[str, str], ...] = (
    ("169.254.169.254/32", _METADATA),
    ("168.63.129.16/32", _METADATA),  # Azure
    ("100.100.100.200/32", _METADATA),  # Alibaba
    ("192.0.0.192/32", _METADATA),  # Oracle
    ("0.0.0.0/8", "no address of a host (RFC 1122)"),
    ("10.0.0.0/8", "a private address (RFC 1918)"),
    ("100.64.0.0/10", "an address inside a provider's network (RFC 6598)"),
    ("127.0.0.0/8", "a loopback address (RFC 1122)"),
    ("169.254.0.0/16", "a link-local address (RFC 3927)"),
    ("172.16.0.0/12", "a private address (RFC 1918)"),
    ("192.0.0.0/24", "an address for protocols (RFC 6890)"),
    ("192.0.2.0/24", "an address for documentation (RFC 5737)"),
    ("192.88.99.0/24", "an address of 6to4 relays (RFC 7526)"),
    ("192.168.0.0/16", "a private address (RFC 1918)"),
    ("198.18.0.0/15", "an address for benchmarks (RFC 2544)"),
    ("198.51.100.0/24", "an address for documentation (RFC 5737)"),
    ("203.0.113.0/24", "an address for documentation (RFC 5737)"),
    ("224.0.0.0/4", "a multicast address (RFC 5771)"),
    ("255.255.255.255/32", "the broadcast address (RFC 919)"),
    ("240.0.0.0/4", "a reserved address (RFC 1112)"),
    ("fd00:ec2::254/128", _METADATA),  # Amazon
    ("fd20:ce::254/128", _METADATA),  # Google
    ("::/128", "no address of a host (RFC 4291)"),
    ("::1/128", "a loopback address (RFC 4291)"),
    ("::ffff:0:0/96", f"{_IN_IPV6} (RFC 4291)"),
    ("::ffff:0:0:0/96", f"{_IN_IPV6} (RFC 7915)"),
    ("::/96", f"{_IN_IPV6} (RFC 4291)"),
    ("64:ff9b::/96", f"{_IN_IPV6} (NAT64, RFC 6052)"),
    ("64:ff9b:1::/48", f"{_IN_IPV6} (NAT64, RFC 8215)"),
    ("2001::/32", f"{_IN_IPV6} (Teredo, RFC 4380)"),
    ("2002::/16", f"{_IN_IPV6} (6to4, RFC 3056)"),
    ("100::/64", "an address that leads nowhere (RFC 6666)"),
    ("100:0:0:1::/64", "an address that leads nowhere (RFC 9780)"),
    ("2001:2::/48", "an address for benchmarks (RFC 5180)"),
    ("2001:db8::/32", "an address for documentation (RFC 3849)"),
    ("2001::/23", "an address for protocols (RFC 2928)"),
    ("3fff::/20", "an address for documentation (RFC 9637)"),
    ("5f00::/16", "an address inside a provider's network (RFC 9602)"),
    ("fc00::/7", "a private address (RFC 4193)"),
    ("fe80::/10", "a link-local address (RFC 4291)"),
    ("fec0::/10", "a site-local address (RFC 3879)"),
    ("ff00::/8", "a multicast address (RFC 4291)"),
)
#: The first that holds an address says what it is.
_KINDS: dict[int, tuple[tuple[Network, str], ...]] = {
    version: tuple((net, why) for text, why in _RANGES if (net := ip_network(text)).version == version)
    for version in (4, 6)
}
#: All other IPv6 addresses are not given out (RFC 4291, section 2.4).
_GLOBAL_UNICAST = IPv6Network("2000::/3")
#: IPv6 ranges whose last four bytes are an IPv4 address.
_ENDS_IN_IPV4 = tuple(
    IPv6Network(text)
    for text in ("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48")
)


def is_public(address: Address) -> bool:
    """Whether it means the same host to everybody, on the open internet."""
    return why_refused(address) is None


def why_refused(address: Address, rules: Rules | None = None, *, port: int | None = None) -> str | None:
    """What an address is that nothing is sent to, as in `a private address (RFC 1918)`; `None`: it may be.

    Args:
        address: what would be connected to.
        rules: what is permitted besides; nothing if there are none.
        port: for rules about one port.
    """
    permitted = rules is not None and rules.permits(address, port)
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return "an address of one network interface (it has a scope id)"
        if permitted:
            # A permitted NAT64 prefix leads to the internet, and not past us to 127.0.0.1 or 10.0.0.0/8.
            judged = (why_refused(inside, rules, port=port) for inside in embedded(address))
            return next((why for why in judged if why), None)
    return None if permitted else _kind(address)


def embedded(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that a packet to an IPv6 one is meant for."""
    if (relay := address.sixtofour) is not None:
        return (relay,)
    if (tunnel := address.teredo) is not None:
        return tunnel
    if any(address in network for network in _ENDS_IN_IPV4) and int(address) > 1:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


def _kind(address: Address) -> str | None:
    for network, kind in _KINDS[address.version]:
        if address in network:
            return kind
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "a reserved address (RFC 4291)"
    # Ranges that were set apart after this was written.
    return None if address.is_global and not address.is_reserved else "no public address"
