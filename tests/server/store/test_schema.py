"""The schema: made at once or step by step, it is the same; up and down, data stays."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.store import errors, postgres, schema, search, sqlite
from aimusicverse.server.store.opening import open_store
from aimusicverse.server.store.tables import metadata
from tests.server.databases import postgres_database

pytestmark = pytest.mark.usefixtures("database_name")


@pytest.fixture
def database_url(database_name: str) -> Iterator[Secret | None]:
    """A database that has not even a schema."""
    with nullcontext() if database_name == "sqlite" else postgres_database() as url:
        yield url


@pytest.fixture
def engine(database_url: Secret | None, tmp_path: Path) -> Iterator[sa.Engine]:
    """An engine as `schema` wants it, over an empty database."""
    engine = engine_of(database_url, tmp_path / "amv.db")
    yield engine
    engine.dispose()


def engine_of(url: Secret | None, file: Path) -> sa.Engine:
    if url is None:
        return sqlite.engine(file)
    return postgres.engine(url).execution_options(isolation_level="AUTOCOMMIT")


def description(engine: sa.Engine) -> dict[str, object]:
    """All that a database knows of a schema: columns, keys, indexes, policies."""
    inspector = sa.inspect(engine)
    tables = sorted(set(inspector.get_table_names()) - {"alembic_version"})
    found: dict[str, object] = {
        table: (
            [(c["name"], repr(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            sorted(_index(found) for found in inspector.get_indexes(table)),
            sorted(inspector.get_foreign_keys(table), key=str),
            sorted(inspector.get_unique_constraints(table), key=str),
        )
        for table in tables
    }
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT tablename, policyname, qual FROM pg_policies ORDER BY 1, 2"
            )
            found["policies"] = [tuple(row) for row in rows]
    return found


def _index(found: Any) -> str:
    """In words: the condition of a partial one is an object that equals no other."""
    options = {name: str(value) for name, value in found.get("dialect_options", {}).items()}
    return str({**found, "dialect_options": options})


def test_migrations_and_a_fresh_start_give_the_same_schema(
    engine: sa.Engine, database_url: Secret | None, tmp_path: Path
) -> None:
    schema.ensure(engine)
    fresh = description(engine)
    schema.migrate(engine, "base")
    schema.migrate(engine, schema.HEAD)
    assert description(engine) == fresh
    with engine.connect() as connection:
        assert schema.current(connection) == schema.HEAD


def test_down_to_nothing_leaves_nothing(engine: sa.Engine) -> None:
    schema.ensure(engine)
    schema.migrate(engine, "base")
    assert not [table for name, table in description(engine).items() if name != "policies"]


def test_each_step_up_and_down_again_keeps_the_rows(engine: sa.Engine) -> None:
    known = schema.revisions()
    for revision, following in pairwise(known):
        schema.migrate(engine, revision)
        tables = insert_a_row_everywhere(engine)
        goes_up_and_down_again(engine, revision, following)
        with engine.connect() as connection:
            for table in reversed(tables):
                connection.execute(sa.delete(table))


@pytest.mark.parametrize(
    "revision",
    [
        # Longer ways are made of the steps above; all of them are gone in the long run.
        pytest.param(revision, marks=[pytest.mark.long] * (0 < number < len(schema.revisions()) - 2))
        for number, revision in enumerate(schema.revisions()[:-1])
    ],
)
def test_up_and_down_again_keeps_the_rows(engine: sa.Engine, revision: str) -> None:
    schema.migrate(engine, revision)
    insert_a_row_everywhere(engine)
    goes_up_and_down_again(engine, revision, schema.HEAD)


def goes_up_and_down_again(engine: sa.Engine, revision: str, newer: str) -> None:
    before = rows(engine)
    assert len(before) >= 9
    if newer == schema.HEAD:
        schema.ensure(engine)
    else:
        schema.migrate(engine, newer)
    now = rows(engine)
    for table, kept in before.items():
        for then, row in zip(kept, now[table], strict=True):
            assert then.items() <= row.items()  # a new column may have come
    schema.migrate(engine, revision)
    assert rows(engine) == before


def insert_a_row_everywhere(engine: sa.Engine) -> list[sa.Table]:
    """One row in each table, as it is now, whatever its columns. The tables: first those that others name."""
    reflected = sa.MetaData()
    reflected.reflect(engine)
    tables = [table for table in reflected.sorted_tables if is_ours(table.name)]
    with engine.connect() as connection:
        for table in tables:
            values = {
                column.name: value_of(column)
                for column in table.columns
                if column.name != "seq" and column.computed is None
            }
            connection.execute(sa.insert(table).values(values))
    return tables


def is_ours(table: str) -> bool:
    return table != "alembic_version" and not search.is_internal(table)


def value_of(column: sa.Column[object]) -> object:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return {"a": ["ü", 1, None]}
    if isinstance(kind, sa.Integer):
        return 2**52 if isinstance(kind, sa.BigInteger) else 7
    if isinstance(kind, sa.Float):
        return 1.5
    if isinstance(kind, sa.LargeBinary):
        return b"\0\xff"
    return "usr_1" if column.foreign_keys or column.name == "id" else "x"


def rows(engine: sa.Engine) -> dict[str, list[dict[str, str]]]:
    """Every row of every table, as the driver has the values, by the names of the columns."""
    with engine.connect() as connection:
        return {
            table: [
                {name: repr(value) for name, value in row.items()}
                for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()
            ]
            for table in sa.inspect(connection).get_table_names()
            if is_ours(table)
        }


def test_two_migrators_at_once_both_find_it_done(engine: sa.Engine) -> None:
    schema.migrate(engine, schema.revisions()[0])
    insert_a_row_everywhere(engine)
    errors_met: list[BaseException] = []
    together = threading.Barrier(4)

    def migrator() -> None:
        together.wait()
        try:
            schema.ensure(engine)
        except BaseException as error:
            errors_met.append(error)

    threads = [threading.Thread(target=migrator) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors_met == []
    with engine.connect() as connection:
        assert schema.current(connection) == schema.HEAD
    assert set(rows(engine)) == set(metadata.tables)


def test_a_migration_that_fails_leaves_the_schema_as_it_was(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.migrate(engine, schema.revisions()[0])
    before = description(engine)
    monkeypatch.setattr("aimusicverse.server.store.row_security.protect", lambda *_: ["not SQL"])
    monkeypatch.setattr("sqlalchemy.BigInteger", lambda: 1 / 0)
    with pytest.raises((ZeroDivisionError, sa.exc.ProgrammingError)):
        schema.ensure(engine)
    monkeypatch.undo()
    assert description(engine) == before
    schema.ensure(engine)


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema._MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_a_database_of_a_newer_version_is_left_alone(
    engine: sa.Engine, database_url: Secret | None, tmp_path: Path
) -> None:
    schema.ensure(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
    with pytest.raises(errors.SchemaUnknown, match="newest here"):
        open_store(database_url, tmp_path / "amv.db", clock=ServerClock())


def test_a_database_of_another_program_is_left_alone(
    engine: sa.Engine, database_url: Secret | None, tmp_path: Path
) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (id INTEGER)")
    with pytest.raises(errors.SchemaUnknown, match="another program"):
        open_store(database_url, tmp_path / "amv.db", clock=ServerClock())


def test_a_start_on_a_current_database_does_not_import_alembic(tmp_path: Path, sqlite_only: None) -> None:
    code = (
        "import sys; from pathlib import Path; from aimusicverse.clock import ServerClock\n"
        "from aimusicverse.server.store.sqlite import SqliteStore\n"
        f"for _ in range(2): SqliteStore(Path({str(tmp_path / 'amv.db')!r}), clock=ServerClock()).close()\n"
        "assert not [m for m in sys.modules if m.startswith('alembic')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_tracks_of_before_are_found_by_their_words(engine: sa.Engine) -> None:
    schema.migrate(engine, "0002")
    insert_a_row_everywhere(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE track SET title = 'Rainy Café 日本 nightfall'")
    schema.ensure(engine)
    hit = search.matching()
    with engine.connect() as connection:
        for asked, count in {
            "cafe rai": 1, "r": 1, "rainy": 1, "rainyd": 0, "ainy": 0, "nightf": 1, "nightfa": 1,
            "nightfx": 0, "nightx": 0, "nightfall": 1, "nightfalls": 0, "nightfal cafe": 0, "本": 1,
            "日 本": 1, "語": 0, "u": 0, "usr_1": 0, "snow": 0,
        }.items():  # fmt: skip
            found = connection.execute(sa.select(hit.c.track_id), {"query": search.query("usr_1", asked)})
            assert (asked, len(found.all())) == (asked, count)
        assert (
            connection.exec_driver_sql("SELECT title_key FROM track").scalar_one()
            == "rainy cafe 日本 nightfall"
        )
