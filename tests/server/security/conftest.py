"""Tests of keys: none is cheaper than it really is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest


@pytest.fixture(autouse=True)
def hashes() -> None:
    """As they are outside of tests."""


@pytest.fixture(scope="session")
def first_key() -> Callable[[], AbstractContextManager[None]]:
    """As outside of tests: who has no key is measured against this one."""
    return nullcontext


#: What these attack is the same code on every database, and takes long; SQL in strings is not.
_ON_SQLITE_IN_SHORT = ("test_attacks_on_keys.py", "limits/test_attacks.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Their second half, on PostgreSQL, comes in the long run."""
    for item in items:
        path, _, name = item.nodeid.partition("::")
        if path.endswith(_ON_SQLITE_IN_SHORT) and "postgres" in name and "sql" not in name.partition("[")[0]:
            item.add_marker(pytest.mark.long)
