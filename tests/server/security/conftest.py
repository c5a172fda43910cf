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
