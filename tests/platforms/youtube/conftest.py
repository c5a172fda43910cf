from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.youtube.stand_in import StandIn, stand_in


@pytest.fixture
def youtube(tmp_path: Path) -> Iterator[StandIn]:
    """A YouTube of the test's own."""
    with stand_in(tmp_path / "sandbox") as found:
        yield found
