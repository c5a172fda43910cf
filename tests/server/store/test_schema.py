"""The schema: made at once or step by step, it is the same; up and down, data stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from aimusicverse.clock import ServerClock
from aimusicverse.server.store import errors, schema
from aimusicverse.server.store.base import Store, _engine


def description(engine: sa.Engine) -> dict[str, object]:
    """All that SQLite knows of a schema: columns, keys, indexes."""
    inspector = sa.inspect(engine)
    tables = sorted(set(inspector.get_table_names()) - {"alembic_version"})
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            sorted(inspector.get_indexes(table), key=str),
            sorted(inspector.get_foreign_keys(table), key=str),
            sorted(inspector.get_unique_constraints(table), key=str),
        )
        for table in tables
    }


def test_migrations_and_a_fresh_start_give_the_same_schema(tmp_path: Path) -> None:
    fresh, migrated = _engine(tmp_path / "fresh.db"), _engine(tmp_path / "migrated.db")
    schema.ensure(fresh)
    schema.upgrade(migrated)
    assert description(fresh) == description(migrated)
    with migrated.connect() as connection:
        assert schema.current(connection) == schema.HEAD


def test_down_to_nothing_and_up_again(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "amv.db")
    schema.upgrade(engine)
    before = description(engine)
    schema.downgrade(engine, "base")
    assert description(engine) == {}
    schema.upgrade(engine)
    assert description(engine) == before


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema._MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "amv.db")
    schema.ensure(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
    with pytest.raises(errors.SchemaUnknown, match="newest here"):
        Store(tmp_path / "amv.db", clock=ServerClock())


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "amv.db")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (id INTEGER)")
    with pytest.raises(errors.SchemaUnknown, match="another program"):
        Store(tmp_path / "amv.db", clock=ServerClock())


def test_a_start_on_a_current_database_does_not_import_alembic(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from aimusicverse.clock import ServerClock\n"
        "from aimusicverse.server.store.base import Store\n"
        f"for _ in range(2): Store(Path({str(tmp_path / 'amv.db')!r}), clock=ServerClock()).close()\n"
        "assert not [m for m in sys.modules if m.startswith('alembic')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
