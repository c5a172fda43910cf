"""What all tests share: nothing of the person's own machine is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data and config folders inside the test's own; no setting leaks in from outside."""
    for name in [name for name in os.environ if name.startswith("AMV_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AMV_DATA_DIR", str(tmp_path / "data"))
