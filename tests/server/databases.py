"""The databases that tests run on: a file each, and a PostgreSQL database each where there is a server."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from aimusicverse.secret import Secret

DATABASES = ("sqlite", "postgres")
#: A server on which databases and roles may be made.
ADMIN = os.environ.get("AMV_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
#: Whom servers connect as: nobody special, or row-level security would not hold them.
ROLE = "amv_test"


@cache
def why_not() -> str | None:
    """Why there is no PostgreSQL to test on; None when there is."""
    try:
        with psycopg.connect(ADMIN, autocommit=True, connect_timeout=5) as admin:
            admin.execute(
                f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation "
                "THEN NULL; END $$"
            )
    except psycopg.Error as error:
        return str(error).strip().partition("\n")[0]
    return None


@contextmanager
def postgres_database() -> Iterator[Secret]:
    """The URL of a database of its own."""
    reason = why_not()
    if reason is not None:
        how = (
            f"no PostgreSQL ({reason}): start one on 127.0.0.1:5432 that lets postgres in without a password "
            "and has a database test (apt install postgresql), or name one in AMV_TEST_POSTGRES"
        )
        if os.environ.get("CI"):
            pytest.fail(how)
        pytest.skip(how)
    name = f"amv_{secrets.token_hex(6)}"
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} OWNER {ROLE} STRATEGY file_copy TEMPLATE template0")
        try:
            where = conninfo_to_dict(ADMIN)
            yield Secret(f"postgresql://{ROLE}@{where['host']}:{where.get('port', 5432)}/{name}")
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
