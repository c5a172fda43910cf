"""Metre of notes: into how many a beat divides, and after how many beats the bar returns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from benchmarks.judge.notes import Note
from benchmarks.judge.tempo import returns_at

ENVELOPE_RATE = 200


def onsets(notes: Iterable[Note]) -> Any:
    """(N,) how strong what begins at each two-hundredth of a second is."""
    found = list(notes)
    line = np.zeros(int(max((note.start for note in found), default=0) * ENVELOPE_RATE) + 2)
    for note in found:
        line[round(note.start * ENVELOPE_RATE)] += note.velocity
    # Fingers are not all down at once.
    return np.convolve(np.sqrt(line), np.hanning(7)[1:-1], "same")


def metre(line: Any, bpm: float) -> str:
    """4/4, 3/4 or 6/8, of onsets at a tempo. Swung beats divide by three too: a swung 4/4 is called 6/8."""
    if bpm <= 0:
        return "none"
    soft = np.convolve(line, np.hanning(13), "same")
    soft = soft - soft.mean()
    returns = np.fft.irfft(np.abs(np.fft.rfft(soft, 1 << (2 * len(soft)).bit_length())) ** 2)[: len(soft)]

    def after(beats: float) -> float:
        return float(returns_at(returns, beats * ENVELOPE_RATE * 60 / bpm))

    # Likeness falls with distance: three beats stand between two and four, six between four and eight.
    if after(3) + after(6) > (after(2) + after(4) + after(4) + after(8)) / 2:
        return "3/4"
    return "6/8" if after(1 / 3) + after(2 / 3) > 2 * after(1 / 2) else "4/4"
