"""A recording cut into frames: onsets, timbre and pitch classes, in bounded memory (about 3 kB a second).

Sources: D. Ellis, "Beat Tracking by Dynamic Programming" (2007), onset strength; E. Gómez, "Tonal Description
of Polyphonic Audio for Music Content Processing" (2006), pitch classes from spectral peaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio.decimate import Decimator
from aimusicverse.audio.filters import Floats

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
BANDS = 40
#: Steps of 10 cents, so that a recording's own tuning can be found before they are folded to 12.
FINE = 120
_WINDOW_SECONDS = 0.046
_LONG_SECONDS = 0.37
_PIECE = 1 << 15
# Below this a frame holds nothing that anybody hears (−90 dBFS, in power of a windowed spectrum).
_QUIET = 1e-9
#: Height of a peak (−70 dBFS) that is still somebody's tone.
_FAINT = 3e-4
#: A peak of noise is three times its surroundings once in a thousand bins.
_PROMINENT = 3.0
_AROUND = 16
_PITCHES_HZ = (55.0, 1760.0)


@dataclass(frozen=True, slots=True)
class Frames:
    """What was heard.

    Attributes:
        rate: onsets a second (about 100).
        onsets: (F,) rise of the log power, mean over the bands.
        row_rate: rows of `timbre` a second (about 2).
        timbre: (R, 80) mean and standard deviation of the 40 log bands over half a second.
        flatness: (R,) geometric over arithmetic mean of the power spectrum, 0–1.
        chroma_rate: rows of `fine` a second (about 5).
        fine: (C, 120) pitch classes in steps of 10 cents, C (440 Hz tuning) first. A row sums to the share of
            tones in the energy, 0–1.
    """

    rate: float
    onsets: F64
    row_rate: float
    timbre: F64
    flatness: F64
    chroma_rate: float
    fine: F64

    def tuning_cents(self) -> float:
        """How far the recording is tuned from 440 Hz, −50…50 cents."""
        strength = self.fine.sum(axis=0).reshape(12, -1).sum(axis=0)
        turn = np.exp(2j * np.pi * np.arange(len(strength)) / len(strength))
        return float(np.angle((strength * turn).sum()) / (2 * np.pi) * 100) if strength.any() else 0.0

    @property
    def chroma(self) -> F64:
        """(C, 12) shares of the pitch classes, C first, in the recording's own tuning."""
        steps = FINE // 12
        shift = round(self.tuning_cents() / 100 * steps)
        turned = np.roll(self.fine, steps // 2 - shift, axis=1)
        return np.asarray(turned.reshape(len(turned), 12, steps).sum(axis=2), np.float64)


def listen(blocks: Iterable[Floats], sample_rate: int) -> Frames:
    """Cut a stream of (channels, N) blocks into frames; channels are summed."""
    listener = Listener(sample_rate)
    for block in blocks:
        listener.add(block)
    return listener.finish()


class Listener:
    """Cuts a stream into frames as it comes."""

    def __init__(self, sample_rate: int) -> None:
        self._decimator = Decimator(sample_rate)
        rate = self._decimator.rate
        self._hop = max(1, round(rate / 100))
        size, long_size = (1 << round(np.log2(rate * s)) for s in (_WINDOW_SECONDS, _LONG_SECONDS))
        self._fine_cut = _Slicer(size, self._hop)
        self._long_cut = _Slicer(long_size, long_size // 2)
        self._window = (np.hanning(size) / (size / 4)).astype(np.float32)
        self._long_window = (np.hanning(long_size) / (long_size / 4)).astype(np.float32)
        self._filters = _log_bands(size, rate)
        self._frequencies: F64 = np.fft.rfftfreq(long_size, 1 / rate).astype(np.float64)
        self._low, self._high = np.searchsorted(np.fft.rfftfreq(size, 1 / rate), (80, 0.45 * rate))
        self._rate = rate
        self._per_row = 50
        self._waiting = np.zeros((0, BANDS + 1), np.float32)
        self._last: F32 | None = None
        self._onsets: list[F32] = []
        self._rows: list[F32] = []
        self._fine: list[F64] = []

    def add(self, block: Floats) -> None:
        """Take the next (channels, N) block."""
        self._hear(self._decimator.process(block))

    def finish(self) -> Frames:
        """Everything heard."""
        self._hear(self._decimator.finish())
        if len(self._waiting) >= self._per_row // 2:
            self._rows.append(_summary(self._waiting[None]))
        rows = np.concatenate(self._rows) if self._rows else np.zeros((0, 2 * BANDS + 1))
        return Frames(
            rate=self._rate / self._hop,
            onsets=np.concatenate(self._onsets).astype(np.float64) if self._onsets else np.zeros(0),
            row_rate=self._rate / self._hop / self._per_row,
            timbre=rows[:, :-1].astype(np.float64),
            flatness=rows[:, -1].astype(np.float64),
            chroma_rate=self._rate / self._long_cut.hop,
            fine=np.concatenate(self._fine) if self._fine else np.zeros((0, FINE)),
        )

    def _hear(self, mono: F32) -> None:
        for frames in self._fine_cut.cut(mono):
            power = np.abs(np.fft.rfft(frames * self._window)) ** 2
            body = power[:, self._low : self._high] + np.float32(_QUIET / 100)
            flat = np.exp(np.log(body).mean(axis=1)) / body.mean(axis=1)
            self._note(np.log10(_QUIET + power @ self._filters), flat)
        for frames in self._long_cut.cut(mono):
            self._fine.append(
                _fine_classes(np.abs(np.fft.rfft(frames * self._long_window)), self._frequencies)
            )

    def _note(self, bands: F32, flatness: F32) -> None:
        before = bands[:1] if self._last is None else self._last
        self._onsets.append(np.maximum(0, np.diff(bands, axis=0, prepend=before)).mean(axis=1))
        self._last = bands[-1:]
        table = np.concatenate([self._waiting, np.column_stack([bands, flatness])])
        whole = len(table) // self._per_row
        if whole:
            self._rows.append(_summary(table[: whole * self._per_row].reshape(whole, self._per_row, -1)))
        self._waiting = table[whole * self._per_row :]


class _Slicer:
    """Cuts a stream into overlapping frames."""

    def __init__(self, size: int, hop: int) -> None:
        self._size, self.hop = size, hop
        self._held = np.zeros(0, np.float32)

    def cut(self, samples: F32) -> Iterator[F32]:
        """Frames (K, size) that `samples` complete, some hundreds at a time."""
        for start in range(0, len(samples), _PIECE):
            line = np.concatenate([self._held, samples[start : start + _PIECE]])
            count = max(0, (len(line) - self._size) // self.hop + 1)
            self._held = line[count * self.hop :]
            if count:
                yield np.lib.stride_tricks.sliding_window_view(line, self._size)[:: self.hop][:count]


def _summary(table: F32) -> F32:
    """(K, frames, 41) → (K, 81): mean and deviation of the bands, mean flatness."""
    bands = table[:, :, :-1]
    return np.concatenate([bands.mean(axis=1), bands.std(axis=1), table[:, :, -1:].mean(axis=1)], axis=1)


def _log_bands(size: int, sample_rate: float) -> F32:
    """(bins, 40): triangles from 40 Hz to 10 kHz, evenly spaced on a logarithmic scale."""
    frequencies = np.fft.rfftfreq(size, 1 / sample_rate)
    edges = np.geomspace(40, 10_000, BANDS + 2)
    rising = (frequencies[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - frequencies[:, None]) / (edges[2:] - edges[1:-1])
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), np.float32)


def _fine_classes(spectra: F32, frequencies: F64) -> F64:
    """(K, 120) from magnitude spectra (K, bins): only what stands out from its surroundings.

    Tones do, drums and noise do not. A parabola through the logarithms gives a peak's place between bins.
    Peaks count by the root of their height and by how near they are to 220 Hz, one octave being one standard
    deviation: there the tones that make the harmony lie, and above it lie overtones. A row sums to the share
    of tones in the frame's energy (a peak of a Hann window is 1.5 bins wide).
    """
    first, last = np.searchsorted(frequencies, _PITCHES_HZ)
    last = min(last, len(frequencies) - 1)
    middle = spectra[:, first:last]
    left, right = spectra[:, first - 1 : last - 1], spectra[:, first + 1 : last + 1]
    least = np.maximum(_FAINT, _PROMINENT * _surroundings(spectra)[:, first:last])
    rows, columns = np.nonzero((middle > left) & (middle >= right) & (middle > least))
    a, b, c = (np.log(side[rows, columns] + 1e-12) for side in (left, middle, right))
    offset = 0.5 * (a - c) / np.minimum(a - 2 * b + c, -1e-9)
    pitch = 69 + 12 * np.log2((first + columns + offset) * frequencies[1] / 440)
    weights = np.sqrt(middle[rows, columns]) * np.exp(-0.5 * ((pitch - 57) / 12) ** 2)
    places = np.round(pitch * (FINE / 12)).astype(np.int64) % FINE
    counted = np.bincount(rows * FINE + places, weights, minlength=len(spectra) * FINE)
    table = counted.reshape(len(spectra), FINE)
    total = (middle**2).sum(axis=1)
    tones = 1.5 * np.bincount(rows, middle[rows, columns] ** 2, minlength=len(spectra))
    shares = np.minimum(1, tones / np.maximum(total, 1e-12)) / np.maximum(table.sum(axis=1), 1e-12)
    return np.asarray(table * shares[:, None], np.float64)


def _surroundings(spectra: F32) -> F32:
    """The mean height of the 33 bins around each, (K, bins)."""
    sums = np.cumsum(np.pad(spectra, ((0, 0), (_AROUND + 1, _AROUND)), mode="edge"), axis=1)
    return np.asarray(
        (sums[:, 2 * _AROUND + 1 :] - sums[:, : -2 * _AROUND - 1]) / (2 * _AROUND + 1), np.float32
    )
