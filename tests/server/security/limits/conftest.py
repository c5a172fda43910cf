"""Tests of limits are not about what a hash costs: here it costs the least that bcrypt can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from aimusicverse.server.security import key_hash

#: As `key_hash.DECOY`, which nothing matches.
_DECOY = b"$2b$04$C6UzMDM.H6dfI/f/IKcEeO7ZLPTz9lGQ8eFcmkvtBdGgW4xGCCpqe"


@pytest.fixture(autouse=True)
def cheap_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless a test asks for `real_hashes`. Servers in processes of their own have these anyway."""
    if "real_hashes" not in request.fixturenames:
        monkeypatch.setattr(key_hash, "COST", 4)
        monkeypatch.setattr(key_hash, "DECOY", _DECOY)


@pytest.fixture
def real_hashes() -> None:
    """For a test in which checking a key takes its time."""


@pytest.fixture(scope="session")
def first_key() -> Callable[[], AbstractContextManager[None]]:
    """As in the tests of everything else."""

    @contextmanager
    def cheap() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(key_hash, "COST", 4)
            yield

    return cheap
