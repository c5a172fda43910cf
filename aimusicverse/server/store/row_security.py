"""Row-level security on PostgreSQL: a second fence behind the filter by owner that each statement has.

A call of an owner names him for its transaction; what the server does for itself names nobody and sees all.
PostgreSQL does not hold superusers to it, so a server should connect as an ordinary role.
"""

from __future__ import annotations

import sqlalchemy as sa

#: Names the owner, until it is said otherwise. (PostgreSQL wants a dot in names that are not its own.)
SETTING = "amv.owner"
_WHOSE = f"(SELECT nullif(current_setting('{SETTING}', true), ''))"


def protect(table: str, condition: str = "owner_id = {whose}") -> list[str]:
    """The statements that keep the rows of `table` to those for which `condition` holds."""
    holds = condition.format(whose=_WHOSE)
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY of_owner ON {table} USING ({_WHOSE} IS NULL OR {holds})",
    ]


def unprotect(table: str) -> list[str]:
    """The statements that undo it."""
    return [
        f"DROP POLICY of_owner ON {table}",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    ]


#: Of a table without `owner_id`: when one of its rows is an owner's.
THROUGH = {
    "owner": "id = {whose}",
    "render": "EXISTS (SELECT FROM generation WHERE generation.id = generation_id)",  # itself protected
}


def protected(metadata: sa.MetaData) -> list[str]:
    """The tables whose rows belong to an owner."""
    return [table.name for table in metadata.sorted_tables if "owner_id" in table.c or table.name in THROUGH]


def protect_all(connection: sa.Connection, metadata: sa.MetaData) -> None:
    """Protect a schema that was made at once."""
    for table in protected(metadata):
        for statement in protect(table, THROUGH.get(table, "owner_id = {whose}")):
            connection.exec_driver_sql(statement)
