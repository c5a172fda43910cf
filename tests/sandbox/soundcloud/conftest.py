from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.soundcloud.standin import StandIn, stand_in


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StandIn]:
    with stand_in(tmp_path / "sandbox") as running:
        yield running
