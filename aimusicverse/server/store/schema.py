"""Which schema a database has, and how it gets the one that this version needs.

A fresh database is made in one go and stamped; Alembic, which is slow to import, is loaded only
when a database with an older stamp turns up.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from aimusicverse.server.store.errors import SchemaUnknown
from aimusicverse.server.store.tables import metadata

#: The newest migration under `migrations/versions`; a test compares.
HEAD = "0001"
_MIGRATIONS = Path(__file__).parent / "migrations"

_stamp = sa.Table(
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
        return stamp
    if tables:
        raise SchemaUnknown("the database holds tables of another program; name another data folder")
    return None


def ensure(engine: sa.Engine) -> None:
    """Bring a database to `HEAD`.

    Raises:
        SchemaUnknown: it was written by a newer version, or by something else.
    """
    with engine.connect() as connection:
        stamp = current(connection)
        if stamp == HEAD:
            return
        if stamp is None:
            create(connection)
            return
    upgrade(engine, stamp)


def create(connection: sa.Connection) -> None:
    """All tables at once, stamped, or nothing."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    metadata.create_all(connection)
    _stamp.create(connection)
    connection.execute(_stamp.insert().values(version_num=HEAD))
    connection.exec_driver_sql("COMMIT")


def upgrade(engine: sa.Engine, stamp: str | None = None, to: str = HEAD) -> None:
    """Run the migrations from `stamp` up to `to`."""
    from alembic import command
    from alembic.util.exc import CommandError

    with engine.connect() as connection:
        try:
            command.upgrade(_configuration(connection), to)
        except CommandError as error:
            raise SchemaUnknown(
                f"the database has schema {stamp!r}, which this version does not know (newest here: {HEAD}); "
                "use the version that wrote it, or a newer one"
            ) from error


def downgrade(engine: sa.Engine, to: str) -> None:
    """Run the migrations down to `to` (`base` for an empty database)."""
    from alembic import command

    with engine.connect() as connection:
        command.downgrade(_configuration(connection), to)


def _configuration(connection: sa.Connection):  # type: ignore[no-untyped-def]  # Alembic's class, imported late
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    configuration.attributes["connection"] = connection
    return configuration
