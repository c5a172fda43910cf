"""The example runs as its reader would run it: a process of its own, nothing else on the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import soundfile

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "quickstart.py"


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AMV_")}
    return subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLE), *arguments],
        cwd=folder,
        env=environment | {"AMV_DATA_DIR": str(folder / "data"), "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=110,
    )


def test_it_makes_a_song_and_leaves_nothing_else(tmp_path: Path) -> None:
    done = run("lofi, 80 bpm", "--seconds", "6", "--seed", "7", "--output", "song.flac", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    sound = soundfile.info(tmp_path / "song.flac")
    assert (sound.format, sound.channels) == ("FLAC", 2)
    assert sound.frames == 6 * sound.samplerate
    assert "80 bpm" in done.stdout
    assert "Seed 7" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["song.flac"]
