"""One piece of work for all who ask for it at the same time."""

from __future__ import annotations

import asyncio
import gc

import pytest

from aimusicverse.server.single_flight import SingleFlight


class Work:
    """Waits for a sign, and counts how often it was begun."""

    def __init__(self, error: Exception | None = None) -> None:
        self.begun = 0
        self.go_on = asyncio.Event()
        self._error = error

    async def __call__(self) -> int:
        self.begun += 1
        await self.go_on.wait()
        if self._error is not None:
            raise self._error
        return self.begun


def test_those_who_ask_at_once_get_one_result_and_the_next_one_another() -> None:
    async def story() -> None:
        flight, work = SingleFlight[str, int](), Work()
        both = asyncio.gather(flight.do("a", work), flight.do("a", work))
        await asyncio.sleep(0)
        work.go_on.set()
        assert await both == [1, 1]
        assert await flight.do("a", work) == 2

    asyncio.run(story())


def test_other_keys_are_other_work() -> None:
    async def story() -> None:
        flight, work = SingleFlight[str, int](), Work()
        work.go_on.set()
        await asyncio.gather(flight.do("a", work), flight.do("b", work))
        assert work.begun == 2

    asyncio.run(story())


def test_whoever_hangs_up_does_not_take_it_from_the_others() -> None:
    async def story() -> None:
        flight, work = SingleFlight[str, int](), Work()
        first = asyncio.ensure_future(flight.do("a", work))
        second = asyncio.ensure_future(flight.do("a", work))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        work.go_on.set()
        assert await second == 1

    asyncio.run(story())


def test_all_get_the_error_and_one_that_nobody_waits_for_is_no_alarm() -> None:
    alarms: list[object] = []

    async def story() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: alarms.append(context))
        flight, work = SingleFlight[str, int](), Work(ValueError("no"))
        asking = [asyncio.ensure_future(flight.do("a", work)) for _ in range(2)]
        await asyncio.sleep(0)
        work.go_on.set()
        told = await asyncio.gather(*asking, return_exceptions=True)
        assert [str(error) for error in told] == ["no", "no"]
        work.go_on.clear()
        alone = asyncio.ensure_future(flight.do("a", work))
        await asyncio.sleep(0)
        alone.cancel()
        await asyncio.gather(alone, return_exceptions=True)
        work.go_on.set()
        await asyncio.sleep(0.01)
        gc.collect()

    asyncio.run(story())
    assert alarms == []
