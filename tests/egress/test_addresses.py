"""Which addresses may be sent to. It reads like the list of attacks."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aimusicverse.egress import Rules, is_public, why_refused

PUBLIC = (
    "1.1.1.1 8.8.8.8 93.184.216.34 223.255.255.255",
    "100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 172.15.255.255 172.32.0.1",
    "192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0",
    "2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450:4001:82a::200e 2003:: 3ffe::1",
)

REFUSED = {
    "0.0.0.0 0.0.0.1 0.255.255.255 ::": "no address of a host",
    "127.0.0.1 127.0.0.0 127.1.2.3 127.255.255.255 ::1": "loopback",
    "10.0.0.0 10.1.2.3 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255": "RFC 1918",
    "fc00:: fd12:3456:789a::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff": "RFC 4193",
    "169.254.0.0 169.254.1.1 169.254.255.255 fe80::1 febf::1": "link-local",
    "169.254.169.254 fd00:ec2::254 fd20:ce::254 100.100.100.200 168.63.129.16 192.0.0.192": "cloud",
    "100.64.0.0 100.127.255.255": "RFC 6598",
    "192.0.0.0 192.0.0.9 192.0.0.255 2001:1::1 2001:1ff:ffff::": "for protocols",
    "192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1 3fff::1 3fff:fff::1": "documentation",
    "198.18.0.0 198.19.255.255 2001:2::1": "benchmarks",
    "192.88.99.1": "6to4",
    "224.0.0.1 239.255.255.255 232.1.1.1 ff02::1 ff0e::1": "multicast",
    "240.0.0.0 255.255.255.254 4000::1 e000::1 200::1": "reserved",
    "255.255.255.255": "broadcast",
    "fec0::1 feff::1": "site-local",
    "::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 ::127.0.0.1 ::8.8.8.8": "inside an IPv6 one",
    "64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::7f00:1": "NAT64",
    "2002:7f00:1::1 2002:a00:1:: 2002:808:808::": "6to4",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2 2001::1": "Teredo",
    "100::1 100:0:0:1::1": "leads nowhere",
    "fe80::1%eth0 2606:4700:4700::1111%1": "scope id",
}


@pytest.mark.parametrize("text", " ".join(PUBLIC).split())
def test_a_public_address_may_be_sent_to(text: str) -> None:
    assert is_public(ip_address(text))
    assert why_refused(ip_address(text)) is None


@pytest.mark.parametrize(
    ("text", "why"), [(text, why) for texts, why in REFUSED.items() for text in texts.split()]
)
def test_any_other_is_refused_and_says_what_it_is(text: str, why: str) -> None:
    assert not is_public(ip_address(text))
    assert why in (why_refused(ip_address(text)) or "")


# -- over all addresses ------------------------------------------------------------------------


any_ipv4 = st.integers(0, 2**32 - 1).map(IPv4Address)
any_ipv6 = st.integers(0, 2**128 - 1).map(IPv6Address)
#: Half of all drawn at random are nowhere near a range that matters.
near_ranges = st.sampled_from(
    [text for texts in [*REFUSED, *PUBLIC] for text in texts.split() if "%" not in text]
)
near = st.tuples(near_ranges, st.integers(-2, 2)).map(
    lambda drawn: type(ip_address(drawn[0]))(
        max(0, min(int(ip_address(drawn[0])) + drawn[1], 2 ** ip_address(drawn[0]).max_prefixlen - 1))
    )
)


@given(st.one_of(any_ipv4, any_ipv6, near))
def test_an_address_is_allowed_only_if_the_library_calls_it_global_and_it_is_for_one_host(
    address: IPv4Address | IPv6Address,
) -> None:
    if is_public(address):
        assert address.is_global
        for not_one in ("multicast", "reserved", "private", "loopback", "link_local", "unspecified"):
            assert not getattr(address, f"is_{not_one}")
        if isinstance(address, IPv6Address):
            assert int(address) >> 125 == 1  # 2000::/3, all that is given out
            assert (address.ipv4_mapped, address.sixtofour, address.teredo) == (None, None, None)


@given(any_ipv4)
def test_an_ipv4_address_is_allowed_unless_it_is_in_one_of_these_ranges(address: IPv4Address) -> None:
    a, b, c, d = address.packed
    special = (
        a in (0, 10, 127)
        or a >= 224
        or (a == 100 and 64 <= b < 128)
        or (a == 169 and b == 254)
        or (a == 172 and 16 <= b < 32)
        or (a == 192 and b == 168)
        or (a == 192 and b == 0 and c in (0, 2))
        or (a == 192 and b == 88 and c == 99)
        or (a == 198 and b in (18, 19))
        or (a == 198 and b == 51 and c == 100)
        or (a == 203 and b == 0 and c == 113)
        or (a, b, c, d) == (168, 63, 129, 16)
    )
    assert is_public(address) is not special


def wrapped(address: IPv4Address) -> list[IPv6Address]:
    """All the ways to say an IPv4 address in IPv6."""
    number = int(address)
    return [
        IPv6Address(f"::ffff:{address}"),
        IPv6Address(f"::ffff:0:{address}"),
        IPv6Address(f"64:ff9b::{address}"),
        IPv6Address(f"64:ff9b:1::{address}"),
        IPv6Address((0x2002 << 112) | (number << 80) | 1),
        IPv6Address((0x20010000 << 96) | (int(IPv4Address("8.8.8.8")) << 64) | (number ^ 0xFFFFFFFF)),
        IPv6Address((0x20010000 << 96) | (number << 64) | (int(IPv4Address("8.8.8.8")) ^ 0xFFFFFFFF)),
    ]


ALL_OF_IPV6 = Rules.of("::/0")


@example(IPv4Address("127.0.0.1"))
@example(IPv4Address("8.8.8.8"))
@given(any_ipv4)
def test_an_ipv4_address_in_ipv6_is_refused_and_where_that_is_permitted_it_is_judged_by_itself(
    address: IPv4Address,
) -> None:
    for six in wrapped(address):
        assert not is_public(six)
        assert (why_refused(six, ALL_OF_IPV6) is None) is is_public(address), six


# -- what the rules permit ---------------------------------------------------------------------


@pytest.mark.parametrize("text", ["127.0.0.1", "127.9.9.9", "::1"])
def test_local_mode_permits_loopback_and_nothing_else(text: str) -> None:
    assert why_refused(ip_address(text), Rules.of(local=True)) is None
    for other in (
        "10.0.0.1",
        "0.0.0.0",
        "169.254.169.254",
        "::",
        "::ffff:127.0.0.1",
        "fe80::1",
        "192.168.1.1",
    ):
        assert why_refused(ip_address(other), Rules.of(local=True))


def test_what_is_listed_is_permitted_and_its_neighbours_are_not() -> None:
    rules = Rules.of("10.1.0.0/16, 192.168.1.5, [fd00::1]:8080, 127.0.0.1:9000")
    for text, port, permitted in [
        ("10.1.255.255", 80, True),
        ("10.2.0.0", 80, False),
        ("192.168.1.5", 443, True),
        ("192.168.1.6", 443, False),
        ("fd00::1", 8080, True),
        ("fd00::1", 8081, False),
        ("127.0.0.1", 9000, True),
        ("127.0.0.1", 8787, False),
        ("127.0.0.1", None, False),
    ]:
        assert (why_refused(ip_address(text), rules, port=port) is None) is permitted, (text, port)
