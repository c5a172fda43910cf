"""Sections of a recording: where it becomes something else, and which stretches are alike.

Source: J. Foote, "Automatic Audio Segmentation Using a Measure of Audio Novelty" (2000): a checkerboard moved
along the diagonal of the self-similarity matrix is high where two unlike stretches meet. Only the diagonal is
ever calculated, so that hours take no more memory than minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aimusicverse.audio.frames import F64, Frames

#: Half the width of the checkerboard; also the shortest section.
REACH_SECONDS = 6.0
_LEAST_NOVELTY = 0.08
_AGAINST_HIGHEST = 0.25
_ALIKE = 0.8
#: Half seconds of music differ from their mean by 2 to 15 (length over 80 figures), those of noise by 0.5.
_TIMBRE = 2.0
_HARMONY = 0.1


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a recording; stretches with the same label (A, B, …, Z, A2, …) sound alike."""

    label: str
    start_seconds: float
    end_seconds: float


def sections(frames: Frames, duration_seconds: float) -> tuple[Section, ...]:
    """All of the recording in order, without gaps; one section where nothing changes, none in silence."""
    rows = _rows(frames)
    if not len(rows):
        return ()
    edges = [0, *_boundaries(rows, max(2, round(REACH_SECONDS * frames.row_rate))), len(rows)]
    means = [rows[start:end].mean(axis=0) for start, end in pairwise(edges)]
    labels = _labels(means)
    # Neighbours that sound alike are one.
    starts = [at for at in range(len(labels)) if at == 0 or labels[at] != labels[at - 1]]
    times = [*(edges[at] / frames.row_rate for at in starts), duration_seconds]
    return tuple(
        Section(labels[at], start, end) for at, start, end in zip(starts, times, times[1:], strict=False)
    )


def _rows(frames: Frames) -> F64:
    """Timbre and harmony of every half second; harmony counts half."""
    count = len(frames.timbre)
    if not count or not frames.onsets.any():
        return np.zeros((0, 1))
    at = (np.arange(count) + 0.5) / frames.row_rate * frames.chroma_rate
    chroma = frames.chroma
    # The chroma of about two seconds: one chord is not a section.
    width = max(1, round(2 * frames.chroma_rate))
    smooth = np.apply_along_axis(np.convolve, 0, chroma, np.ones(width) / width, "same")[: len(chroma)]
    harmony = (
        np.stack([np.interp(at, np.arange(len(chroma)), column) for column in smooth.T], axis=1)
        if len(chroma)
        else np.zeros((count, 12))
    )
    return np.concatenate([_unit(frames.timbre, _TIMBRE), 0.5 * _unit(harmony, _HARMONY)], axis=1)


def _unit(rows: F64, least: float) -> F64:
    """Rows about their mean, of length 1; shorter where they differ from it by less than `least`."""
    rows = rows - rows.mean(axis=0)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), least), np.float64)


def _novelty(rows: F64, reach: int) -> F64:
    """How unlike what follows each place is to what came before, 0–1."""
    sign = np.sign(np.arange(-reach, reach) + 0.5)
    taper = np.hanning(2 * reach + 2)[1:-1]
    kernel = np.outer(sign * taper, sign * taper)
    kernel /= np.abs(kernel).sum()
    padded = np.concatenate([np.repeat(rows[:1], reach, 0), rows, np.repeat(rows[-1:], reach, 0)])
    novelty = np.zeros(len(rows))
    for at in range(len(rows)):
        around = padded[at : at + 2 * reach]
        novelty[at] = float(((around @ around.T) * kernel).sum())
    return novelty


def _boundaries(rows: F64, reach: int) -> list[int]:
    """The highest places of the novelty, none nearer than `reach` to another or to an end."""
    novelty = _novelty(rows, reach)
    least = max(_LEAST_NOVELTY, _AGAINST_HIGHEST * float(novelty.max(initial=0)))
    found: list[int] = []
    for at in np.argsort(-novelty):
        if novelty[at] < least:
            break
        if reach <= at <= len(rows) - reach and all(abs(at - other) >= reach for other in found):
            found.append(int(at))
    return sorted(found)


def _labels(means: list[F64]) -> list[str]:
    """A letter for each: that of the most similar earlier section, if it is similar enough."""
    kinds: list[list[F64]] = []
    labels = []
    for mean in means:
        fits = [_cosine(mean, np.mean(kind, axis=0)) for kind in kinds]
        best = int(np.argmax(fits)) if fits else 0
        if fits and fits[best] >= _ALIKE:
            kinds[best].append(mean)
        else:
            best = len(kinds)
            kinds.append([mean])
        labels.append(chr(65 + best % 26) + (str(best // 26 + 1) if best >= 26 else ""))
    return labels


def _cosine(one: F64, other: F64) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other) + 1e-9))
