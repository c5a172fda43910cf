"""Prepared statements give what the others give, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from aimusicverse.server.store.base import Store
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import owner, server
from aimusicverse.server.store.transaction import Transaction

_INSERT = Prepared(sa.insert(owner))
_FIND = sa.select(owner).where(owner.c.id == sa.bindparam("of"))
_CHANGE = Prepared(sa.update(owner).where(owner.c.id == sa.bindparam("of")))
_NOW = datetime(2026, 2, 3, 4, 5, 6, 789, tzinfo=UTC)


def insert(tx: Transaction, identifier: str, name: str) -> int:
    values = {"id": identifier, "name": name, "tier": "free", "created_at": _NOW}
    return tx.execute(_INSERT, values).rowcount


def test_what_is_written_is_read_with_its_types(store: Store) -> None:
    assert store.write_now(insert, "usr_a", "it's 100 % %(name)s :name $1") == 1
    for find in (_FIND, Prepared(_FIND)):
        row = store.read_now(lambda tx, find=find: tx.one_or_none(find, {"of": "usr_a"}))
        assert row is not None
        assert (row.id, row.name, row.created_at) == ("usr_a", "it's 100 % %(name)s :name $1", _NOW)


def test_an_update_sets_the_columns_that_come(store: Store) -> None:
    store.write_now(insert, "usr_a", "a")
    for changes in ({"name": "b"}, {"tier": "pro", "name": "c"}, {"name": "d"}):
        changed = store.write_now(lambda tx, new=changes: tx.execute(_CHANGE, {"of": "usr_a", **new}))
        assert changed.rowcount == 1
    [row] = store.read_now(lambda tx: tx.all(Prepared(_FIND), {"of": "usr_a"}))
    assert (row.name, row.tier) == ("d", "pro")
    assert store.write_now(lambda tx: tx.execute(_CHANGE, {"of": "usr_b", "name": "x"})).rowcount == 0


def test_several_rows_may_be_written_at_once(store: Store) -> None:
    rows = [{"id": f"usr_{n}", "name": "n", "tier": "free", "created_at": _NOW} for n in range(3)]
    store.write_now(lambda tx: tx.execute(_INSERT, rows))
    ordered = Prepared(sa.select(owner.c.id).order_by(owner.c.id).limit(sa.bindparam("most")))
    assert [row.id for row in store.read_now(lambda tx: tx.all(ordered, {"most": 2}))] == ["usr_0", "usr_1"]


def test_nothing_found_is_none_and_two_are_one_too_many(store: Store) -> None:
    every = Prepared(sa.select(owner.c.id))
    assert store.read_now(lambda tx: tx.one_or_none(every)) is None
    for identifier in ("usr_a", "usr_b"):
        store.write_now(insert, identifier, "n")
    with pytest.raises(sa.exc.MultipleResultsFound):
        store.read_now(lambda tx: tx.one_or_none(every))


def test_a_value_that_the_statement_says_itself_is_bound(store: Store) -> None:
    store.write_now(insert, "usr_a", "a")
    fixed = Prepared(sa.select(owner.c.name, sa.literal(7).label("seven")).where(owner.c.created_at == _NOW))
    assert tuple(store.read_now(lambda tx: tx.one_or_none(fixed)) or ()) == ("a", 7)


def test_a_list_is_refused_as_a_parameter(store: Store) -> None:
    several = Prepared(sa.select(server).where(server.c.id.in_(sa.bindparam("ids", expanding=True))))
    with pytest.raises(TypeError, match="another statement for each length"):
        store.read_now(lambda tx: tx.all(several, {"ids": [1]}))


def test_what_the_database_refuses_is_undone_and_named(store: Store) -> None:
    store.write_now(insert, "usr_a", "a")
    with pytest.raises(Exception, match=r"usr_a|UNIQUE|duplicate"):
        store.write_now(insert, "usr_a", "again")
    [row] = store.read_now(lambda tx: tx.all(Prepared(_FIND), {"of": "usr_a"}))
    assert row.name == "a"
