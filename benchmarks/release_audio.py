"""Looking into a sound file that is to be released: all that rules ask for, in CPU per minute of music.

The floor is what nobody can do without: to decode the same file and to hash it, bytes and samples. Both are
measured in turn, in one process, on a minute that the studio rendered, as WAV and as FLAC.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aimusicverse.audio import files
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.release.audio_check import hashes, look_into
from aimusicverse.types import GenerationCreate
from benchmarks.render_child import run_child
from benchmarks.table import Row

SECONDS = 60
ROUNDS = 7
#: Seconds of CPU for a minute of stereo at 44.1 kHz.
BAR = 0.5


def measure() -> list[Row]:
    """Render a minute, and look into it as often as is needed for a steady figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wav = rendered(folder)
        flac = folder / "song.flac"
        files.convert(wav, flac, "flac", 24)
        return [_row(wav), _row(flac)]


def _row(path: Path) -> Row:
    look_into(path)  # imports, and the first use of everything
    ours, floor = [], []
    for _ in range(ROUNDS):
        floor.append(_cpu(lambda: _decode_and_hash(path)))
        ours.append(_cpu(lambda: look_into(path)))
    # CPU that others take from the caches only adds: the least is what it costs.
    minutes = SECONDS / 60
    return Row(
        f"look into a release's {path.suffix[1:].upper()}, CPU s per minute of music",
        min(ours) / minutes,
        BAR,
        floor=("decode + hash", min(floor) / minutes),
        note=f"median {sorted(ours)[ROUNDS // 2] / minutes:.2f}",
    )


def _decode_and_hash(path: Path) -> None:
    decoded = hashlib.sha256()
    for block in files.blocks(path):
        decoded.update(block.T.tobytes())
    hashes(path)


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def rendered(folder: Path) -> Path:
    """A minute of the studio, as `song.wav`."""
    plan = make_plan(GenerationCreate(prompt="house", duration_seconds=SECONDS), seed=1)
    with tempfile.TemporaryDirectory() as workspace:
        done, *_ = run_child(plan, Path(workspace))
        return Path(shutil.copy(done["path"], folder / "song.wav"))
