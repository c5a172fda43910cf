"""All rows of a database as lines of JSON, and back: the same lines out of and into either database.

    {"table": "event", "columns": ["seq", "id", …], "last_number": 812}     then a list for each row
    [1, "evt_…", …]
    {"rows": 812}                                                           the end of that table
    {"tables": 10}                                                          the end of all

Tables come in an order in which no row names another one that is still to come. What JSON has no word
for is an object: `{"bytes": "<base64>"}`, `{"float": "inf"}`. A column of JSON is the text it holds, so
that every space and every order of names stays. Rows pass by one at a time, never all in memory.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from aimusicverse.server.store import schema, search
from aimusicverse.server.store.errors import NotEmpty, RowsInvalid, SchemaUnknown

#: How many rows travel together.
BATCH: Final = 500
#: No line of ours is longer, and no line of others is read further.
LONGEST_LINE: Final = 64 * 2**20
#: A row with no owner, which every database has from its beginning.
_SEEDED: Final = frozenset({"server"})
_STAMP: Final = "alembic_version"

#: Kind of database, revision → its tables.
_SCHEMAS: Final[dict[tuple[str, str | None], list[sa.Table]]] = {}

_Row = list[Any]
_Convert = Callable[[Any], Any]


def dump(connection: sa.Connection) -> Iterator[bytes]:
    """All rows, table by table, each by its primary key. For a consistent view, run it in a transaction."""
    tables = _tables(connection)
    for table in tables:
        columns = _stored(table)
        header: dict[str, Any] = {"table": table.name, "columns": [column.name for column in columns]}
        last_number = _last_number(connection, table)
        if last_number is not None:
            header["last_number"] = last_number
        yield _line(header)
        special = [
            (place, convert)
            for place, column in enumerate(columns)
            if (convert := _out(column.type)) is not None
        ]
        count = 0
        statement = sa.select(*map(_readable, columns)).order_by(*table.primary_key.columns)
        for found in connection.execute(statement.execution_options(yield_per=BATCH)):
            row: _Row = list(found)
            for place, convert in special:
                if row[place] is not None:
                    row[place] = convert(row[place])
            yield _line(row)
            count += 1
        yield _line({"rows": count})
    yield _line({"tables": len(tables)})


def load(connection: sa.Connection, lines: Iterable[bytes]) -> dict[str, int]:
    """Insert dumped rows into empty tables of the same schema; how many came into each table.

    Numbers that the database gives out go on after the highest that was given out before.

    Args:
        connection: in a transaction, to be undone when this fails.
        lines: of `dump`.

    Raises:
        RowsInvalid: they are not whole, or do not fit the schema.
    """
    known = {table.name: table for table in _tables(connection)}
    counts: dict[str, int] = {}
    loading: _Loading | None = None
    ended = False
    for line in lines:
        content = _parsed(line)
        if ended:
            raise RowsInvalid("there are rows after the end")
        if isinstance(content, list):
            if loading is None:
                raise RowsInvalid("a row belongs to no table")
            loading.add(content)
        elif "table" in content and loading is None:
            name = content["table"]
            if name not in known or name in counts:
                raise RowsInvalid(f"the table {str(name)[:60]!r} is unknown, or comes twice")
            loading = _Loading(connection, known[name], content)
        elif "rows" in content and loading is not None:
            counts[loading.table.name] = loading.finish(content["rows"])
            loading = None
        elif "tables" in content and loading is None and content["tables"] == len(counts):
            ended = True
        else:
            raise RowsInvalid("its tables are not whole")
    if not ended:
        raise RowsInvalid("it ends too early")
    if connection.dialect.name == "sqlite":  # which is not asked to look row by row
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RowsInvalid(f"a row of {broken[0]} names one of {broken[2]} that is not there")
    return counts


def fill(
    connection: sa.Connection, lines: Iterable[bytes], *, revision: str, replace: bool
) -> dict[str, int]:
    """Make a database hold just these rows, at the newest schema; how many came into each table.

    Args:
        connection: of a transaction in which nobody else is at work, to be undone when this fails.
        lines: of `dump`.
        revision: the schema that they were dumped from. They are brought up to the newest here.
        replace: whether rows that are there may go.

    Raises:
        NotEmpty: there are rows, and they may not go.
        RowsInvalid: the lines are not whole, or do not fit the schema.
        SchemaUnknown: the schema, or that of the database, is not known here.
    """
    check_may_fill(connection, replace=replace)
    if schema.current(connection) is None:
        schema.build(connection, revision)
    else:
        delete_all(connection)
        schema.bring_to(connection, revision)
    delete_all(connection)  # what a schema begins with
    counts = load(connection, lines)
    schema.bring_to(connection, schema.HEAD)
    return counts


def check_may_fill(connection: sa.Connection, *, replace: bool) -> None:
    """See whether `fill` would begin.

    Raises:
        NotEmpty: there are rows, and they may not go.
        SchemaUnknown: the database is another program's, or of a version that is not known here.
    """
    stamp = schema.current(connection)
    if stamp is None:
        return
    if stamp not in schema.revisions():
        raise SchemaUnknown(f"the database has schema {stamp!r}, which this version does not know")
    if not replace and not is_empty(connection):
        raise NotEmpty("the database has rows already")


def delete_all(connection: sa.Connection) -> None:
    """Delete every row."""
    for table in reversed(_tables(connection)):
        connection.execute(sa.delete(table))


def hold_off_writers(connection: sa.Connection) -> None:
    """Nobody else writes until this transaction ends; readers go on with what was before."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in _tables(connection))
        connection.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE")


def count_all(connection: sa.Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in _tables(connection)
    }


def is_empty(connection: sa.Connection) -> bool:
    """Whether no server has begun here: no rows but those that a schema begins with."""
    return not any(
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        for table in _tables(connection)
        if table.name not in _SEEDED
    )


class _Loading:
    """The rows of one table on their way in."""

    def __init__(self, connection: sa.Connection, table: sa.Table, header: dict[str, Any]) -> None:
        names = header.get("columns")
        if (
            not isinstance(names, list)
            or len(set(map(str, names))) != len(names)
            or not all(isinstance(name, str) and name in table.c for name in names)
        ):
            raise RowsInvalid(f"the columns of {table.name} are not those of its schema")
        self.table = table
        self._connection = connection
        self._columns: list[sa.Column[Any]] = [table.c[name] for name in names]
        self._in: list[_Convert] = [_into(column) for column in self._columns]
        self._names: list[str] = [f"v{place}" for place in range(len(names))]
        self._insert = sa.insert(table).values(
            {
                column.name: _writable(connection, column, name)
                for column, name in zip(self._columns, self._names, strict=True)
            }
        )
        self._last_number = header.get("last_number", 0)
        self._batch: list[dict[str, Any]] = []
        self._count = 0

    def add(self, row: _Row) -> None:
        if len(row) != len(self._columns):
            raise RowsInvalid(f"a row of {self.table.name} is too short or too long")
        self._batch.append(
            {
                name: None if value is None else convert(value)
                for name, convert, value in zip(self._names, self._in, row, strict=True)
            }
        )
        if len(self._batch) >= BATCH:
            self._flush()

    def finish(self, count: Any) -> int:
        self._flush()
        if count != self._count:
            raise RowsInvalid(f"{self.table.name} has {self._count} rows, not {str(count)[:20]}")
        if type(self._last_number) is not int or not 0 <= self._last_number < 2**63:
            raise RowsInvalid(f"the last number of {self.table.name} is none")
        if self._last_number:
            _set_last_number(self._connection, self.table, self._last_number)
        return self._count

    def _flush(self) -> None:
        if not self._batch:
            return
        try:
            self._connection.execute(self._insert, self._batch)
        except (sa.exc.IntegrityError, sa.exc.DataError) as error:
            reason = str(error.orig).strip().partition("\n")[0]
            raise RowsInvalid(f"rows of {self.table.name} do not fit this database: {reason}") from error
        except UnicodeEncodeError:
            raise RowsInvalid(f"a text of {self.table.name} is no Unicode") from None
        self._count += len(self._batch)
        self._batch.clear()


def _tables(connection: sa.Connection) -> list[sa.Table]:
    """As they are in the database, which may have the schema of another version. It is asked once for each:
    whoever made a schema, and step by step or at once, it is the same.
    """
    known = (connection.dialect.name, schema.current(connection))
    if known not in _SCHEMAS:
        found = sa.MetaData()
        found.reflect(connection)
        _SCHEMAS[known] = [
            table
            for table in found.sorted_tables
            if table.name != _STAMP and not search.is_internal(table.name)
        ]
    return _SCHEMAS[known]


def _stored(table: sa.Table) -> list[sa.Column[Any]]:
    """Without what the database computes itself."""
    return [column for column in table.columns if column.computed is None]


def _line(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _parsed(line: bytes) -> dict[str, Any] | _Row:
    try:
        if len(line) > LONGEST_LINE or not line.endswith(b"\n"):
            raise ValueError
        content = json.loads(line)
    except (ValueError, RecursionError):
        raise RowsInvalid("a line of its rows is damaged") from None
    if not isinstance(content, (dict, list)):
        raise RowsInvalid("a line of its rows is damaged")
    return content


def _readable(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(column, sa.Text) if isinstance(column.type, sa.JSON) else column


def _writable(connection: sa.Connection, column: sa.Column[Any], name: str) -> sa.ColumnElement[Any]:
    if not isinstance(column.type, sa.JSON):
        return sa.bindparam(name, type_=column.type)
    text = sa.bindparam(name, type_=sa.Text)
    # A cast to JSON is on SQLite one to a number.
    return text if connection.dialect.name == "sqlite" else sa.cast(text, column.type)


def _out(kind: sa.types.TypeEngine[Any]) -> _Convert | None:
    """What is to be done with values of a type before they are JSON."""
    if isinstance(kind, sa.LargeBinary):
        return lambda value: {"bytes": base64.b64encode(value).decode()}
    if isinstance(kind, sa.Float):
        return lambda value: value if math.isfinite(value) else {"float": str(value)}
    if isinstance(kind, (sa.JSON, sa.String, sa.Integer, sa.Boolean)):
        return None
    raise TypeError(f"rows have no portable form for {kind!r} yet")


def _into(column: sa.Column[Any]) -> _Convert:
    """What is to be done with a value of a dump; what is not of the column's type is refused."""
    kind = column.type

    def refuse() -> RowsInvalid:
        return RowsInvalid(f"a value of {column.table.name}.{column.name} is of another type")

    def binary(value: Any) -> bytes:
        try:
            return base64.b64decode(value["bytes"], validate=True)
        except (TypeError, KeyError, ValueError):
            raise refuse() from None

    def number(value: Any) -> float:
        try:
            if type(value) in (int, float):
                return float(value)
            return float({"inf": "inf", "-inf": "-inf", "nan": "nan"}[value["float"]])
        except (TypeError, KeyError, OverflowError):
            raise refuse() from None

    def whole(value: Any) -> int:
        if type(value) is int and -(2**63) <= value < 2**63:
            return value
        raise refuse()

    def text(value: Any) -> str:
        if isinstance(value, str):
            return value
        raise refuse()

    def truth(value: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise refuse()

    def document(value: Any) -> str:
        try:
            json.loads(text(value))
        except (ValueError, RecursionError):
            raise refuse() from None
        return str(value)

    ways: Sequence[tuple[type[sa.types.TypeEngine[Any]], _Convert]] = (
        (sa.LargeBinary, binary),
        (sa.JSON, document),
        (sa.Float, number),
        (sa.Boolean, truth),
        (sa.Integer, whole),
        (sa.String, text),
    )
    for of, way in ways:
        if isinstance(kind, of):
            return way
    raise TypeError(f"rows have no portable form for {kind!r} yet")


def _sequence(connection: sa.Connection, table: sa.Table) -> str | None:
    """PostgreSQL's name for what numbers the rows of a table, if anything does."""
    key = list(table.primary_key.columns)
    if len(key) != 1 or not isinstance(key[0].type, sa.Integer):
        return None
    name: str | None = connection.scalar(
        sa.select(sa.func.pg_get_serial_sequence(f'"{table.name}"', key[0].name))
    )
    return name


def _last_number(connection: sa.Connection, table: sa.Table) -> int | None:
    """The highest number that was given out; 0 for none yet, `None` where none are."""
    if connection.dialect.name == "sqlite":
        if not _counts_on_sqlite(connection, table):
            return None
        return int(connection.scalar(_LAST_ON_SQLITE, {"name": table.name}) or 0)
    sequence = _sequence(connection, table)
    if sequence is None:
        return None
    text = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"  # noqa: S608
    return int(connection.exec_driver_sql(text).scalar_one())


def _set_last_number(connection: sa.Connection, table: sa.Table, number: int) -> None:
    """Give out only higher numbers from now on. Never goes back: others may have had one meanwhile."""
    number = max(number, _last_number(connection, table) or 0)
    if connection.dialect.name != "sqlite":
        sequence = _sequence(connection, table)
        if sequence is not None:
            connection.execute(sa.select(sa.func.setval(sequence, number)))
    elif _counts_on_sqlite(connection, table):
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"),
            {"name": table.name, "number": number},
        )


def _counts_on_sqlite(connection: sa.Connection, table: sa.Table) -> bool:
    return "AUTOINCREMENT" in str(connection.scalar(_MADE_ON_SQLITE, {"name": table.name})).upper()


_LAST_ON_SQLITE = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
_MADE_ON_SQLITE = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
