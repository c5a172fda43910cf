"""Statements that are run most: built once, compiled once, then given to the driver as they are.

SQLAlchemy builds and compiles them, and knows how values travel; but looking a statement up in its cache,
and wrapping what comes back, costs several times what SQLite needs to answer. What is run at every call
goes past that, along the same names and types.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

import sqlalchemy as sa

Parameters = Mapping[str, Any]
_Convert = Callable[[Any], Any]


class Written(NamedTuple):
    """What a statement did."""

    rowcount: int


class Compiled:
    """A statement in the words of one database."""

    def __init__(self, statement: sa.Executable, dialect: sa.Dialect, names: list[str]) -> None:
        """Compile it.

        Args:
            statement: with a parameter for whatever differs from call to call.
            dialect: of the database; with parameters that have names.
            names: of the parameters that will come. For an INSERT or UPDATE they say which columns it sets.
        """
        assert isinstance(statement, sa.ClauseElement)  # noqa: S101 - all that can be executed are
        compiled = statement.compile(dialect=dialect, column_keys=names or None)
        assert isinstance(compiled, sa.sql.compiler.SQLCompiler)  # noqa: S101 - as this is no DDL
        if compiled.post_compile_params:
            raise TypeError("a list as a parameter makes another statement for each length")
        self.sql: Final[str] = compiled.string
        binds = {compiled.bind_names[bind]: bind for bind in compiled.binds.values()}
        converts = {
            name: convert
            for name, bind in binds.items()
            if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        fixed = {name: bind.effective_value for name, bind in binds.items() if not bind.required}
        #: What the statement itself says.
        self._fixed = {
            name: converts[name](value) if name in converts else value for name, value in fixed.items()
        }
        self._converts: tuple[tuple[str, _Convert], ...] = tuple(
            (name, convert) for name, convert in converts.items() if name in names
        )
        self._columns = _columns(statement)
        row = cast(Any, namedtuple)("Row", [column.key for column in self._columns])
        self._row: Callable[[Iterable[Any]], Any] = row._make
        self._dialect = dialect
        #: How some values are read; known once the driver has said what it returns.
        self._reads: tuple[tuple[int, _Convert], ...] | None = None

    def bound(self, parameters: Parameters) -> dict[str, Any]:
        """Values by name, as the driver takes them."""
        values = {**self._fixed, **parameters}
        for name, convert in self._converts:
            values[name] = convert(values[name])
        return values

    def rows(self, cursor: Any) -> list[Any]:
        """All rows of a cursor (PEP 249), their values by the names of the columns."""
        found = cursor.fetchall()
        reads = self._reads
        if reads is None:
            reads = self._reads = self._readers(cursor.description)
        if not reads:
            return list(map(self._row, found))
        rows = []
        for values in found:
            read = list(values)
            for place, convert in reads:
                read[place] = convert(read[place])
            rows.append(self._row(read))
        return rows

    def _readers(self, description: Sequence[Sequence[Any]]) -> tuple[tuple[int, _Convert], ...]:
        found = []
        for place, (column, said) in enumerate(zip(self._columns, description, strict=True)):
            convert = column.type.dialect_impl(self._dialect).result_processor(self._dialect, said[1])
            if convert is not None:
                found.append((place, convert))
        return tuple(found)


class Prepared:
    """A statement that is built once and run at every call, on whichever database.

    Its rows have the columns' names as attributes. A parameter may not be a list (`IN`).
    """

    def __init__(self, statement: sa.Executable) -> None:
        """Nothing is compiled yet."""
        self.statement: Final[sa.Executable] = statement
        self._sets_columns = isinstance(statement, sa.Insert | sa.Update)
        self._compiled: dict[tuple[str, ...], Compiled] = {}

    def on(self, dialect: sa.Dialect, parameters: Parameters) -> Compiled:
        """The statement for a database, for a call with such parameters."""
        key = (dialect.name, *parameters) if self._sets_columns else (dialect.name,)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = Compiled(self.statement, dialect, list(parameters))
        return found


def _columns(statement: sa.Executable) -> Sequence[sa.ColumnElement[Any]]:
    if isinstance(statement, sa.Select | sa.CompoundSelect):
        return list(statement.selected_columns)
    if isinstance(statement, sa.Insert | sa.Update | sa.Delete):
        return list(statement.exported_columns)
    return []
