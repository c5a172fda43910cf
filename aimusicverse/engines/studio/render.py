"""From a plan to a mastered file: compose, arrange, render, master, write."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from aimusicverse.audio.files import Writer
from aimusicverse.audio.loudness import LoudnessMeter
from aimusicverse.audio.tags import Tags
from aimusicverse.audio.true_peak import PeakTrack, decibels
from aimusicverse.engines.base import Order, Rendering
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

    The same plan and tags give the same bytes. The unmastered mix passes through a file in `workspace`, so
    memory does not grow with the length of the piece.
    """
    report("compose", 0.0)
    plan = order.plan
    tags = Tags.of(order.tags) if order.tags else None
    score = write_score(plan)
    report("arrange", 0.02)
    events = perform(score)
    samples = round(plan.duration_seconds * RATE)
    rough = workspace / "mix.f32"
    meter, peaks, readings = LoudnessMeter(RATE, 2), PeakTrack(2), []
    with rough.open("wb") as file:
        for block in mix(score, events, samples, lambda share: report("render", 0.04 + 0.76 * share)):
            meter.add(block)
            readings.append(peaks.add(block))
            file.write(np.ascontiguousarray(block.T).tobytes())
    readings.append(peaks.finish())
    report("master", 0.8)
    rendering = _master(
        rough, workspace / "studio.wav", samples, meter, np.concatenate(readings), report, tags
    )
    rough.unlink()
    report("write", 1.0)
    return rendering


def _master(
    rough: Path,
    target: Path,
    samples: int,
    meter: LoudnessMeter,
    peaks: F32,
    report: Report,
    tags: Tags | None,
) -> Rendering:
    """Write the mastered file; once more with a corrected gain where the prediction was off."""
    energies, aim = meter.energies(), TARGET_LUFS
    for attempt in range(3):
        gain = find_gain(energies, peaks, aim)
        curve = limiter_gain(peaks, gain)
        final, tops = LoudnessMeter(RATE, 2), PeakTrack(2)
        start = 0
        with Writer(target, sample_rate=RATE, format="wav", bit_depth=BIT_DEPTH, tags=tags) as writer:
            for block in _blocks(rough):
                loud = apply_gain(block, start, curve, gain)
                writer.write(loud)
                final.add(loud)
                tops.add(loud)
                start += block.shape[1]
                report("write", 0.82 + 0.17 * max(attempt > 0, start / samples))
        tops.finish()
        off = TARGET_LUFS - final.integrated()
        if abs(off) <= _TOLERANCE_LU or not np.isfinite(off):
            break
        aim += off
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


def _blocks(path: Path) -> Iterator[F32]:
    with path.open("rb") as file:
        while data := file.read(_BLOCK * 8):
            yield np.ascontiguousarray(np.frombuffer(data, np.float32).reshape(-1, 2).T)
