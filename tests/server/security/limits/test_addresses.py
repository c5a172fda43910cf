"""Calls without a key, by the address they come from."""

from __future__ import annotations

import tracemalloc

import pytest

from aimusicverse.server.security.limits.addresses import MOST_ADDRESSES, AddressBuckets, address_of

NOW = 1_760_000_000.0


def test_an_address_has_its_size_and_gets_it_back_evenly() -> None:
    buckets = AddressBuckets(60)
    given = [buckets.take("a", NOW) for _ in range(61)]
    assert [one.passed for one in given] == [True] * 60 + [False]
    assert given[-1].wait == pytest.approx(60)
    assert not buckets.take("a", NOW + 59).passed
    assert buckets.take("a", NOW + 60).passed
    assert buckets.take("b", NOW).passed


def test_what_is_given_back_was_not_taken() -> None:
    buckets = AddressBuckets(1)
    assert buckets.take("a", NOW).passed
    buckets.give_back("a", NOW)
    assert buckets.take("a", NOW).passed
    for _ in range(3):
        buckets.give_back("a", NOW)
    assert [buckets.take("a", NOW).passed for _ in range(2)] == [True, False]
    buckets.give_back("never seen", NOW)
    assert len(buckets) == 1


def test_a_clock_that_is_set_back_neither_fills_nor_locks() -> None:
    buckets = AddressBuckets(2)
    assert [buckets.take("a", NOW).passed for _ in range(3)] == [True, True, False]
    assert not buckets.take("a", NOW - 86_400).passed
    assert buckets.take("a", NOW - 86_400 + 1_800).passed


def test_no_number_of_addresses_takes_more_memory_than_is_set_aside() -> None:
    buckets = AddressBuckets(10)
    tracemalloc.start()
    try:
        for number in range(3 * MOST_ADDRESSES):
            buckets.take(f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::", NOW)
        assert len(buckets) == MOST_ADDRESSES
        assert tracemalloc.get_traced_memory()[0] < 10_000_000
    finally:
        tracemalloc.stop()


def test_the_one_who_called_last_is_forgotten_last() -> None:
    buckets = AddressBuckets(1, most=2)
    buckets.take("a", NOW)
    buckets.take("b", NOW)
    assert not buckets.take("a", NOW).passed
    buckets.take("c", NOW)
    assert not buckets.take("a", NOW).passed
    assert buckets.take("b", NOW).passed


@pytest.mark.parametrize(
    ("host", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
        ("not an address", "not an address"),
        ("x" * 10_000, "x" * 64),
    ],
)
def test_an_address_is_counted_as_what_one_customer_gets(host: str, counted_as: str) -> None:
    assert address_of((host, 1234)) == counted_as


def test_a_socket_in_the_file_system_has_no_address() -> None:
    assert address_of(None) == "local"
