"""Hold `amv analyze` against librosa and ffmpeg on 20 files, and print one table.

    python -m benchmarks.analysis_judges               needs pip install -e '.[judges]', and ffmpeg
    python -m benchmarks.analysis_judges --keep FOLDER the files stay there

Twelve files are rendered by the studio, one for each of twelve genres, eight are synthetic. Exits with 1 when

- loudness (ffmpeg ebur128) differs by more than 0.1 LU, or loudness range by more than 1 LU,
- true peak (ebur128) differs by more than 0.2 dB, sample peak or DC offset (astats) by more than rounding,
- a tempo differs from librosa's by more than 3 %, neither as it is nor halved nor doubled (people tap any),
- fewer than nine in ten keys are the same as, or relative to, the one of librosa's chroma.

Where we say "not known", librosa has an answer all the same; those files are shown and not judged.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from aimusicverse.audio import key as keys
from aimusicverse.audio.analysis import Analysis, analyze
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.types import GenerationCreate
from benchmarks.render_child import run_child

GENRES = (
    "house", "techno", "drum and bass", "trap", "lofi hip hop", "synthwave", "rock", "funk", "jazz", "folk",
    "classical", "ambient",
)  # fmt: skip
NAMES = keys._NAMES


def main() -> int:
    """Make the files, ask all three, print; 0 when everything that must hold does."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--keep", type=Path)
    keep = options.parse_args().keep
    if not shutil.which("ffmpeg"):
        raise SystemExit("this needs ffmpeg: apt-get install ffmpeg")
    with tempfile.TemporaryDirectory() as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(exist_ok=True, parents=True)
        rows = [row_of(path) for path in [*rendered(folder), *synthetic(folder)]]
    print(f"{'file':18} {'LUFS':>15} {'LU range':>11} {'dBTP':>13} {'bpm':>15}    {'key':>21}")
    for row in rows:
        print(row["line"])
    problems = [problem for row in rows for problem in row["problems"]]
    known = [row for row in rows if row["key"]]
    agreed = {word: sum(row["key"] == word for row in known) for word in ("same", "relative", "other")}
    print(f"\nkeys: {agreed['same']} same, {agreed['relative']} relative, {agreed['other']} other")
    if agreed["other"] > 0.1 * len(known):
        problems.append(f"{agreed['other']} of {len(known)} keys differ")
    print("must hold, and does not: " + ("; ".join(problems) if problems else "nothing"))
    return 1 if problems else 0


def rendered(folder: Path) -> list[Path]:
    """45 s of each genre."""
    paths = []
    for number, genre in enumerate(GENRES):
        path = folder / f"{genre.replace(' ', '-')}.wav"
        if not path.exists():
            plan = make_plan(GenerationCreate(prompt=genre, duration_seconds=45), seed=number + 1)
            with tempfile.TemporaryDirectory() as workspace:
                done, *_ = run_child(plan, Path(workspace))
                shutil.copy(done["path"], path)
        paths.append(path)
    return paths


def synthetic(folder: Path) -> list[Path]:
    """Those that the short suite makes too, where the figures of this table are kept."""
    from tests.audio.signals import judged as sounds
    from tests.audio.signals import save

    return [save(folder / name, sound, rate, coding) for name, (sound, rate, coding) in sounds().items()]


def row_of(path: Path) -> dict[str, Any]:
    """A row of the table, and what is wrong with it."""
    ours = analyze(path)
    theirs = ffmpeg(path)
    bpm, key = librosa(path)
    problems = []

    def compare(name: str, mine: float | None, other: float, within: float) -> None:
        if mine is None and (np.isneginf(other) or other <= -70):
            return
        if mine is None or not abs(mine - other) <= within:
            problems.append(f"{path.name}: {name} {mine} against {other}")

    compare("LUFS", ours.integrated_lufs, theirs["I"], 0.1)
    compare("range", ours.loudness_range_lu, theirs["LRA"], 1.0)
    compare("dBTP", ours.true_peak_dbtp, theirs["Peak"], 0.2)
    compare("dBFS", ours.sample_peak_dbfs, theirs["Peak level dB"], 0.01)
    compare("DC", ours.dc_offset, theirs["DC offset"], 2e-6)
    silences = [stretch.start_seconds for stretch in ours.silences]
    problems += [
        f"{path.name}: silence at {at} s only here" for at in silences
        if not any(abs(at - other) < 0.01 for other in theirs["silences"])
    ]  # fmt: skip
    octave = "  "
    if ours.tempo:
        factor = min((1.0, 2.0, 0.5), key=lambda f: abs(np.log(ours.tempo.bpm * f / bpm)))  # type: ignore[union-attr]
        octave = {1.0: "  ", 2.0: "×2", 0.5: "÷2"}[factor]
        compare("bpm", ours.tempo.bpm * factor, bpm, 0.03 * bpm)
    relation = related(ours.key.name, key) if ours.key else ""
    return {
        "problems": problems,
        "key": relation,
        "line": line(path, ours, theirs, bpm, octave, key, relation),
    }


def line(
    path: Path, ours: Analysis, theirs: dict[str, Any], bpm: float, octave: str, key: str, relation: str
) -> str:
    """Ours and theirs, side by side."""

    def show(value: float | None, digits: int) -> str:
        return "-" if value is None else f"{value:.{digits}f}"

    tempo, tonality = ours.tempo.bpm if ours.tempo else None, ours.key.name if ours.key else "-"
    return (
        f"{path.stem:18.18} {show(ours.integrated_lufs, 2):>7} {theirs['I']:7.1f} "
        f"{show(ours.loudness_range_lu, 1):>5} {theirs['LRA']:5.1f} "
        f"{show(ours.true_peak_dbtp, 2):>6} {theirs['Peak']:6.1f} "
        f"{show(tempo, 2):>7} {bpm:7.2f} {octave} {tonality:>10} {key:>10} {relation}"
    )


def ffmpeg(path: Path) -> dict[str, Any]:
    """What ebur128, astats and silencedetect say."""
    filters = "ebur128=peak=true,astats=measure_perchannel=DC_offset,silencedetect=noise=-60dB:duration=0.5"
    said = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", path, "-filter_complex", filters, "-f", "null", "-"],
        capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    summary = said.rsplit("Summary:", 1)[1]
    found: dict[str, Any] = {
        name: float(re.search(rf"\b{name}:\s+(\S+)", summary)[1])  # type: ignore[index]
        for name in ("I", "LRA", "Peak")
    }
    found["Peak level dB"] = float(re.findall(r"Peak level dB: (\S+)", said)[-1])
    found["DC offset"] = max((float(v) for v in re.findall(r"DC offset: (\S+)", said)), key=abs)
    found["silences"] = [float(value) for value in re.findall(r"silence_start: (\S+)", said)]
    return found


def librosa(path: Path) -> tuple[float, str]:
    """Tempo of the beat tracker, and the key of its chroma by the same profiles as ours."""
    import librosa as library

    sound, rate = library.load(path)
    tempo = library.beat.beat_track(y=sound, sr=rate)[0]
    chroma = library.feature.chroma_cqt(y=sound, sr=rate)
    return float(np.ravel(tempo)[0]), keys.estimate(chroma.sum(axis=1))[0]


def related(one: str, other: str) -> str:
    """`same`, `relative` (the same notes) or `other`."""
    if one == other:
        return "same"
    places = []
    for name in (one, other):
        tonic, mode = name.split()
        places.append((NAMES.index(tonic) + (3 if mode == "minor" else 0)) % 12)
    return "relative" if places[0] == places[1] and one.split()[1] != other.split()[1] else "other"


if __name__ == "__main__":
    sys.exit(main())
