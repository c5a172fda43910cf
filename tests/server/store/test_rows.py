"""Rows as lines: the same out of either database, and back into either."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aimusicverse.server.store import rows, schema
from aimusicverse.server.store.database import Database
from aimusicverse.server.store.errors import InUse, NotEmpty, RowsInvalid, SchemaUnknown, StoreError
from aimusicverse.server.store.opening import open_database
from aimusicverse.server.store.tables import Moment, event, metadata, server
from tests.server.databases import DATABASES, postgres_database


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Database]]:
    """Databases by kind, at the newest schema: one of each, and the second time another one."""
    with ExitStack() as stack:
        made: dict[str, Database] = {}

        def get(name: str) -> Database:
            kind = name.partition(":")[0]
            if name not in made:
                url = stack.enter_context(nullcontext() if kind == "sqlite" else postgres_database())
                made[name] = open_database(url, tmp_path_factory.mktemp("rows") / "amv.db")
                stack.callback(made[name].close)
                schema.ensure(made[name].engine)
            with made[name].alone() as connection:
                schema.bring_to(connection, schema.HEAD)
                rows.delete_all(connection)
            return made[name]

        yield get


def dumped(database: Database) -> list[bytes]:
    with database.reading() as connection:
        return list(rows.dump(connection))


def fill(
    database: Database, lines: list[bytes], *, revision: str = schema.HEAD, replace: bool = False
) -> Any:
    with database.alone() as connection:
        return rows.fill(connection, lines, revision=revision, replace=replace)


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row as Python has it."""
    with database.reading() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }


_CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
).filter(lambda value: isinstance(value, (dict, list, str)))
_MOMENT = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))


def _text(column: sa.Column[Any], more: int = 0) -> st.SearchStrategy[str]:
    """What goes into that column, after so many more characters."""
    return st.text(_CHARACTERS, max_size=min(getattr(column.type, "length", None) or 8, 8) - more)


def _value(column: sa.Column[Any]) -> st.SearchStrategy[Any]:
    kind = column.type
    found: st.SearchStrategy[Any]
    if isinstance(kind, Moment):
        found = _MOMENT
    elif isinstance(kind, sa.JSON):
        return _JSON | st.just(sa.JSON.NULL) | (st.none() if column.nullable else st.just({}))
    elif isinstance(kind, sa.LargeBinary):
        found = st.binary(max_size=20)
    elif isinstance(kind, sa.Float):
        found = st.floats(allow_nan=False).map(lambda number: number or 0.0)
    elif isinstance(kind, sa.BigInteger):
        found = st.integers(-(2**63), 2**63 - 1)
    elif isinstance(kind, sa.Integer):
        found = st.integers(-(2**31), 2**31 - 1)
    else:
        found = _text(column)
    return found | st.none() if column.nullable else found


@st.composite
def everything(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Some rows for each table, whose references lead to rows that are there."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in metadata.sorted_tables:
        found[table.name] = []
        for number in range(draw(st.sampled_from((0, 0, 1, 2)))):  # all of them would be too much to draw
            row: dict[str, Any] = {}
            for column in table.columns:
                if column.foreign_keys:
                    referred = next(iter(column.foreign_keys)).column
                    parents = found[referred.table.name]
                    choices = [parent[referred.name] for parent in parents] + [None] * bool(column.nullable)
                    if not choices:
                        break
                    row[column.name] = draw(st.sampled_from(choices))
                elif isinstance(column.type, Moment) and column.primary_key:
                    row[column.name] = draw(_MOMENT)
                elif column.primary_key or column.unique:
                    whole = isinstance(column.type, sa.Integer)
                    row[column.name] = number + 1 if whole else f"{number}{draw(_text(column, 1))}"
                else:
                    row[column.name] = draw(_value(column))
            else:
                found[table.name].append(row)
        keys = {tuple(row[c.name] for c in table.primary_key): row for row in found[table.name]}
        found[table.name] = list(keys.values())
        for column in table.columns:
            if column.unique:
                once = {row[column.name]: row for row in found[table.name]}
                found[table.name] = list(once.values())
    return found


@pytest.mark.parametrize("source", DATABASES)
@pytest.mark.parametrize("target", DATABASES)
@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to make an example small takes many minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, *HealthCheck],
)
@given(found=everything())
def test_what_is_dumped_and_loaded_is_the_same_to_the_last_byte(
    empty: Callable[[str], Database], source: str, target: str, found: dict[str, list[dict[str, Any]]]
) -> None:
    first, second = empty(source), empty(f"{target}:2")
    with first.alone() as connection:
        for table in metadata.sorted_tables:
            if found[table.name]:
                connection.execute(sa.insert(table), found[table.name])
    lines = dumped(first)
    with second.alone() as connection:
        counts = rows.load(connection, lines)
    assert counts == {name: len(some) for name, some in found.items()}
    assert contents(second) == contents(first)
    again = dumped(second)
    assert [json.loads(line) for line in again] == [_numbered(json.loads(line), again) for line in lines]


def _numbered(line: Any, again: list[bytes]) -> Any:
    """A table's header with the number that the second database has given out: those are compared below."""
    if isinstance(line, dict) and "last_number" in line:
        headers = [json.loads(other) for other in again if other.startswith(b'{"table"')]
        line["last_number"] = next(h["last_number"] for h in headers if h["table"] == line["table"])
    return line


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, empty: Callable[[str], Database]) -> Database:
    return empty(request.param)


def an_owner(database: Database) -> None:
    with database.alone() as connection:
        connection.execute(
            metadata.tables["owner"]
            .insert()
            .values(id="usr_1", name="ü", tier="local", created_at=datetime(2026, 1, 1, tzinfo=UTC))
        )


def happen(database: Database, count: int) -> list[int]:
    """Append events; their numbers."""
    with database.alone() as connection:
        known = connection.scalar(sa.select(sa.func.count()).select_from(event)) or 0
        for number in range(known, known + count):
            values = {"id": f"evt_{number}{secrets_of(connection)}", "owner_id": "usr_1", "type": "x"}
            connection.execute(
                sa.insert(event).values(values | {"timestamp": datetime(2026, 1, 1, tzinfo=UTC), "data": {}})
            )
        return list(connection.scalars(sa.select(event.c.seq).order_by(event.c.seq)))


def secrets_of(connection: sa.Connection) -> str:
    return str(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(event.c.seq), 0))))


@pytest.mark.parametrize("target", DATABASES)
def test_a_number_that_was_given_out_is_not_given_out_again_even_if_its_row_went(
    database: Database, empty: Callable[[str], Database], target: str
) -> None:
    an_owner(database)
    numbers = happen(database, 5)
    with database.alone() as connection:
        connection.execute(sa.delete(event).where(event.c.seq > numbers[2]))
    second = empty(f"{target}:2")
    fill(second, dumped(database))
    after = happen(second, 1)
    assert after[:3] == numbers[:3]
    assert after[3] > numbers[4]


def test_the_lines_of_one_table_say_what_they_are(database: Database) -> None:
    an_owner(database)
    lines = [json.loads(line) for line in dumped(database)]
    at = next(
        place for place, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == "owner"
    )
    row = dict(zip(lines[at]["columns"], lines[at + 1], strict=True))
    assert [row[name] for name in ("id", "name", "tier", "created_at")] == [
        "usr_1",
        "ü",
        "local",
        1767225600000000,
    ]
    assert lines[at + 2] == {"rows": 1}
    assert lines[-1] == {"tables": len(metadata.tables)}


def test_a_dump_is_one_moment_while_others_write(
    database: Database, database_writes: Callable[[Database], None]
) -> None:
    an_owner(database)
    happen(database, 3)
    if database.file is not None:  # as a server has it
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    with database.reading() as connection:
        lines = rows.dump(connection)
        first = next(lines)
        database_writes(database)
        rest = [json.loads(line) for line in lines]
    whole = [json.loads(first), *rest]
    at = next(
        place for place, line in enumerate(whole) if isinstance(line, dict) and line.get("table") == "event"
    )
    assert whole[at + 4] == {"rows": 3}
    assert len(contents(database)["event"]) == 7


@pytest.fixture
def database_writes() -> Callable[[Database], None]:
    """Four events, on another connection."""

    def write(database: Database) -> None:
        with database.engine.connect() as connection:
            for number in range(4):
                connection.execute(
                    sa.insert(event).values(
                        id=f"evt_late{number}",
                        owner_id="usr_1",
                        type="x",
                        timestamp=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
                        data={},
                    )
                )

    return write


def changed(lines: list[bytes], change: Callable[[list[Any]], None]) -> list[bytes]:
    content = [json.loads(line) for line in lines]
    change(content)
    return [json.dumps(line).encode() + b"\n" for line in content]


def _at(lines: list[Any], table: str) -> int:
    return next(n for n, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == table)


def _put(table: str, offset: int, line: Any) -> Callable[[list[Any]], None]:
    def change(lines: list[Any]) -> None:
        lines[_at(lines, table) + offset] = line

    return change


_OWNER = ["usr_1", "n", "local", 1]
BAD: dict[str, Callable[[list[Any]], None]] = {
    "it ends in the middle": lambda lines: lines.__delitem__(slice(len(lines) // 2, None)),
    "its last line is missing": lambda lines: lines.__delitem__(-1),
    "a table is missing": lambda lines: lines.__delitem__(
        slice(_at(lines, "owner"), _at(lines, "owner") + 3)
    ),
    "a row is missing": lambda lines: lines.__delitem__(_at(lines, "owner") + 1),
    "something follows": lambda lines: lines.append({"tables": 1}),
    "a row before any table": lambda lines: lines.insert(0, [1]),
    "a table within a table": lambda lines: lines.insert(1, lines[0]),
    "a table comes twice": lambda lines: lines.insert(0, lines[0]) or lines.insert(1, {"rows": 0}),
    "a table nobody knows": _put("owner", 0, {"table": "recipes", "columns": []}),
    "the columns of another": _put("owner", 0, {"table": "owner", "columns": ["id", "n", "t", "c"]}),
    "a column twice": _put("owner", 0, {"table": "owner", "columns": ["id", "id", "tier", "created_at"]}),
    "no columns at all": _put("owner", 0, {"table": "owner"}),
    "columns that are none": _put("owner", 0, {"table": "owner", "columns": [[], {}, 1, None]}),
    "a row too short": _put("owner", 1, _OWNER[:3]),
    "a row too long": _put("owner", 1, [*_OWNER, 1]),
    "a text where a number goes": _put("owner", 1, ["usr_1", "n", "local", "1"]),
    "a truth where a number goes": _put("owner", 1, ["usr_1", "n", "local", True]),
    "a number where a text goes": _put("owner", 1, [1, "n", "local", 1]),
    "a number that is too large": _put("owner", 1, ["usr_1", "n", "local", 2**63]),
    "an object where a text goes": _put("owner", 1, [{"bytes": "aa"}, "n", "local", 1]),
    "nothing where something must be": _put("owner", 1, ["usr_1", None, "local", 1]),
    "half a character": _put("owner", 1, ["usr_1", "\ud800", "local", 1]),
    "a number of no line": _put("event", 0, {"table": "event", "columns": ["seq"], "last_number": "x"}),
    "a word instead of a line": lambda lines: lines.insert(1, "x"),
}


@pytest.mark.parametrize("what", BAD)
def test_rows_that_are_not_whole_are_refused_and_nothing_is_changed(
    database: Database, empty: Callable[[str], Database], what: str
) -> None:
    second = empty("sqlite:2")
    an_owner(second)
    before = contents(database)
    with pytest.raises(RowsInvalid):
        fill(database, changed(dumped(second), BAD[what]))
    assert contents(database) == before


@pytest.mark.parametrize("line", [b"{]\n", b"[1]", b"[" * 100_000 + b"\n", b"\xff\n", b"NaN\n"])
def test_a_line_that_is_no_json_is_refused(database: Database, line: bytes) -> None:
    with pytest.raises(RowsInvalid, match="damaged"):
        fill(database, [line])


def test_a_row_that_names_one_that_is_not_there_is_refused(
    database: Database, empty: Callable[[str], Database]
) -> None:
    second = empty("sqlite:2")
    an_owner(second)
    happen(second, 1)
    lines = changed(dumped(second), _put("owner", 1, ["usr_2", "n", "local", 1]))
    with pytest.raises(RowsInvalid, match=r"event|owner"):
        fill(database, lines)


def test_a_database_with_rows_is_filled_only_when_they_may_go(database: Database) -> None:
    an_owner(database)
    lines = dumped(database)
    with pytest.raises(NotEmpty):
        fill(database, lines)
    happen(database, 2)
    fill(database, lines, replace=True)
    assert dumped(database) == lines or contents(database)["event"] == []


def test_rows_of_an_older_schema_are_brought_up(database: Database, empty: Callable[[str], Database]) -> None:
    for other in ("sqlite:2", "postgres:2"):
        second = empty(other)
        schema.migrate(second.engine, "0001")
        an_owner(second)
        lines = dumped(second)
        fill(database, lines, revision="0001", replace=True)
        found = contents(database)
        assert [row[0] for row in found["owner"]] == ["usr_1"]
        assert len(found[server.name]) == 1
        with database.reading() as connection:
            assert schema.current(connection) == schema.HEAD


def test_a_schema_that_is_not_known_is_refused(database: Database) -> None:
    lines = dumped(database)
    with pytest.raises(SchemaUnknown):
        fill(database, lines, revision="9999")
    with database.alone() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
    with pytest.raises(SchemaUnknown):
        fill(database, lines, replace=True)
    with database.alone() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num='{schema.HEAD}'")


def test_a_postgresql_database_in_use_is_not_touched(empty: Callable[[str], Database]) -> None:
    database = empty("postgres")
    with database.engine.connect(), pytest.raises(InUse, match="stop them"), database.alone():
        pass


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    database = open_database(None, tmp_path / "amv.db")
    with pytest.raises(StoreError, match="no database"), database.reading():
        pass
    with pytest.raises(ZeroDivisionError), database.alone():
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []
