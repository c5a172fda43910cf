"""A PostgreSQL database for a benchmark, on the server that AMV_TEST_POSTGRES names, or on this machine's."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict

ADMIN = os.environ.get("AMV_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
#: A server's own role: row-level security does not hold superusers.
ROLE = "amv_bench"


@contextmanager
def database(*, ordinary: bool = False) -> Iterator[str]:
    """Its URL; it is gone at the end.

    Args:
        ordinary: connect as a role that is nobody special and owns it, as servers should, not as the one that
            makes it.
    """
    name = f"amv_bench_{secrets.token_hex(4)}"
    where = conninfo_to_dict(ADMIN)
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        user = where["user"]
        if ordinary:
            user = ROLE
            admin.execute(
                f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation "
                "THEN NULL; END $$"
            )
        admin.execute(f"CREATE DATABASE {name}" + (f" OWNER {ROLE}" if ordinary else ""))
        try:
            yield f"postgresql://{user}@{where['host']}:{where.get('port', 5432)}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def analyze(url: str) -> None:
    """Let the planner know the rows, as autovacuum does wherever they have been for a while."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
