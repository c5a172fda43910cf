"""What judges webhooks under half a million messages that a coverage-guided fuzzer makes up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nothing_but_refusals_comes_out_whatever_a_fuzzer_finds(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="needs atheris: pip install -e '.[judges]'")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.webhooks.fuzz_target"),
            *("-runs=500000", "-seed=1", "-max_len=2048", "-len_control=0", "-timeout=20"),
            f"-artifact_prefix={tmp_path}/",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert "Done 500000 runs" in done.stderr
