"""Who keeps the buckets: few looks into the database, none of them missed, and never a call too many."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.security.limits import alone, queries, shared
from aimusicverse.server.security.limits.alone import LoneLedger
from aimusicverse.server.security.limits.buckets import Level, Sizes
from aimusicverse.server.security.limits.ledger import Ledger
from aimusicverse.server.security.limits.shared import SharedLedger
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.tables import bucket
from aimusicverse.server.store.transaction import Transaction

USER = "usr_a"
FREE = Sizes(10.0, 100.0)
#: Enough to take some ahead, and refilled slowly: three in a second.
ROOMY = Sizes(10_000.0, 100_000.0)
LARGE = Sizes(1_000_000.0, 10_000_000.0)


@pytest.fixture(autouse=True)
def user(store: Store) -> None:
    store.write_now(api_keys.insert_owner, USER, name="a", tier="custom")


async def passes(ledger: Ledger, store: Store, sizes: Sizes) -> bool:
    """One call, as the limiter makes it."""
    taken = ledger.take(USER, sizes, store.clock.unix())
    return (taken or await ledger.ask(USER, sizes)).passed


async def passed(ledger: Ledger, store: Store, sizes: Sizes, calls: int) -> int:
    """How many of so many calls pass, one after the other."""
    count = 0
    for _ in range(calls):
        count += await passes(ledger, store, sizes)
    return count


def used(store: Store) -> float:
    level = store.read_now(queries.level_of, USER)
    return 0.0 if level is None else level.hour


def counting(monkeypatch: pytest.MonkeyPatch, name: str) -> list[int]:
    """Counts how often a query is run."""
    calls: list[int] = []
    original = getattr(queries, name)

    def counted(tx: Transaction, *args: Any) -> Any:
        calls.append(1)
        return original(tx, *args)

    monkeypatch.setattr(queries, name, counted)
    return calls


def failing(monkeypatch: pytest.MonkeyPatch, name: str) -> Callable[[], None]:
    """Lets a query fail, until it is undone."""

    def fail(tx: Transaction, *args: Any) -> Any:
        raise StoreError("the database is away")

    original = getattr(queries, name)
    monkeypatch.setattr(queries, name, fail)
    return lambda: monkeypatch.setattr(queries, name, original)


async def until(look: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not look():
            await asyncio.sleep(0.02)


# -- a process alone --------------------------------------------------------------------------------


async def test_alone_a_users_row_is_read_once_however_many_call_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write_now(queries.keep, [(USER, Level(8.0, 8.0, store.clock.unix()))])
    reads = counting(monkeypatch, "level_of")
    ledger = LoneLedger(store)
    answers = await asyncio.gather(*(ledger.ask(USER, FREE) for _ in range(50)))
    assert sum(answer.passed for answer in answers) == 2
    assert await passed(ledger, store, FREE, 50) == 0
    assert len(reads) == 1
    ledger.close()


async def test_alone_many_calls_are_written_down_together_and_soon(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = counting(monkeypatch, "keep")
    ledger = LoneLedger(store)
    began = time.monotonic()
    assert await passed(ledger, store, ROOMY, 2_000) == 2_000
    await until(lambda: used(store) > 1_900)
    assert len(writes) <= 1 + (time.monotonic() - began) / alone.WRITTEN_AFTER_SECONDS
    ledger.close()


async def test_alone_what_is_not_written_yet_is_written_at_the_end(store: Store) -> None:
    ledger = LoneLedger(store)
    await passed(ledger, store, FREE, 3)
    ledger.close()
    assert used(store) == pytest.approx(3, abs=0.1)


async def test_alone_a_database_that_fails_for_a_while_misses_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = LoneLedger(store)
    await passed(ledger, store, FREE, 1)
    works_again = failing(monkeypatch, "keep")
    assert await passed(ledger, store, FREE, 2) == 2  # callers do not notice
    await until(lambda: "counted durably" in caplog.text)
    works_again()
    await until(lambda: used(store) > 2.9)
    ledger.close()


async def test_alone_a_row_that_cannot_be_read_is_an_error_and_not_a_full_bucket(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write_now(queries.keep, [(USER, Level(10.0, 10.0, store.clock.unix()))])
    works_again = failing(monkeypatch, "level_of")
    ledger = LoneLedger(store)
    with pytest.raises(StoreError):
        await ledger.ask(USER, FREE)
    works_again()
    assert not (await ledger.ask(USER, FREE)).passed
    ledger.close()


async def test_alone_users_who_do_not_fit_into_memory_are_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "KEPT", 0)
    ledger = LoneLedger(store)
    await passed(ledger, store, FREE, 4)
    await until(lambda: not ledger._levels)
    assert await passed(ledger, store, FREE, 10) == 6
    ledger.close()


async def test_alone_rows_that_are_replaced_are_read_anew(store: Store) -> None:
    ledger = LoneLedger(store)
    assert await passed(ledger, store, FREE, 20) == 10

    def replace(tx: Transaction) -> None:
        tx.execute(sa.delete(bucket))
        tx.wake(queries.TOPIC)

    await store.write(replace)
    assert await passed(ledger, store, FREE, 20) == 10
    ledger.close()


# -- several ----------------------------------------------------------------------------------------


async def test_shared_the_last_calls_are_given_one_by_one_so_that_no_call_is_lost_or_doubled(
    store: Store,
) -> None:
    ledgers = [SharedLedger(store) for _ in range(4)]
    counts = await asyncio.gather(*(passed(ledger, store, FREE, 30) for ledger in ledgers))
    assert sum(counts) == 10
    assert not any(account.held for ledger in ledgers for account in ledger._accounts.values())


async def test_shared_of_many_calls_none_too_many_passes_and_in_the_end_none_too_few(store: Store) -> None:
    sizes = Sizes(600.0, 700.0)
    ledgers = [SharedLedger(store) for _ in range(3)]
    counts = await asyncio.gather(*(passed(ledger, store, sizes, 300) for ledger in ledgers))
    assert sum(counts) <= 602  # with what came back meanwhile
    assert sum(counts) >= 600 - 3 * 6
    for _ in range(3):  # what was taken ahead comes back
        await asyncio.sleep(1)
        for ledger in ledgers:
            counts.append(await passed(ledger, store, sizes, 20))
    assert sum(counts) in range(600, 605)


async def test_shared_who_has_many_calls_and_uses_them_asks_the_database_seldom(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    debits = counting(monkeypatch, "debit")
    ledger = SharedLedger(store)
    assert await passed(ledger, store, LARGE, 5_000) == 5_000
    assert len(debits) < 30
    ledger.close()


async def test_shared_what_lies_unused_goes_back(store: Store) -> None:
    ledger = SharedLedger(store)
    await passed(ledger, store, ROOMY, 100)
    assert ledger._accounts[USER].held > 0
    await until(lambda: abs(used(store) - 100) < 20 and ledger._accounts[USER].held == 0)
    assert not ledger._holders
    ledger.close()


async def test_shared_what_is_taken_ahead_goes_back_at_the_end(store: Store) -> None:
    ledger = SharedLedger(store)
    await passed(ledger, store, ROOMY, 100)
    assert used(store) > 110
    ledger.close()
    assert used(store) == pytest.approx(100, abs=20)


async def test_shared_what_cannot_be_given_back_is_said_and_harms_nobody(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = SharedLedger(store)
    await passed(ledger, store, ROOMY, 100)
    failing(monkeypatch, "give_back")
    await until(lambda: "not given back" in caplog.text)
    assert await passed(ledger, store, ROOMY, 10) == 10
    ledger.close()


async def test_shared_a_no_is_not_asked_for_again_until_it_may_have_changed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = SharedLedger(store)
    assert await passed(ledger, store, FREE, 11) == 10
    debits = counting(monkeypatch, "debit")
    assert await passed(ledger, store, FREE, 100) == 0
    assert debits == []
    assert ledger.take(USER, FREE, store.clock.unix() + 361) is None  # then it asks
    assert ledger.take(USER, FREE, store.clock.unix() - 100) is None  # or when the clock was set back


async def test_shared_those_who_call_together_are_asked_for_together(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    debits = counting(monkeypatch, "debit")
    ledger = SharedLedger(store)
    answers = await asyncio.gather(*(ledger.ask(USER, FREE) for _ in range(500)))
    assert sum(answer.passed for answer in answers) == 10
    assert len(debits) <= 2


async def test_shared_whoever_hangs_up_takes_nothing_from_the_others(store: Store) -> None:
    ledger = SharedLedger(store)
    tasks = [asyncio.ensure_future(ledger.ask(USER, FREE)) for _ in range(5)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(answer).__name__ for answer in answers] == ["CancelledError", "Taken"] * 2 + [
        "CancelledError"
    ]
    assert await passed(ledger, store, FREE, 10) >= 5
    ledger.close()


async def test_shared_a_database_that_does_not_answer_lets_nobody_pass_and_is_asked_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = SharedLedger(store)
    works_again = failing(monkeypatch, "debit")
    answers = await asyncio.gather(*(ledger.ask(USER, FREE) for _ in range(5)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {StoreError}
    works_again()
    assert await passed(ledger, store, FREE, 11) == 10


async def test_shared_another_tier_counts_at_once_and_what_was_taken_ahead_goes_back(store: Store) -> None:
    ledger = SharedLedger(store)
    await passed(ledger, store, ROOMY, 100)
    smaller = Sizes(200.0, 1_000.0)
    assert await passed(ledger, store, smaller, 300) in range(100, 125)


async def test_shared_rows_that_are_replaced_are_asked_anew(store: Store) -> None:
    ledger = SharedLedger(store)
    assert await passed(ledger, store, FREE, 20) == 10

    def replace(tx: Transaction) -> None:
        tx.execute(sa.delete(bucket))
        tx.wake(queries.TOPIC)

    await store.write(replace)
    assert await passed(ledger, store, FREE, 20) == 10


async def test_shared_memory_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "KEPT", 10)
    ledger = SharedLedger(store)
    for number in range(100):
        await ledger.ask(f"usr_{number}", FREE)
        assert len(ledger._accounts) <= 10
