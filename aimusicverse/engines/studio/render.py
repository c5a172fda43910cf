"""From a plan to a mastered file: compose, arrange, render, master, write."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aimusicverse.audio.files import Writer
from aimusicverse.audio.loudness import LoudnessMeter
from aimusicverse.audio.tags import Tags
from aimusicverse.audio.true_peak import HighestPeak, PeakTrack, decibels
from aimusicverse.engines.base import Kept, Order, Rendering
from aimusicverse.engines.studio import rough, splice
from aimusicverse.engines.studio.ahead import ahead, cores
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.course import Course
from aimusicverse.engines.studio.effort import of_composing, of_mastering, of_rendering
from aimusicverse.engines.studio.master import (
    BIT_DEPTH,
    TARGET_LUFS,
    apply_gain,
    find_gain,
    limiter_gain,
    next_aim,
)
from aimusicverse.engines.studio.mix import mix
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.soundfont.source import source_of
from aimusicverse.engines.studio.synth.partials import F32, RATE

_BLOCK = 1 << 16
_TOLERANCE_LU = 0.1
_ATTEMPTS = 9  # music needs one or two, strokes with silence between them need more

#: Told the stage's name and the share of the whole job that is done.
Report = Callable[[str, float], None]


def render(
    order: Order, workspace: Path, report: Report, threads: int | None = None, course: Course | None = None
) -> Rendering:
    """Make the recording `workspace`/studio.wav: 44.1 kHz, stereo, 24 bits, -14 LUFS.

    The same plan and tags give the same bytes, on any number of `threads` (two if there are two cores; more
    would find nothing to do). The unmastered mix passes through a file in `workspace`, so memory does not
    grow with the length of the piece. `course` knows since when somebody waits.
    """
    threads = min(2, cores()) if threads is None else threads
    course = Course() if course is None else course
    plan = order.plan
    report("compose", 0.0)
    tags = Tags.of(order.tags) if order.tags else None
    score = write_score(plan)
    events = perform(score)
    samples = round(plan.duration_seconds * RATE)
    composed, blocks = of_composing(len(events)), of_rendering(score, events, samples, threads)
    mixed, mastered = composed + blocks[-1], composed + blocks[-1] + of_mastering(samples)
    report("arrange", course.share(composed, mastered - composed))
    if order.kept:
        splice.check(order.kept, samples)
    mix_file = workspace / "mix.f32"
    meter, peaks, readings = LoudnessMeter(RATE, 2, np.float32), PeakTrack(2), []
    with source_of(order, score) as source, mix_file.open("wb") as file:
        for block, done in zip(mix(score, events, samples, threads, source), blocks, strict=True):
            meter.add(block)
            readings.append(peaks.add(block))
            rough.append(file, block)
            report("render", course.share(composed + done, mastered - composed - done))
    readings.append(peaks.finish())
    report("master", course.share(mixed, mastered - mixed))

    def said(share: float) -> None:
        done = mixed + (mastered - mixed) * 0.95 * share  # at last the file is closed and read once
        report("write", course.share(done, mastered - done))

    master, tops = _File(workspace / "studio.wav", samples, tags, threads, said), np.concatenate(readings)
    if order.kept:
        rendering = _spliced(order.kept, mix_file, master, meter, tops)
    else:
        rendering = _master(mix_file, master, meter, tops)
    mix_file.unlink()
    report("write", 1.0)
    return rendering


@dataclass(frozen=True, slots=True)
class _File:
    """The file that is written: where, how many samples, with which tags, by how many threads, and who is
    told the share that is done."""

    path: Path
    samples: int
    tags: Tags | None
    threads: int
    said: Callable[[float], None]

    def write(self, blocks: Iterator[F32]) -> Rendering:
        """Fill it with mastered blocks; what it measures then."""
        final, tops, done = LoudnessMeter(RATE, 2, np.float32), HighestPeak(2), 0

        def measured() -> Iterator[F32]:
            for block in blocks:
                final.add(block)
                tops.add(block)
                yield block

        with Writer(self.path, sample_rate=RATE, format="wav", bit_depth=BIT_DEPTH, tags=self.tags) as writer:
            for block in ahead(measured(), self.threads):
                writer.write(block)
                done += block.shape[1]
                self.said(done / self.samples)
        tops.finish()
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Rendering(
            path=self.path,
            sha256=digest,
            size_bytes=self.path.stat().st_size,
            duration_seconds=self.samples / RATE,
            sample_rate=RATE,
            channels=2,
            bit_depth=BIT_DEPTH,
            lufs=round(final.integrated(), 2),
            true_peak_dbtp=round(decibels(tops.highest), 2),
        )


def _master(mix_file: Path, file: _File, meter: LoudnessMeter, peaks: F32) -> Rendering:
    """Write the mastered file; once more with a corrected gain where the prediction was off."""
    energies, aim = meter.energies(), TARGET_LUFS
    tried: list[tuple[float, float]] = []
    for _ in range(_ATTEMPTS):
        gain = find_gain(energies, peaks, aim)
        rendering = file.write(_mastered(mix_file, gain, limiter_gain(peaks, gain)))
        off = TARGET_LUFS - rendering.lufs
        if abs(off) <= _TOLERANCE_LU or not np.isfinite(off):
            break
        tried.append((aim, off))
        aim = next_aim(tried)
    return rendering


def _spliced(kept: Kept, mix_file: Path, file: _File, meter: LoudnessMeter, peaks: F32) -> Rendering:
    """Write what is kept of an earlier recording, and between it the mix, at the level that fits."""
    level = splice.fitting_level(
        kept, meter.energies(), peaks, lambda level: _mastered(mix_file, level.gain, level.curve)
    )
    new = _mastered(mix_file, level.gain, level.curve)
    return splice.judged(file.write(splice.joined(new, kept, file.samples, _BLOCK)))


def _mastered(mix_file: Path, gain: float, curve: F32) -> Iterator[F32]:
    start = 0
    for block in rough.blocks(mix_file, _BLOCK):
        yield apply_gain(block, start, curve, gain)
        start += block.shape[1]
