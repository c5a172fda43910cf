"""Work goes to whoever became free last, none is lost, and at the end everybody is let go."""

from __future__ import annotations

import threading
import time
from queue import SimpleQueue

from aimusicverse.server.store.last_free import LastFree


class Crew:
    """Threads that take work, and say who did what."""

    def __init__(self, size: int) -> None:
        self.works: LastFree[int] = LastFree()
        self.done: list[tuple[int, int]] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.threads = [threading.Thread(target=self._work, args=(number,)) for number in range(size)]
        for thread in self.threads:
            thread.start()

    def _work(self, number: int) -> None:
        place: SimpleQueue[int | None] = SimpleQueue()
        while (work := self.works.get(place)) is not None:
            self.may_go_on.wait()
            self.done.append((number, work))

    def settle(self, count: int) -> None:
        """Wait until so much is done, and everybody who did it is free again."""
        end = time.monotonic() + 30
        while len(self.done) < count or len(self.works._free) < len(self.threads):
            assert time.monotonic() < end
            time.sleep(0.001)

    def end(self) -> None:
        self.works.end()
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()


def test_one_after_the_other_is_done_by_one() -> None:
    crew = Crew(3)
    for number in range(20):
        crew.settle(number)
        crew.works.put(number)
    crew.settle(20)
    crew.end()
    assert len({who for who, _ in crew.done}) == 1


def test_several_at_once_are_done_by_several() -> None:
    crew = Crew(3)
    crew.settle(0)
    crew.may_go_on.clear()
    for number in range(3):
        crew.works.put(number)
    assert len(crew.works) == 0
    crew.may_go_on.set()
    crew.settle(3)
    crew.end()
    assert len({who for who, _ in crew.done}) == 3


def test_what_was_put_in_before_the_end_is_done() -> None:
    crew = Crew(2)
    crew.settle(0)
    crew.may_go_on.clear()
    for number in range(50):
        crew.works.put(number)
    crew.works.end()
    crew.may_go_on.set()
    crew.end()
    assert sorted(work for _, work in crew.done) == list(range(50))
