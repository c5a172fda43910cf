"""Which schema a database has, and how it gets the one that this version needs.

A fresh database is made in one go and stamped; Alembic, which is slow to import, is loaded only
when a database with an older stamp turns up. Whoever changes a schema does so alone, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from aimusicverse.server.store import event_order, row_security, search
from aimusicverse.server.store.errors import SchemaUnknown
from aimusicverse.server.store.tables import metadata, server

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest migration under `migrations/versions`; a test compares.
HEAD = "0014"
_MIGRATIONS: Path = Path(__file__).parent / "migrations"
#: The lock under which PostgreSQL's schema is changed; any number that nothing else here uses.
_LOCK = 7_236_001

_stamp: sa.Table = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), primary_key=True),
)


def current(connection: sa.Connection) -> str | None:
    """The stamp; `None` for an empty database.

    Raises:
        SchemaUnknown: tables without a stamp: not a database of ours.
    """
    tables = set(sa.inspect(connection).get_table_names())
    if _stamp.name in tables:
        stamp: str | None = connection.scalar(sa.select(_stamp.c.version_num))
        if stamp is not None or tables == {_stamp.name}:
            return stamp
    if tables:
        raise SchemaUnknown("the database holds tables of another program; name another one")
    return None


def ensure(engine: sa.Engine) -> None:
    """Bring a database to `HEAD`.

    Args:
        engine: in AUTOCOMMIT, as are those of all functions here.

    Raises:
        SchemaUnknown: it was written by a newer version, or by something else.
    """
    with engine.connect() as connection:
        if current(connection) == HEAD:
            return
        with alone(connection):
            stamp = current(connection)  # another process may have been quicker
            if stamp is None:
                _create(connection)
            elif stamp != HEAD:
                _migrate(connection, stamp, HEAD)


def migrate(engine: sa.Engine, to: str) -> None:
    """Bring a database to the schema `to`, up or down; `base` is an empty one. Rows are kept.

    Raises:
        SchemaUnknown: its stamp, or `to`, is not known here.
    """
    with engine.connect() as connection, alone(connection):
        _migrate(connection, current(connection), to)


def build(connection: sa.Connection, revision: str) -> None:
    """Make the schema of a revision in an empty database, within a transaction of the caller's.

    Raises:
        SchemaUnknown: it is not known here.
    """
    if revision == HEAD:
        _create(connection)
    else:
        _migrate(connection, None, revision)


def bring_to(connection: sa.Connection, revision: str) -> None:
    """`migrate`, within a transaction of the caller's that nobody else shares.

    Raises:
        SchemaUnknown: its stamp, or `revision`, is not known here.
    """
    stamp = current(connection)
    if stamp != revision:
        _migrate(connection, stamp, revision)


def revisions() -> list[str]:
    """All schemas that are known here, oldest first. Loads Alembic."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_configuration(None))
    return [script.revision for script in scripts.walk_revisions()][::-1]


@contextmanager
def alone(connection: sa.Connection) -> Iterator[None]:
    """A transaction in which nobody else changes the schema; all of it, or nothing."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK:d})")
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def _create(connection: sa.Connection) -> None:
    metadata.create_all(connection)
    connection.execute(server.insert().values(id=1, clock_offset=0))
    for statement in search.install(connection.dialect.name):
        connection.exec_driver_sql(statement)
    if connection.dialect.name == "postgresql":
        row_security.protect_all(connection, metadata)
        for statement in event_order.IN_TURN:
            connection.exec_driver_sql(statement)
    _stamp.create(connection, checkfirst=True)
    connection.execute(_stamp.insert().values(version_num=HEAD))


def _migrate(connection: sa.Connection, stamp: str | None, to: str) -> None:
    from alembic import command
    from alembic.util.exc import CommandError

    known = ["base", *revisions()]
    down = to in known and known.index(to) < known.index(stamp) if stamp in known else False
    try:
        (command.downgrade if down else command.upgrade)(_configuration(connection), to)
    except CommandError as error:
        raise SchemaUnknown(
            f"the database has schema {stamp!r} and was to get {to!r}; this version does not know both "
            f"(newest here: {HEAD}): use the version that wrote it, or a newer one"
        ) from error


def _configuration(connection: sa.Connection | None) -> Config:
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    configuration.attributes["connection"] = connection
    return configuration
