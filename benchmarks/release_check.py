"""Judging releases: the metadata of an album, and `amv release check` of a single from a cold start.

The album has twelve tracks, and goes to all stores at once. The floor of the cold check is the same program
that only prints its version: what Python and the command line cost by themselves.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from aimusicverse.release.artwork import Design, draw
from aimusicverse.release.targets import STORES, distributor_of
from aimusicverse.release.toml_form import written
from aimusicverse.release.validation import validate
from aimusicverse.types.release import Release
from benchmarks.processes import AMV, environment
from benchmarks.release_audio import rendered
from benchmarks.table import Row

TRACKS = 12
ROUNDS = 7
ALBUM_SECONDS = 0.5
COLD_SECONDS = 1.5


def measure() -> list[Row]:
    """Both."""
    return [_album(), _cold()]


def release(tracks: int) -> Release:
    """One that nothing is wrong with, all said that can be said."""
    ai = dict.fromkeys(("lyrics", "composition", "vocals", "instruments", "artwork"), "none")
    return Release.model_validate(
        {
            "title": "Harbour Lights",
            "artist": "Maren Okafor",
            "composers": ["Maren Okafor"],
            "contributors": [{"name": "Jonas Weil", "roles": ["Producer"]}],
            "label": "Maren Okafor Records",
            "p_line": "2026 Maren Okafor",
            "c_line": "2026 Maren Okafor",
            "language": "en",
            "explicit": "none",
            "genre": "Pop",
            "release_at": "2199-01-04",
            "ai": ai,
            "tracks": [
                {
                    "title": f"Number {number} of Them",
                    "duration_seconds": 200.0,
                    "lyrics": "Lanterns on the water, and nobody at home\n" * 40,
                }
                for number in range(1, tracks + 1)
            ],
        }
    )


def _album() -> Row:
    album, stores, via = release(TRACKS), list(STORES.values()), distributor_of("distrokid")
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        validate(album, stores)
        validate(album, stores, via)
        took.append(time.process_time() - began)
    return Row(
        f"judge the metadata of {TRACKS} tracks at all {len(stores)} stores, twice, CPU s",
        max(took),
        ALBUM_SECONDS,
        note="the slowest of all, imports and first uses included",
    )


def _cold() -> Row:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rendered(folder)
        (folder / "cover.jpg").write_bytes(draw(Design("Harbour Lights", style="aura")))
        single = release(1)
        single.tracks[0].file, single.cover.file = "song.wav", "cover.jpg"
        single.cover.lettering, single.cover.rights = [], "own"
        (folder / "release.toml").write_text(written(single), "utf-8")
        ours, floor = [], []
        for _ in range(ROUNDS):
            floor.append(_seconds(folder, "--version"))
            ours.append(_seconds(folder, "release", "check", "--via", "distrokid"))
    return Row(
        "amv release check of a single, a minute of WAV and a cover, cold, s",
        sorted(ours)[ROUNDS // 2],
        COLD_SECONDS,
        floor=("amv --version", sorted(floor)[ROUNDS // 2]),
    )


def _seconds(folder: Path, *words: str) -> float:
    began = time.perf_counter()
    done = subprocess.run(
        [*AMV, *words],
        cwd=folder,
        env=environment() | {"AMV_CONFIG_DIR": str(folder)},
        capture_output=True,
        text=True,
    )
    took = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"amv {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return took
