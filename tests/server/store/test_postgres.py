"""PostgreSQL: many processes, one order, and what is told when it does not answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.events import queries as events
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store import errors, postgres
from aimusicverse.server.store.postgres import PostgresStore
from aimusicverse.server.store.tables import event as event_table
from aimusicverse.server.store.tables import generation, owner, render
from aimusicverse.server.store.transaction import Transaction
from tests.server.databases import ADMIN, postgres_database


@pytest.fixture
def url() -> Iterator[Secret]:
    with postgres_database() as url:
        yield url


@pytest.fixture
def store(url: Secret) -> Iterator[PostgresStore]:
    store = PostgresStore(url, clock=ServerClock())
    yield store
    store.close()


@pytest.fixture
def other(url: Secret, store: PostgresStore) -> Iterator[PostgresStore]:
    """Another process's, as far as PostgreSQL can tell."""
    other = PostgresStore(url, clock=ServerClock())
    yield other
    other.close()


def add(tx: Transaction, name: str) -> str:
    tx.execute(sa.insert(owner).values(id=name, name=name, tier="local", created_at=tx.now))
    return name


def names(tx: Transaction) -> list[str]:
    return [row.id for row in tx.all(sa.select(owner.c.id).order_by(owner.c.id))]


def hang_up(url: Secret) -> None:
    """End all connections to a database, as a restart does."""
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [sa.make_url(url.get_secret_value()).database],
        )


def test_a_commit_wakes_another_process_which_sees_it(store: PostgresStore, other: PostgresStore) -> None:
    woken = threading.Event()
    seen: list[list[str]] = []

    def look() -> None:
        seen.append(other.read_now(names))
        woken.set()

    def write(tx: Transaction) -> None:
        add(tx, "a")
        tx.wake("news")

    with other.signals.listen("news", look):
        woken.clear()
        while not seen or seen[-1] == []:
            store.write_now(write) if not store.read_now(names) else None
            assert woken.wait(10)
    assert seen[-1] == ["a"]


async def test_who_looks_and_then_writes_is_not_overtaken_by_another_process(
    store: PostgresStore, other: PostgresStore
) -> None:
    def add_one_more(tx: Transaction) -> str:
        return add(tx, f"{len(names(tx)):03}")

    await asyncio.gather(*(each.write(add_one_more) for _ in range(15) for each in (store, other)))
    assert await store.read(names) == [f"{n:03}" for n in range(30)]


async def test_no_reader_overtakes_an_event(store: PostgresStore, other: PostgresStore) -> None:
    """Whoever follows the log by its numbers misses none, however its writers overlap."""
    await store.write(add, "usr_1")
    me = Owner("usr_1")
    total, seen = 120, list[int]()

    def append(tx: Transaction, number: int) -> None:
        tx.scalar(sa.select(sa.func.pg_sleep(0.001 * (number % 5))))
        events.insert(tx, me.id, event_id=f"evt_{number:04}", type="x", data={})
        tx.scalar(sa.select(sa.func.pg_sleep(0.001 * (number % 3))))

    async def follow() -> None:
        while len(seen) < total:
            page = await other.read(events.after, me, seq=seen[-1] if seen else 0, type=None, limit=1000)
            seen.extend(event.seq for event in page)

    following = asyncio.ensure_future(follow())
    await asyncio.gather(
        *(each.write(append, 2 * n + i) for n in range(total // 2) for i, each in enumerate((store, other)))
    )
    await asyncio.wait_for(following, 30)
    assert len(set(seen)) == total


def test_a_connection_that_was_cut_costs_no_call(store: PostgresStore, url: Secret) -> None:
    store.write_now(add, "a")
    for number in range(5):
        hang_up(url)
        assert "a" in store.read_now(names)
        hang_up(url)
        store.write_now(add, f"b{number}")
    assert len(store.read_now(names)) == 6


def test_a_cut_in_the_middle_of_a_write_repeats_it_as_a_whole(store: PostgresStore, url: Secret) -> None:
    runs: list[int] = []

    def write(tx: Transaction) -> None:
        add(tx, "a")
        if not runs:
            hang_up(url)
        runs.append(1)
        add(tx, "b")

    store.write_now(write)
    assert len(runs) >= 1
    assert store.read_now(names) == ["a", "b"]


def test_a_cut_wakes_everybody_because_something_may_have_been_missed(
    store: PostgresStore, url: Secret
) -> None:
    woken = threading.Event()
    with store.signals.listen("news", woken.set):
        woken.wait(1)
        woken.clear()
        hang_up(url)
        assert woken.wait(10)


def test_a_call_of_an_owner_sees_and_changes_only_his_rows(store: PostgresStore) -> None:
    def fill(tx: Transaction) -> None:
        for one in ("usr_a", "usr_b"):
            add(tx, one)
            tx.execute(
                sa.insert(generation).values(
                    id=f"gen_{one}",
                    owner_id=one,
                    status="queued",
                    request={},
                    engine="x",
                    seed=1,
                    warnings=[],
                    created_at=tx.now,
                    updated_at=tx.now,
                )
            )
            tx.execute(
                sa.insert(render).values(
                    generation_id=f"gen_{one}", variant=0, plan={}, status="queued", progress=0.0
                )
            )

    def as_a(tx: Transaction) -> tuple[list[str], ...]:
        tx.act_for("usr_a")
        columns = (owner.c.id, generation.c.id, render.c.generation_id)
        return tuple([str(value) for (value,) in tx.all(sa.select(column))] for column in columns)

    def take_over(tx: Transaction) -> int:
        tx.act_for("usr_a")
        return tx.execute(sa.update(generation).values(status="cancelled")).rowcount

    def slip_in(tx: Transaction) -> None:
        tx.act_for("usr_a")
        tx.execute(
            sa.insert(event_table).values(id="evt_1", owner_id="usr_b", type="x", timestamp=tx.now, data={})
        )

    store.write_now(fill)
    assert store.read_now(as_a) == (["usr_a"], ["gen_usr_a"], ["gen_usr_a"])
    assert store.write_now(take_over) == 1
    with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
        store.write_now(slip_in)
    assert store.read_now(names) == ["usr_a", "usr_b"]  # the server itself sees all, whoever called before


def test_a_transaction_that_failed_leaves_no_owner_behind(store: PostgresStore) -> None:
    store.write_now(add, "usr_a")

    def fail_for(tx: Transaction, who: str) -> None:
        tx.act_for(who)
        names(tx)
        raise RuntimeError

    for _ in range(postgres.WRITERS * 3):
        with pytest.raises(RuntimeError):
            store.write_now(fail_for, "usr_x")
        with pytest.raises(RuntimeError):
            store.read_now(fail_for, "usr_x")
        assert store.read_now(names) == store.write_now(names) == ["usr_a"]


def test_a_server_that_does_not_answer_is_named_without_the_password() -> None:
    with pytest.raises(errors.StoreError) as refused:
        PostgresStore(Secret("postgresql://user:hunter2@127.0.0.1:1/name"), clock=ServerClock())
    assert "127.0.0.1:1/name" in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("url", ["nonsense:hunter2", "mysql://u:hunter2@h/d", "sqlite:///x", "://hunter2"])
def test_an_address_that_is_none_is_refused_without_the_password(url: str) -> None:
    with pytest.raises(errors.StoreError, match="AMV_DATABASE_URL") as refused:
        PostgresStore(Secret(url), clock=ServerClock())
    assert "hunter2" not in str(refused.value)


async def test_calls_that_wait_too_long_for_a_connection_are_told_so(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "WAIT_SECONDS", 0.2)
    go_on = threading.Event()
    holding = [store.read(lambda tx: go_on.wait(20)) for _ in range(postgres.READERS)]
    holders = [asyncio.ensure_future(one) for one in holding]
    late = asyncio.ensure_future(store.read(names))
    await asyncio.sleep(0.5)
    go_on.set()
    with pytest.raises(errors.StoreBusy, match="try again"):
        await late
    assert all(await asyncio.gather(*holders))
    assert await store.read(names) == []


def test_a_server_without_a_free_connection_is_busy_not_broken(store: PostgresStore, url: Secret) -> None:
    parsed = sa.make_url(url.get_secret_value())
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {parsed.database} CONNECTION LIMIT 0")
        hang_up(url)
        with pytest.raises(errors.StoreBusy, match="no connection free"):
            store.read_now(names)
        admin.execute(f"ALTER DATABASE {parsed.database} CONNECTION LIMIT -1")
    assert store.read_now(names) == []


def test_a_table_that_a_newer_version_took_away_is_said(store: PostgresStore, other: PostgresStore) -> None:
    other.write_now(lambda tx: tx.execute(sa.text("ALTER TABLE owner RENAME COLUMN tier TO grade")))
    with pytest.raises(errors.SchemaUnknown, match="restart"):
        store.write_now(add, "a")


def test_a_statement_prepared_before_a_migration_goes_on(store: PostgresStore, other: PostgresStore) -> None:
    for _ in range(postgres.READERS * 8):  # until each connection has prepared it
        store.read_now(lambda tx: tx.all(sa.text("SELECT * FROM owner")))
    other.write_now(lambda tx: tx.execute(sa.text("ALTER TABLE owner ADD COLUMN extra integer")))
    for _ in range(postgres.READERS * 2):
        assert store.read_now(lambda tx: tx.all(sa.text("SELECT * FROM owner"))) == []
