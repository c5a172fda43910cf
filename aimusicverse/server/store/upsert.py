"""A row that is inserted, or, if its key is there, changed: one statement, the same on every database."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa


def upsert(table: sa.Table, *, adding: Iterable[str] = (), setting: Iterable[str] = ()) -> sa.TextClause:
    """`INSERT` with a parameter for each column. Where there is a row of that primary key, the columns
    `adding` grow by what comes and those of `setting` become it; others stay. Without any the row stays.

    SQLAlchemy has this for each database apart, and importing PostgreSQL's costs SQLite's start 60 ms.
    """
    columns = ", ".join(column.name for column in table.columns)
    parameters = ", ".join(f":{column.name}" for column in table.columns)
    text = f"INSERT INTO {table.name} ({columns}) VALUES ({parameters})"  # noqa: S608 - names of our own
    return sa.text(text + on_conflict(table, adding=adding, setting=setting)).bindparams(
        *(sa.bindparam(column.name, type_=column.type) for column in table.columns)
    )


def on_conflict(table: sa.Table, *, adding: Iterable[str] = (), setting: Iterable[str] = ()) -> str:
    """The end of such a statement, for rows that come from elsewhere."""
    key = ", ".join(column.name for column in table.primary_key)
    changes = [f"{name} = {table.name}.{name} + excluded.{name}" for name in adding]
    changes += [f"{name} = excluded.{name}" for name in setting]
    if not changes:
        return f" ON CONFLICT ({key}) DO NOTHING"
    return f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(changes)}"
