"""From a plan to a mastered file: compose, arrange, render, master, write."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from aimusicverse.audio.files import Writer
from aimusicverse.audio.loudness import LoudnessMeter
from aimusicverse.audio.true_peak import PeakTrack, decibels
from aimusicverse.engines.base import Kept, Order, Rendering
from aimusicverse.engines.studio import splice
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.master import TARGET_LUFS, apply_gain, find_gain, limiter_gain
from aimusicverse.engines.studio.mix import mix
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.synth.partials import F32, RATE

BIT_DEPTH = 24
_BLOCK = 1 << 16
_TOLERANCE_LU = 0.1

#: Told the stage's name and the share of the whole job that is done.
Report = Callable[[str, float], None]


def render(order: Order, workspace: Path, report: Report) -> Rendering:
    """Make the recording `workspace`/studio.wav: 44.1 kHz, stereo, 24 bits, -14 LUFS.

    The same plan gives the same bytes. The unmastered mix passes through a file in `workspace`, so memory
    does not grow with the length of the piece.
    """
    report("compose", 0.0)
    plan = order.plan
    score = write_score(plan)
    report("arrange", 0.02)
    events = perform(score)
    samples = round(plan.duration_seconds * RATE)
    if order.kept:
        splice.check(order.kept, samples)
    rough = workspace / "mix.f32"
    meter, peaks, readings = LoudnessMeter(RATE, 2), PeakTrack(2), []
    with rough.open("wb") as file:
        for block in mix(score, events, samples, lambda share: report("render", 0.04 + 0.76 * share)):
            meter.add(block)
            readings.append(peaks.add(block))
            file.write(np.ascontiguousarray(block.T).tobytes())
    readings.append(peaks.finish())
    report("master", 0.8)
    target, tops = workspace / "studio.wav", np.concatenate(readings)
    if order.kept:
        rendering = _spliced(order.kept, rough, target, samples, meter, tops, report)
    else:
        rendering = _master(rough, target, samples, meter, tops, report)
    rough.unlink()
    report("write", 1.0)
    return rendering


def _master(
    rough: Path, target: Path, samples: int, meter: LoudnessMeter, peaks: F32, report: Report
) -> Rendering:
    """Write the mastered file; once more with a corrected gain where the prediction was off."""
    energies, aim = meter.energies(), TARGET_LUFS
    for _ in range(3):
        gain = find_gain(energies, peaks, aim)
        curve = limiter_gain(peaks, gain)
        rendering = _written(
            (apply_gain(block, start, curve, gain) for start, block in _blocks(rough)),
            target,
            samples,
            report,
        )
        off = TARGET_LUFS - rendering.lufs
        if abs(off) <= _TOLERANCE_LU or not np.isfinite(off):
            break
        aim += off
    return rendering


def _spliced(
    kept: Kept, rough: Path, target: Path, samples: int, meter: LoudnessMeter, peaks: F32, report: Report
) -> Rendering:
    """Write what is kept of an earlier recording, and between it the mix, at the level that fits."""

    def mastered(level: splice.Level) -> Iterator[F32]:
        return (apply_gain(block, start, level.curve, level.gain) for start, block in _blocks(rough))

    level = splice.fitting_level(kept, meter.energies(), peaks, mastered)
    joined = splice.joined(mastered(level), kept, samples, _BLOCK)
    return splice.judged(_written(joined, target, samples, report))


def _written(blocks: Iterator[F32], target: Path, samples: int, report: Report) -> Rendering:
    """The file of mastered blocks, measured."""
    final, tops, done = LoudnessMeter(RATE, 2), PeakTrack(2), 0
    with Writer(target, sample_rate=RATE, format="wav", bit_depth=BIT_DEPTH) as writer:
        for block in blocks:
            writer.write(block)
            final.add(block)
            tops.add(block)
            done += block.shape[1]
            report("write", 0.82 + 0.17 * done / samples)
    tops.finish()
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Rendering(
        path=target,
        sha256=digest,
        size_bytes=target.stat().st_size,
        duration_seconds=samples / RATE,
        sample_rate=RATE,
        channels=2,
        bit_depth=BIT_DEPTH,
        lufs=round(final.integrated(), 2),
        true_peak_dbtp=round(decibels(tops.highest), 2),
    )


def _blocks(path: Path) -> Iterator[tuple[int, F32]]:
    """The blocks of the unmastered mix, and the sample at which each begins."""
    start = 0
    with path.open("rb") as file:
        while data := file.read(_BLOCK * 8):
            block = np.ascontiguousarray(np.frombuffer(data, np.float32).reshape(-1, 2).T)
            yield start, block
            start += block.shape[1]
