"""The example runs as its reader would run it: a process of its own, nothing else on the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "distribute.py"


def test_a_song_goes_to_those_stores_that_take_it_and_the_others_say_why(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AMV_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLE), "--to", "soundcloud,spotify", "--seconds", "5"],
        cwd=tmp_path,
        env=environment | {"AMV_DATA_DIR": str(tmp_path / "data"), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert "sandbox: soundcloud live, spotify failed" in lines
    assert any(line.startswith("spotify: Missing ISRC code") for line in lines)
    assert list(tmp_path.iterdir()) == []
