"""Turns of writers: many together, one alone, and nobody waits for ever."""

from __future__ import annotations

import threading

from aimusicverse.server.store.turns import Turns


def test_whoever_is_alone_waits_for_the_others_and_they_for_him() -> None:
    turns = Turns()
    inside, go_on, is_alone, end = (threading.Event() for _ in range(4))
    seen: list[str] = []

    def one_of_many() -> None:
        with turns.together():
            inside.set()
            assert go_on.wait(20)
            seen.append("together")

    def alone() -> None:
        with turns.alone():
            seen.append("alone")
            is_alone.set()
            assert end.wait(20)
            seen.append("still alone")

    def later() -> None:
        with turns.together():
            seen.append("later")

    threads = [threading.Thread(target=one_of_many)]
    threads[0].start()
    assert inside.wait(20)
    threads.append(threading.Thread(target=alone))
    threads[1].start()
    assert not is_alone.wait(0.05)
    go_on.set()
    assert is_alone.wait(20)
    threads.append(threading.Thread(target=later))
    threads[2].start()
    end.set()
    for thread in threads:
        thread.join(20)
    assert seen == ["together", "alone", "still alone", "later"]


def test_those_who_fail_give_their_turn_back() -> None:
    turns = Turns()
    for way in (turns.together, turns.alone):
        try:
            with way():
                raise ValueError
        except ValueError:
            pass
    with turns.alone():
        pass
