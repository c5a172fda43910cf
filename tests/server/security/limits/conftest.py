"""Tests of limits are about what is counted: hashes cost as little here as in the tests of the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.server.cheap_hashes import cheaply


@pytest.fixture(autouse=True)
def hashes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Unless a test asks for `real_hashes`. Servers in processes of their own have these anyway."""
    if "real_hashes" in request.fixturenames:
        yield
        return
    with cheaply():
        yield


@pytest.fixture
def real_hashes() -> None:
    """For a test in which checking a key takes its time."""


@pytest.fixture(scope="session")
def first_key() -> Callable[[], AbstractContextManager[None]]:
    """As in the tests of everything else."""
    return cheaply
