"""Hold every genre of the studio to its gates, and print one table.

    python benchmarks/studio_gates.py                  all genres, three seeds, 60 s each
    python benchmarks/studio_gates.py --seeds 5        the long form
    python benchmarks/studio_gates.py --genres jazz rock --duration 30

Exits with 1 when a gate that must hold does not. With librosa, pyloudnorm or ffmpeg at hand, their readings
are printed beside ours; without them ours stand alone.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from aimusicverse.audio import files, loudness
from aimusicverse.audio import frames as listening
from aimusicverse.audio import key as keys
from aimusicverse.audio import tempo as tempi
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.score import Score
from aimusicverse.engines.studio.theory import Key
from aimusicverse.types import GenerationCreate, Plan

RANGE_GENRES = ("classical", "cinematic")


@dataclass
class Take:
    """One rendered piece and what was measured on it."""

    plan: Plan
    score: Score
    figures: dict[str, Any]
    gates: dict[str, bool] = field(default_factory=dict)
    chroma: Any = None
    onsets: Any = None
    signature: Any = None


def main() -> int:
    """Render, measure, print; 0 when every gate that must hold does."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--genres", nargs="*", default=list(GENRES), choices=list(GENRES), metavar="GENRE")
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--duration", type=float, default=60)
    given = options.parse_args()
    orders = [(genre, seed) for genre in given.genres for seed in range(1, given.seeds + 1)]
    with ThreadPoolExecutor(2) as pool:
        takes = list(pool.map(lambda order: measure(*order, given.duration), orders))
    by_genre = {genre: takes[i * given.seeds : (i + 1) * given.seeds] for i, genre in enumerate(given.genres)}
    failed = [problem for genre, group in by_genre.items() for problem in report(genre, group)]
    failed += separation(by_genre)
    print("\nmust hold, and does not: " + ("; ".join(failed) if failed else "nothing"))
    return 1 if failed else 0


def measure(genre: str, seed: int, duration: float) -> Take:
    """Render through the real child, twice, and take all readings."""
    plan = make_plan(GenerationCreate(prompt=genre, duration_seconds=duration), seed)
    with tempfile.TemporaryDirectory() as folder:
        done, cpu, wall, rss = run_child(plan, Path(folder))
        path = Path(done["path"])
        take = Take(plan, write_score(plan), {"cpu_s": cpu, "wall_s": wall, "rss_mb": rss})
        examine(take, path)
        judges(take, path)
        if seed == 1:
            again, *_ = run_child(plan, Path(folder))
            take.gates["determinism"] = again["sha256"] == done["sha256"]
    return take


def run_child(plan: Plan, folder: Path) -> tuple[dict[str, Any], float, float, float]:
    """The answer of a render child, its CPU and wall seconds, and its peak memory (MB)."""
    order = {"engine": "studio", "plan": plan.model_dump(mode="json"), "workspace": str(folder)}
    began = time.monotonic()
    # A shell of our own between us and the child, so that its resources can be read apart from others'.
    code = (
        "import resource, subprocess, sys; "
        "out = subprocess.run([sys.executable, '-m', 'aimusicverse.engines.host'], stdin=0, "
        "stdout=subprocess.PIPE, check=True).stdout.splitlines()[-1]; "
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(out.decode()); print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(order) + "\n")
        child.stdin.flush()
        answer = json.loads(child.stdout.readline())
        cpu, rss = map(float, child.stdout.readline().split())
    if "done" not in answer:
        raise SystemExit(f"{plan.genre}: {answer}")
    return answer["done"], cpu, time.monotonic() - began, rss


def examine(take: Take, path: Path) -> None:
    """All readings of one recording."""
    plan, figures, gates = take.plan, take.figures, take.gates
    samples, rate = files.read(path)
    loud = loudness.measure(path)
    frames = listening.listen(files.blocks(path), rate)
    bpm, clarity = tempi.estimate(frames)
    heard, fit = keys.estimate(frames.chroma.sum(axis=0))
    ratio = bpm / plan.tempo_bpm
    octave = min((0.5, 1.0, 2.0), key=lambda factor: abs(np.log(ratio / factor)))
    asked = Key.named(plan.key)
    notes = {n.pitch % 12 for p in take.score.parts if p.role not in UNPITCHED for n in p.notes}
    fifths = {frozenset((pc + move) % 12 for pc in asked.pitch_classes) for move in (0, 5, 7)}
    level = np.sqrt(np.convolve((samples**2).mean(axis=0), np.ones(2205) / 2205, "valid")[::2205])
    mid, side = samples.mean(axis=0), (samples[0] - samples[1]) / 2
    rms = float(np.sqrt(np.mean(samples**2)))
    found, novelty = boundaries(frames, plan)
    figures.update(
        lufs=loud.integrated_lufs,
        peak=loud.true_peak_dbtp,
        lra=loud.range_lu,
        bpm=bpm,
        octave=octave,
        pulse=clarity,
        key=heard,
        fit=fit,
        flatness=float(frames.flatness.mean()),
        repetition=repetition(frames, plan),
        structure=found,
        novelty=novelty,
        width=20 * np.log10(np.sqrt(np.mean(side**2)) / np.sqrt(np.mean(mid**2))),
        crest=20 * np.log10(np.abs(samples).max() / rms),
        silence=float(np.mean(level < 1e-3)),
    )
    gates["duration"] = samples.shape[1] == round(plan.duration_seconds * rate)
    gates["tempo"] = abs(ratio / octave - 1) <= 0.02
    gates["score in key"] = notes <= asked.pitch_classes
    gates["key"] = Key.named(heard).pitch_classes in fifths
    gates["loudness"] = abs(loud.integrated_lufs + 14) <= 0.2
    gates["true peak"] = loud.true_peak_dbtp <= -1.0
    gates["clean"] = float(np.abs(samples).max()) < 0.999 and float(np.abs(samples.mean(axis=1)).max()) < 1e-3
    gates["silence"] = figures["silence"] < 0.02
    gates["rung out"] = float(np.abs(samples[:, -64:]).max()) < 1e-3 and level[-20] > level[-1]
    gates["pulse ≥ .25"] = clarity >= 0.25
    gates["key fit ≥ .5"] = fit >= 0.5
    gates["flatness ≤ .1"] = figures["flatness"] <= 0.1
    gates["repetition .65–.97"] = 0.65 <= figures["repetition"] <= 0.97
    gates["structure"] = found >= 0.75 and novelty >= 0.15
    gates["side/mid"] = -20 <= figures["width"] <= -3
    gates["crest 9–18"] = 9 <= figures["crest"] <= 18
    gates["LRA ≥ 5"] = plan.genre not in RANGE_GENRES or loud.range_lu >= 5
    gates["cpu ≤ 3 s/min"] = figures["cpu_s"] <= 3 * max(1.0, plan.duration_seconds / 60)
    gates["rss ≤ 350"] = figures["rss_mb"] <= 350
    take.chroma, take.onsets = frames.chroma, frames.onsets
    take.signature = np.concatenate([*band_statistics(frames), onset_shape(frames, plan)])


UNPITCHED = ("drums", "percussion", "texture")
WISHES = {"pulse ≥ .25", "key fit ≥ .5", "flatness ≤ .1", "repetition .65–.97", "structure", "side/mid",
          "crest 9–18",
          "LRA ≥ 5"}  # fmt: skip


def band_statistics(frames: listening.Frames) -> tuple[Any, Any]:
    """Mean and deviation of every band over the whole, from those of its half seconds."""
    means, deviations = np.split(frames.timbre, 2, axis=1)
    return means.mean(axis=0), np.sqrt(means.var(axis=0) + (deviations**2).mean(axis=0))


def onset_shape(frames: listening.Frames, plan: Plan) -> Any:
    """Mean onset strength at each sixteenth of the bar."""
    sixteenth = 15 / plan.tempo_bpm * frames.rate
    place = (np.arange(len(frames.onsets)) / sixteenth).round().astype(int) % 16
    shape = np.bincount(place, frames.onsets, 16) / np.maximum(1, np.bincount(place, minlength=16))
    return shape / (shape.std() + 1e-9) * 0.3


def repetition(frames: listening.Frames, plan: Plan) -> float:
    """How like its most similar other bar a bar is: cosine over pitch classes by quarter of the bar."""
    bar = plan.duration_seconds and 240 / plan.tempo_bpm * frames.chroma_rate / 4
    count = int(len(frames.chroma) / (4 * bar))
    bars = np.array(
        [
            np.concatenate(
                [
                    frames.chroma[
                        int((4 * i + q) * bar) : max(int((4 * i + q + 1) * bar), int((4 * i + q) * bar) + 1)
                    ].mean(0)
                    for q in range(4)
                ]
            )
            for i in range(count)
        ]
    )
    bars -= bars.mean(axis=1, keepdims=True)
    bars /= np.linalg.norm(bars, axis=1, keepdims=True) + 1e-9
    alike = bars @ bars.T
    np.fill_diagonal(alike, -1)
    return float(alike.max(axis=1).mean())


def boundaries(frames: listening.Frames, plan: Plan) -> tuple[float, float]:
    """Share of planned section changes found within 2 s, and the strongest novelty.

    Checkerboard novelty over half-second band profiles (J. Foote, "Automatic audio segmentation using a
    measure of audio novelty", 2000).
    """
    rows = frames.timbre - frames.timbre.mean(axis=0)
    count = len(rows)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    alike = rows @ rows.T
    reach = 6
    sign = np.outer(*(np.sign(np.arange(-reach, reach) + 0.5),) * 2)
    kernel = sign * np.outer(*(np.hanning(2 * reach + 1)[:-1] + 0.05,) * 2)
    kernel /= np.abs(kernel).sum()
    novelty = np.zeros(count)
    for at in range(reach, count - reach):
        novelty[at] = float((alike[at - reach : at + reach, at - reach : at + reach] * kernel).sum())
    tops = [
        at
        for at in range(1, count - 1)
        if novelty[at] >= max(novelty[at - 1], novelty[at + 1]) and novelty[at] > 0.2 * novelty.max()
    ]
    planned = [section.start_seconds for section in plan.sections[1:]]
    hits = sum(any(abs(top / frames.row_rate - start) <= 2 for top in tops) for start in planned)
    return (hits / len(planned) if planned else 1.0), float(novelty.max())


def judges(take: Take, path: Path) -> None:
    """Readings of other people's programs, where they are installed."""
    if shutil.which("ffmpeg"):
        said = subprocess.run(
            ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f",
            "null", "-"],
            capture_output=True, text=True, check=True,
        ).stderr.rsplit("Summary:", 1)[1].split()  # fmt: skip
        take.figures["ff_lufs"] = float(said[said.index("I:") + 1])
        take.figures["ff_peak"] = float(said[said.index("Peak:") + 1])
        take.gates["ffmpeg"] = abs(take.figures["ff_lufs"] + 14) <= 0.2 and take.figures["ff_peak"] <= -1
    try:
        import librosa
    except ImportError:
        return
    sound, rate = librosa.load(path)
    take.figures["librosa_bpm"] = float(np.ravel(librosa.beat.beat_track(y=sound, sr=rate)[0])[0])


def report(genre: str, takes: list[Take]) -> list[str]:
    """Print a genre; return the gates that must hold and do not."""
    mean = {
        name: float(np.mean([t.figures[name] for t in takes]))
        for name, value in takes[0].figures.items()
        if isinstance(value, float | np.floating)
    }
    problems = []
    if len(takes) > 1:
        chroma, onsets, shared = difference(takes[0], takes[1])
        takes[0].gates["difference"] = chroma < 0.8 and onsets < 0.8 and not shared
        mean |= {"chroma_corr": chroma, "onset_corr": onsets}
    missed = {gate for take in takes for gate, holds in take.gates.items() if not holds}
    problems += [f"{genre}: {gate}" for gate in sorted(missed - WISHES)]
    cells = [
        f"{genre:14} cpu {mean['cpu_s']:.1f} s, {mean['rss_mb']:.0f} MB",
        f"{mean['lufs']:.2f} LUFS, {max(t.figures['peak'] for t in takes):.2f} dBTP, LRA {mean['lra']:.1f}",
        "bpm " + ", ".join(f"{t.figures['bpm']:.1f}/{t.plan.tempo_bpm:g}" for t in takes),
        f"pulse {mean['pulse']:.2f}, key fit {mean['fit']:.2f}, flat {mean['flatness']:.3f}",
        f"repeat {mean['repetition']:.2f}, sections {mean['structure']:.2f}, novelty {mean['novelty']:.2f}",
        f"side/mid {mean['width']:.1f}, crest {mean['crest']:.1f}",
    ]
    if len(takes) > 1:
        cells.append(f"seeds: chroma {mean['chroma_corr']:.2f}, onsets {mean['onset_corr']:.2f}")
    if "ff_lufs" in mean:
        cells.append(f"ffmpeg {mean['ff_lufs']:.1f}, {max(t.figures['ff_peak'] for t in takes):.1f}")
    if "librosa_bpm" in mean:
        cells.append(f"librosa {mean['librosa_bpm']:.1f}")
    if missed:
        cells.append(f"MISSED: {', '.join(sorted(missed))}")
    print(" | ".join(cells), flush=True)
    return problems


def difference(one: Take, other: Take) -> tuple[float, float, bool]:
    """Correlation of chroma and of onsets between two seeds, and whether a bar of melody is shared."""
    size = min(len(one.chroma), len(other.chroma))
    flat = [(t.chroma[:size] - t.chroma[:size].mean(axis=0)).ravel() for t in (one, other)]
    size = min(len(one.onsets), len(other.onsets))
    return (
        float(np.corrcoef(*flat)[0, 1]),
        float(np.corrcoef(one.onsets[:size], other.onsets[:size])[0, 1]),
        bool(melody_bars(one) & melody_bars(other)),
    )


def melody_bars(take: Take) -> set[tuple[tuple[float, int], ...]]:
    """The bars of the lead with three or more notes, as rhythm and intervals above the tonic."""
    beats, tonic, bars = take.score.frame.beats_per_bar, take.score.frame.key.tonic, {}
    for part in take.score.parts:
        for note in part.notes if part.role == "lead" else ():
            bars.setdefault(int(note.start // beats), []).append((note.start % beats, note.pitch - tonic))
    return {tuple(sorted(bar)) for bar in bars.values() if len(bar) >= 3}


def separation(by_genre: dict[str, list[Take]]) -> list[str]:
    """Genres must be twice as far from each other as seeds of one genre are."""
    if len(by_genre) < 2 or len(next(iter(by_genre.values()))) < 2:
        return []
    every = np.array([take.signature for takes in by_genre.values() for take in takes])
    scale = every.std(axis=0) + 1e-9
    groups = {genre: np.array([t.signature for t in takes]) / scale for genre, takes in by_genre.items()}
    centres = {genre: group.mean(axis=0) for genre, group in groups.items()}
    within = float(np.mean([np.linalg.norm(g - centres[n], axis=1).mean() for n, g in groups.items()]))
    problems = []
    print()
    for genre, centre in centres.items():
        near, gap = min(
            ((other, float(np.linalg.norm(centre - c))) for other, c in centres.items() if other != genre),
            key=lambda pair: pair[1],
        )
        apart = float(np.mean([np.linalg.norm(centre - c) for other, c in centres.items() if other != genre]))
        print(f"{genre:14} from the others {apart / within:.1f} × within; {near} {gap / within:.1f} ×")
        if apart < 2 * within:
            problems.append(f"{genre}: too like the others")
    return problems


if __name__ == "__main__":
    sys.exit(main())
