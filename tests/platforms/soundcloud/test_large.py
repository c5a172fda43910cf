from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("megabytes", [64, pytest.param(200, marks=pytest.mark.long)])
def test_a_large_master_is_never_in_memory_neither_ours_nor_the_stand_ins(
    tmp_path: Path, megabytes: int
) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tests.platforms.soundcloud.large_upload", str(tmp_path), str(megabytes)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    ).stdout
    grown, _ = said.split()
    assert float(grown) < 24
