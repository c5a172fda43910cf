"""Hold the judge itself against ffmpeg and librosa, on the files of `benchmarks.analysis_judges`.

    python -m benchmarks.judge_check                                    needs ffmpeg and librosa
    python -m benchmarks.judge_check --librosa /tmp/judges/bin/python   librosa of another environment
    python -m benchmarks.judge_check --keep FOLDER                      the files stay there

Exits with 1 when loudness differs by more than 0.1 LU from `ebur128`, loudness range by more than 1 LU, true
peak by more than 0.2 dB, DC (`astats`) by more than rounding, or when on the rendered files a tempo is not
librosa's (3 %, or half or double of it) or fewer than nine in ten keys are those of librosa's chroma, or
their relatives.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from benchmarks.analysis_judges import ffmpeg, rendered, synthetic
from benchmarks.judge.key import key, scale
from benchmarks.judge.verdict import hear

_ASK = """
import json, sys, librosa, numpy
sound, rate = librosa.load(sys.argv[1])
bpm = float(numpy.ravel(librosa.beat.beat_track(y=sound, sr=rate)[0])[0])
print(json.dumps([bpm, librosa.feature.chroma_cqt(y=sound, sr=rate).sum(axis=1).tolist()]))
"""


def main() -> int:
    """Make the files, ask all three, print the differences."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--librosa", default=sys.executable, metavar="PYTHON")
    options.add_argument("--keep", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(exist_ok=True, parents=True)
        music = rendered(folder)
        # The judge hears one channel or two: the studio makes no others.
        others = [path for path in synthetic(folder) if soundfile.info(str(path)).channels <= 2]
        rows = [row(path, given.librosa if path in music else None) for path in [*music, *others]]
    print(f"{'file':18} {'LUFS':>7} {'off':>6} {'dBTP':>7} {'off':>6} {'bpm':>6} {'librosa':>7}  keys")
    print("\n".join(one["line"] for one in rows))
    problems = [problem for one in rows for problem in one["problems"]]
    keys = [one["same_key"] for one in rows if one["same_key"] is not None]
    if sum(keys) < 0.9 * len(keys):
        problems.append(f"only {sum(keys)} of {len(keys)} keys are librosa's")
    print(f"\nkeys: {sum(keys)} of {len(keys)} are librosa's or their relatives")
    print("must hold, and does not: " + ("; ".join(problems) if problems else "nothing"))
    return 1 if problems else 0


def row(path: Path, python: str | None) -> dict[str, Any]:
    """A file's line, and what is wrong with it."""
    ours, _ = hear(path)
    theirs = ffmpeg(path)
    problems = [
        f"{path.name}: {name} {mine} against {other}"
        for name, mine, other, within in (
            ("LUFS", max(ours["lufs"], -70), max(theirs["I"], -70), 0.1),
            ("LU range", ours["lra"], theirs["LRA"], 1.0),
            ("dBTP", ours["dbtp"], theirs["Peak"], 0.2),
            ("DC", ours["dc"], abs(theirs["DC offset"]), 2e-6),
        )
        if not (abs(mine - other) <= within or mine == other)
    ]
    if python:
        said = subprocess.run([python, "-c", _ASK, path], capture_output=True, text=True, check=True).stdout
        bpm, chroma = json.loads(said)
        name = key(chroma)[0]
        factor = min((1.0, 2.0, 0.5), key=lambda times: abs(np.log(ours["bpm"] * times / bpm)))
        if abs(ours["bpm"] * factor / bpm - 1) > 0.03:
            problems.append(f"{path.name}: bpm {ours['bpm']:.1f} against {bpm:.1f}")
        tail = f"{ours['bpm']:6.1f} {bpm:7.1f}  {ours['key']}, {name}"
    else:
        name, tail = "", ""
    return {
        "problems": problems,
        "same_key": scale(ours["key"]) == scale(name) if name else None,
        "line": f"{path.stem:18.18} {ours['lufs']:7.2f} {ours['lufs'] - theirs['I']:6.2f} "
        f"{ours['dbtp']:7.2f} {ours['dbtp'] - theirs['Peak']:6.2f} {tail}",
    }


if __name__ == "__main__":
    sys.exit(main())
