"""Shares of connections: one memory, and whoever is away counts for nobody."""

from __future__ import annotations

from aimusicverse.server.fair_share import Shares, shared_memory


def test_a_process_knows_how_many_more_it_has_than_the_one_that_has_fewest() -> None:
    with shared_memory(3) as memory:
        first, second, third = (Shares(memory.fileno(), number) for number in range(3))
        first.come()
        first.add(5)
        assert first.lead == 0  # the others are not there yet
        second.come()
        third.come()
        second.add(2)
        third.add(4)
        assert (first.lead, second.lead, third.lead) == (3, 0, 2)
        second.leave()
        assert (first.lead, third.lead) == (1, 0)
        first.add(-9)
        first.add(1)
        assert third.lead == 3
