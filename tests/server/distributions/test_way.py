"""A release on its way to stores, from the request to its listeners, on both databases."""

from __future__ import annotations

from tests.server.distributions.conftest import Way


def test_a_release_goes_to_a_store_and_people_hear_it(way: Way) -> None:
    one = way.create("soundcloud")
    found = way.settles(one)
    assert found["status"] == "live", found
    print(found["deliveries"], way.history(one), way.events(one))
