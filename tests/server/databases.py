"""The databases that tests run on: a file each, and a PostgreSQL database each where there is a server."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from aimusicverse.secret import Secret
from aimusicverse.server.store import schema
from aimusicverse.server.store.tables import metadata

DATABASES = ("sqlite", "postgres")
#: A server on which databases and roles may be made.
ADMIN = os.environ.get("AMV_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
#: Whom servers connect as: nobody special, or row-level security would not hold them.
ROLE = "amv_test"


def are_left_out() -> str | None:
    """Why the tests on PostgreSQL are left out, and how to get them; None when they are not, as in CI."""
    reason = why_not()
    if reason is None or os.environ.get("CI"):
        return None
    return (
        f"the tests on PostgreSQL are left out ({reason}): start one on 127.0.0.1:5432 "
        "(apt install postgresql) that lets postgres in without a password and has a database test, "
        "or name one in AMV_TEST_POSTGRES"
    )


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


class OwnPostgres:
    """A PostgreSQL of a test's own, to be treated badly."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._data = folder / "data"
        self._programs = programs
        # PostgreSQL does not run as root.
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as:
            shutil.chown(folder, "postgres")
            for parent in (folder, *folder.parents):
                if parent.stat().st_uid == 0 and parent != Path("/"):
                    parent.chmod(parent.stat().st_mode | 0o011)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._run("initdb", "--username", "postgres", "--auth", "trust", "--no-sync")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self._options = ["--wait", "--log", str(self._data / "log"), "-o", options]
        self.start()
        self.url = Secret(f"postgresql://postgres@127.0.0.1:{self.port}/postgres")

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._run("pg_ctl", "start", *self._options)

    def stop(self, mode: str) -> None:
        """Stop: `fast` in order, `immediate` as a crash does."""
        self._run("pg_ctl", "stop", "--wait", "--mode", mode)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, str(self._programs / program), "--pgdata", str(self._data), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60)


@contextmanager
def own_postgres(folder: Path) -> Iterator[OwnPostgres]:
    """A PostgreSQL that nobody else uses; gone at the end."""
    installed = [found.parent for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    installed += [Path(found).parent for found in [shutil.which("initdb")] if found]
    if not installed:
        how = "PostgreSQL's programs are not here: apt install postgresql"
        if os.environ.get("CI"):
            pytest.fail(how)
        pytest.skip(how)
    folder.mkdir()
    server = OwnPostgres(folder, installed[0])
    try:
        yield server
    finally:
        server.stop("immediate")


#: Databases of this process that no test uses now: making one takes ten times as long as emptying one.
_FREE: list[Secret] = []


@contextmanager
def lent_database() -> Iterator[Secret]:
    """The URL of a database without a row; its schema may be there already."""
    with ExitStack() as own:
        # Emptied now and not when it is given back: a server that is closed after that still writes a little.
        while _FREE and not _emptied(_FREE[-1]):
            _FREE.pop()
        if _FREE:
            url = _FREE.pop()
        else:
            url = own.enter_context(postgres_database())
            _OWN.push(own.pop_all())
        yield url
        _FREE.append(url)


#: Gives them back at the end.
_OWN = ExitStack()


def _emptied(url: Secret) -> bool:
    """Whether it could be made as good as new."""
    with psycopg.connect(url.get_secret_value(), autocommit=True) as database:
        named = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        if {name for (name,) in named} != {*metadata.tables, "alembic_version"}:
            return False
        if database.execute("SELECT version_num FROM alembic_version").fetchall() != [(schema.HEAD,)]:
            return False
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        # Together, in one transaction, and one way there and back.
        emptied = "".join(f"DELETE FROM {table.name};" for table in reversed(metadata.sorted_tables))
        database.execute(
            f"{emptied} INSERT INTO server (id, clock_offset) VALUES (1, 0);"
            "ALTER SEQUENCE event_seq_seq RESTART"
        )
    return True


@contextmanager
def postgres_database() -> Iterator[Secret]:
    """The URL of a database that has not even a schema."""
    name = _BLANK.pop() if _BLANK else _created()
    where = conninfo_to_dict(ADMIN)
    try:
        yield Secret(f"postgresql://{ROLE}@{where['host']}:{where.get('port', 5432)}/{name}")
    finally:
        _blanked(name)
        _BLANK.append(name)


#: Databases of this process that nobody uses and that hold nothing. To remove one costs a checkpoint, for
#: which everybody waits who uses that PostgreSQL: they are removed at the end.
_BLANK: list[str] = []


def _created() -> str:
    if reason := why_not():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no PostgreSQL: {reason}")
    name = f"amv_{secrets.token_hex(6)}"
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} OWNER {ROLE}")
        # Nobody cuts the power here: a commit need not wait for the disk. (`OwnPostgres` is crashed.)
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    return name


def _blanked(name: str) -> None:
    with psycopg.connect(make_conninfo(ADMIN, dbname=name), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        admin.execute(f"DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION {ROLE}")


def _remove_blank() -> None:
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        while _BLANK:
            admin.execute(f"DROP DATABASE {_BLANK.pop()} WITH (FORCE)")


def _at_the_end() -> None:
    _OWN.close()
    if _BLANK:
        _remove_blank()


atexit.register(_at_the_end)
