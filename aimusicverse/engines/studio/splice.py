"""New music between what is kept of an earlier recording, which stays the same to the last bit.

The new mix holds the whole piece, so what rang on before a seam rings on behind it. Its level is the one at
which the parts that are kept would sound as they do. Inside a new span, and only there, the two recordings
fade into each other at the seams: both are limited already, and their weights add up to one, so no peak
rises above those of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio import files
from aimusicverse.audio.loudness import LoudnessMeter, integrated
from aimusicverse.engines.base import EngineError, Kept, Rendering
from aimusicverse.engines.studio.master import BIT_DEPTH, TARGET_LUFS, find_gain, limited, limiter_gain
from aimusicverse.engines.studio.synth.partials import F32, RATE

#: Into what is new quickly, as a beat begins there; out of it a little slower, among what rings on.
_INTO, _OUT_OF = int(0.010 * RATE), int(0.030 * RATE)
_HOP = RATE // 10
#: How far from the fitting level the new part may be so that the whole has the loudness of every master.
_MOST_SHIFT_DB = 2.0
_TOLERANCE_LU, _NEAR_LU, _FITS_LU = 0.2, 0.1, 0.01
_PASSES = 3


@dataclass(frozen=True, slots=True)
class Level:
    """What is new: its gain (linear), and the limiter's gain for every 32 samples."""

    gain: float
    curve: F32


def check(kept: Kept, samples: int) -> None:
    """See that the earlier recording can be kept in one of `samples` samples.

    Raises:
        EngineError: it is of another form, or too short for its spans.
    """
    about = files.probe(kept.path)
    last = max((end for _, end in kept.spans), default=0)
    if (about.sample_rate, about.channels, about.bit_depth) != (RATE, 2, BIT_DEPTH) or last > about.frames:
        raise EngineError("engine_failed", "the recording that is to be kept is not one of the studio's")
    if last > samples:
        raise EngineError("engine_failed", "more is to be kept than the piece is long")


def fitting_level(
    kept: Kept, energies: NDArray[np.float64], peaks: F32, mastered: Callable[[Level], Iterator[F32]]
) -> Level:
    """How loud what is new has to be.

    `energies` and `peaks` are readings of the new mix: power of tenths of a second, peaks of 32 samples.
    `mastered` gives the blocks of the mix at a level: the limiter's effect is only estimated by the readings.
    """
    earlier = _energies(files.blocks(kept.path))[: len(energies)]
    earlier = np.pad(earlier, (0, len(energies) - len(earlier)))
    stays = np.zeros(len(energies), bool)
    for start, end in kept.spans:
        stays[-(-start // _HOP) : end // _HOP] = True
    there = integrated(earlier[stays])
    if not np.isfinite(there):  # silence fits anything
        return _level(find_gain(energies, peaks), peaks)
    aim = there
    for _ in range(_PASSES):
        level = _level(find_gain(energies, peaks, aim, stays), peaks)
        new = _energies(mastered(level))
        off = there - integrated(new[stays])
        if abs(off) < _FITS_LU or not np.isfinite(off):
            break
        aim += off
    return _towards_target(level, energies, peaks, np.where(stays, earlier, new), stays)


def _level(gain: float, peaks: F32) -> Level:
    return Level(gain, limiter_gain(peaks, gain))


def _energies(blocks: Iterator[F32]) -> NDArray[np.float64]:
    meter = LoudnessMeter(RATE, 2)
    for block in blocks:
        meter.add(block)
    return meter.energies()


def _towards_target(
    fits: Level,
    energies: NDArray[np.float64],
    peaks: F32,
    whole: NDArray[np.float64],
    stays: NDArray[np.bool_],
) -> Level:
    """The level near the fitting one at which the whole comes nearest to the loudness of every master.

    `whole`: power of tenths of a second with what is new at the level that fits.
    """
    usual = np.maximum(limited(energies, fits.curve, peaks) * fits.gain**2, 1e-20)

    def error(shift: float) -> float:
        level = _level(fits.gain * 10 ** (shift / 20), peaks)
        change = limited(energies, level.curve, peaks) * level.gain**2 / usual
        return TARGET_LUFS - integrated(np.where(stays, whole, whole * change))

    if abs(error(0.0)) < _NEAR_LU:
        return fits
    low, high = -_MOST_SHIFT_DB, _MOST_SHIFT_DB
    for _ in range(7):  # louder is louder: halve
        middle = (low + high) / 2
        if error(middle) > 0:
            low = middle
        else:
            high = middle
    return _level(fits.gain * 10 ** ((low + high) / 40), peaks)


def judged(rendering: Rendering) -> Rendering:
    """The recording, with a warning where it has not the loudness of a master: what is kept is as it is."""
    if abs(rendering.lufs - TARGET_LUFS) <= _TOLERANCE_LU:
        return rendering
    message = (
        f"The whole measures {rendering.lufs:.1f} LUFS, not {TARGET_LUFS:g}: "
        "what was kept stays as it was, and what is new is as loud as it fits."
    )
    return replace(rendering, warnings=(("loudness_kept", message),))


def joined(new: Iterable[F32], kept: Kept, samples: int, size: int) -> Iterator[F32]:
    """The blocks, `size` samples each, of the whole: of the earlier recording where it is kept, exactly; of
    `new` elsewhere. `samples` is the length of the whole."""
    spans = _new_spans(kept.spans, samples)
    for index, (block, before) in enumerate(zip(new, _earlier_blocks(kept, size), strict=False)):
        share = _share(spans, index * size, block.shape[1], samples)
        earlier = before[:, : block.shape[1]]
        yield np.where(share == 0, earlier, earlier * (1 - share) + block * share)


def _earlier_blocks(kept: Kept, size: int) -> Iterator[F32]:
    """The earlier recording as (2, `size`) blocks, then silence without end."""
    for block in files.blocks(kept.path, size):
        yield np.pad(block, ((0, 0), (0, size - block.shape[1])))
    while True:
        yield np.zeros((2, size), np.float32)


def _share(spans: Sequence[tuple[int, int]], start: int, size: int, samples: int) -> F32:
    """How much of each sample from `start` on is new: 0 where it is kept."""
    at = np.arange(start, start + size)
    share = np.zeros(size)
    for first, last in spans:
        if last <= start or first >= start + size:
            continue
        into, out_of = min(_INTO, (last - first) // 2), min(_OUT_OF, (last - first) // 2)
        inside = np.ones(size)
        if first:
            inside = np.minimum(inside, (at - first) / into)
        if last < samples:
            inside = np.minimum(inside, (last - 1 - at) / out_of)
        share += np.sin(np.clip(inside, 0, 1) * np.pi / 2) ** 2
    return share.astype(np.float32)


def _new_spans(kept: Sequence[tuple[int, int]], samples: int) -> list[tuple[int, int]]:
    spans, at = [], 0
    for start, end in sorted(kept):
        if start > at:
            spans.append((at, start))
        at = max(at, end)
    if at < samples:
        spans.append((at, samples))
    return spans
