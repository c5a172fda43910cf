"""Moving to another database, and to another schema."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.server.backup.place import Place, Report, counted
from aimusicverse.server.store import rows, schema
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.opening import open_database


@dataclass(slots=True)
class Moved:
    """What went where."""

    source: str
    target: str
    schema: str
    rows: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def move(place: Place, to: Secret | None, *, report: Report) -> Moved:
    """Copy all rows into another database, which must be empty. Those here stay as they are.

    Recordings and keys stay where they are: they belong to both.

    Args:
        place: where the rows are; no server may run there.
        to: the URL of a PostgreSQL database; None is the SQLite file of the data folder.
        report: told how far it is.

    Raises:
        NotEmpty: the other database has rows.
        ConfigurationError: a server runs here, or both are the same.
        StoreError: a database cannot be used.
    """
    with place.locked() as folder, closing(open_database(to, folder.database)) as target:
        source = place.database
        if source.is_same_as(target):
            raise ConfigurationError(f"the rows are in {source.name} already; name another database")
        with source.reading() as old:
            source.check_nobody_else(old)
            revision = schema.current(old)
            if revision is None:
                raise StoreError(f"there are no rows in {source.name} yet")
            expected = rows.count_all(old)
            with target.alone() as new:
                lines = counted(rows.dump(old), sum(expected.values()), report)
                counts = rows.fill(new, lines, revision=revision, replace=False)
                if counts != expected:
                    raise StoreError(f"{target.name} did not take all rows; nothing was kept there")
        return Moved(source.name, target.name, schema.HEAD, counts)


@dataclass(slots=True)
class Stamp:
    """Which schema a database has."""

    database: str
    #: None: it is empty.
    schema: str | None
    newest: str
    #: Oldest first.
    known: list[str]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)

    def is_down(self, to: str) -> bool:
        """Whether `to` is an older schema than this."""
        return self.schema in self.known and self.known.index(to) < self.known.index(self.schema)


def stamp(place: Place) -> Stamp:
    """Which schema the database has; its servers may run.

    Raises:
        StoreError: there is no database, or it cannot be read.
    """
    with place.database.reading() as connection:
        return Stamp(place.database.name, schema.current(connection), schema.HEAD, schema.revisions())


def change_schema(place: Place, to: str) -> None:
    """Move the schema up or down. Rows stay, but those of tables that `to` does not have.

    Raises:
        ConfigurationError: a server runs here, or `to` is not known.
        StoreError: the database is empty or cannot be used, or its schema is not known here.
    """
    known = schema.revisions()
    if to not in known:
        raise ConfigurationError(f"there is no schema {to[:40]!r}; this version knows {', '.join(known)}")
    if place.database.file is not None and not place.database.file.exists():
        raise StoreError(f"there is no database {place.database.file} yet")
    with place.locked(), place.database.alone() as connection:
        if schema.current(connection) is None:
            raise StoreError(f"{place.database.name} is empty: it gets its schema from the first server")
        schema.bring_to(connection, to)
