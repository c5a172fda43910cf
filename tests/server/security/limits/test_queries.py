"""A user's buckets in the database: the same arithmetic as in memory, by one statement, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server import agreement
from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.security.limits import queries
from aimusicverse.server.security.limits.buckets import DAY, HOUR, Level, Sizes, at_time, take
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.opening import open_store
from aimusicverse.server.store.tables import bucket
from aimusicverse.server.store.transaction import Transaction

FREE = Sizes(10.0, 100.0)
START = 1_760_000_000.0


@pytest.fixture
def user(store: Store) -> str:
    store.write_now(api_keys.insert_owner, "usr_a", name="a", tier="free")
    return "usr_a"


def set_level(tx: Transaction, level: Level) -> None:
    tx.execute(sa.delete(bucket))
    queries.keep(tx, [("usr_a", level)])


def debited_at(tx: Transaction, sizes: Sizes, now: float, calls: int) -> Any:
    statement = queries.debit_at(sa.bindparam("now", type_=sa.Float))
    values = {"owner": "usr_a", "hour": sizes.hour, "day": sizes.day, "calls": float(calls), "now": now}
    return tx.one_or_none(statement, values)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.builds(Sizes, st.integers(0, 2_000).map(float), st.integers(0, 20_000).map(float)),
    st.builds(Level, st.floats(0, 2_100), st.floats(0, 21_000), st.just(START)),
    st.one_of(st.floats(-DAY, DAY), st.floats(-70, 70), st.sampled_from([0.0, -60.0, HOUR, -HOUR])),
    st.integers(1, 3_000),
)
def test_the_statement_reckons_as_memory_does(
    store: Store, user: str, sizes: Sizes, level: Level, seconds: float, calls: int
) -> None:
    store.write_now(set_level, level)
    row = store.write_now(debited_at, sizes, START + seconds, calls)
    taken, then = take(level, sizes, START + seconds, calls)
    assert row.granted == taken
    assert (row.hour, row.day) == pytest.approx((then.hour, then.day), abs=1e-6)
    assert row.at == pytest.approx(then.at, abs=1e-6)


def test_the_first_call_makes_the_row_and_is_as_limited_as_the_next(store: Store, user: str) -> None:
    assert store.read_now(queries.level_of, user) is None
    assert store.write_now(queries.debit, user, FREE, 7).granted == 7
    assert store.write_now(queries.debit, user, FREE, 7).granted == 3
    level = store.read_now(queries.level_of, user)
    assert level is not None
    assert (level.hour, level.day) == pytest.approx((10, 10), abs=0.1)


def test_a_user_who_is_gone_gets_nothing_and_leaves_nothing(store: Store) -> None:
    assert store.write_now(queries.debit, "usr_gone", FREE, 1).granted == 0
    store.write_now(queries.keep, [("usr_gone", Level(1.0, 1.0, START))])
    store.write_now(queries.add_excess, 5, [("key_gone", 7)])
    assert store.read_now(queries.level_of, "usr_gone") is None
    assert store.read_now(queries.excessive, 0) == []


def test_what_was_taken_and_not_used_comes_back_and_never_more_than_all(store: Store, user: str) -> None:
    store.write_now(queries.debit, user, FREE, 6)
    store.write_now(queries.give_back, user, 4)
    assert store.write_now(queries.debit, user, FREE, 100).granted == 8
    store.write_now(queries.give_back, user, 1_000)
    assert store.write_now(queries.debit, user, FREE, 100).granted == 10


def test_it_goes_by_server_time(store: Store, user: str) -> None:
    assert store.write_now(queries.debit, user, FREE, 10).granted == 10
    store.write_now(lambda tx: agreement.set_clock_offset(tx, _hours(0.5)))
    debit = store.write_now(queries.debit, user, FREE, 10)
    assert debit.granted == 5
    assert debit.level.at == pytest.approx(datetime.now(UTC).timestamp() + 1800, abs=5)


def _hours(number: float) -> Any:
    from datetime import timedelta

    return timedelta(hours=number)


@pytest.fixture
def stores(store: Store, database_url: Secret | None, tmp_path: Path) -> Iterator[list[Store]]:
    """As many as may share the database, each with connections of its own."""
    others = [] if database_url is None else [open_store(database_url, tmp_path, clock=ServerClock())]
    yield [store, *others]
    for other in others:
        other.close()


async def test_of_many_debits_at_once_exactly_as_many_pass_as_there_are(
    stores: list[Store], user: str
) -> None:
    debits = await asyncio.gather(
        *(store.write_statement(queries.debit, user, FREE, 1) for _ in range(200) for store in stores)
    )
    assert sum(debit.granted for debit in debits) == 10


async def test_a_function_with_a_second_statement_is_a_defect_and_ends_nobody(
    store: Store, user: str, database_name: str
) -> None:
    def two(tx: Transaction) -> None:
        queries.debit(tx, user, FREE, 1)
        queries.debit(tx, user, FREE, 1)

    if database_name == "postgres":
        for _ in range(5):
            with pytest.raises(TypeError, match="second"):
                await store.write_statement(two)
    assert (await store.write_statement(queries.debit, user, FREE, 1)).granted == 1


def test_calls_over_the_limit_count_for_a_minute(store: Store, user: str) -> None:
    store.write_now(
        lambda tx: api_keys.insert(tx, "key_a", owner_id=user, name="a", mode="live", hash=b"", scopes=[])
    )
    for second, calls in ((1_000, 60), (1_000, 30), (1_030, 20)):
        store.write_now(queries.add_excess, second, [("key_a", calls)])
    assert store.read_now(queries.excessive, 100) == ["key_a"]
    assert store.read_now(queries.excessive, 110) == []
    store.write_now(queries.add_excess, 1_060, [("key_a", 1)])
    assert store.read_now(queries.excessive, 100) == []
    assert store.read_now(queries.excessive, 20) == ["key_a"]


def test_reckoning_twice_changes_nothing() -> None:
    level = Level(5.0, 5.0, START)
    assert at_time(at_time(level, FREE, START + 9), FREE, START + 9) == at_time(level, FREE, START + 9)
