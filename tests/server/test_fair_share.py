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


def test_a_connection_that_comes_before_a_process_is_ready_or_ends_after_it_left_is_counted() -> None:
    """It once raised where the connection was taken up, and whoever had called waited in vain."""
    with shared_memory(2) as memory:
        first, second = (Shares(memory.fileno(), number) for number in range(2))
        second.come()
        first.add(2)
        assert (first.lead, second.lead) == (2, 0)
        first.come()
        assert (first.lead, second.lead) == (2, 0)
        first.add(-1)
        first.leave()
        first.add(-1)
        second.add(3)
        assert (first.lead, second.lead) == (0, 0)


def test_who_comes_again_after_it_was_killed_has_nothing() -> None:
    with shared_memory(2) as memory:
        killed, other = (Shares(memory.fileno(), number) for number in range(2))
        killed.come()
        other.come()
        killed.add(7)
        other.add(3)
        Shares(memory.fileno(), 0)
        assert other.lead == 0
        Shares(memory.fileno(), 0).come()
        assert other.lead == 3
