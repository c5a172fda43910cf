"""What both databases can do, and each spells in its own way."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Least(FunctionElement[float]):
    """The smallest of some numbers in one row."""

    inherit_cache: bool | None = True
    type: sa.types.TypeEngine[Any] = sa.Float()


class Greatest(FunctionElement[float]):
    """The greatest of some numbers in one row."""

    inherit_cache: bool | None = True
    type: sa.types.TypeEngine[Any] = sa.Float()


def insert_or_update(table: sa.Table) -> postgresql.Insert:
    """An INSERT that can say what to do where the row is there already (`on_conflict_do_update`).

    SQLAlchemy has it with PostgreSQL's name; SQLite says the same in the same words.
    """
    return postgresql.insert(table)


def _named(name: str) -> Any:
    def compile_(element: Any, compiler: Any, **options: Any) -> str:
        return f"{name}({compiler.process(element.clauses, **options)})"

    return compile_


compiles(Least, "sqlite")(_named("min"))
compiles(Least, "postgresql")(_named("least"))
compiles(Greatest, "sqlite")(_named("max"))
compiles(Greatest, "postgresql")(_named("greatest"))
