"""The room everybody plays in: reverberation by convolution with decaying noise, a block at a time.

The impulse response is cut into pieces as long as a block, so every block costs one forward transform, two
backward ones and a sum (uniformly partitioned overlap-save convolution, W. Gardner, "Efficient convolution
without input-output delay", JAES 1995).
"""

from __future__ import annotations

import numpy as np

from aimusicverse.engines.studio.genres import Space
from aimusicverse.engines.studio.synth.noise import band_noise
from aimusicverse.engines.studio.synth.partials import F32, RATE

_LONGEST_GAP = int(0.02 * RATE)


class Room:
    """Mono blocks of `block` samples in, stereo (2, block) out; the tail carries over."""

    def __init__(self, space: Space, block: int) -> None:
        response = _response(space)
        pieces = -(-response.shape[1] // block)
        padded = np.zeros((2, pieces * block), np.float32)
        padded[:, : response.shape[1]] = response * np.float32(10 ** (space.level_db / 20))
        self._pieces = np.fft.rfft(padded.reshape(2, pieces, block), 2 * block).astype(np.complex64)
        self._spectra = np.zeros((pieces, block + 1), np.complex64)
        self._before = np.zeros(block, np.float32)
        self._block = block

    def process(self, send: F32) -> F32:
        """The room's answer to a block."""
        self._spectra = np.roll(self._spectra, 1, axis=0)
        self._spectra[0] = np.fft.rfft(np.concatenate([self._before, send]))
        self._before = send.copy()
        wet = np.einsum("pf,cpf->cf", self._spectra, self._pieces)
        return np.asarray(np.fft.irfft(wet, 2 * self._block)[:, self._block :], np.float32)


def _response(space: Space) -> F32:
    """Noise in three bands, the higher ones dying sooner, after a short gap; energy 1 in each ear."""
    length = int(space.seconds * RATE)
    time = np.arange(length, dtype=np.float32) / RATE
    ears = []
    for ear in range(2):
        random = np.random.Generator(np.random.PCG64(1000 + ear))
        sound = np.zeros(length, np.float32)
        for low, high, share, weight in (
            (150, 700, 1.0, 0.7),
            (700, 2500, 0.85, 1.0),
            (2500, space.darkness, 0.5, 0.6),
        ):
            rate = np.float32(-6.9 / (space.seconds * share))
            sound += np.float32(weight) * band_noise(length, low, high, random) * np.exp(time * rate)
        sound *= np.minimum(1, time / 0.01)
        sound /= np.sqrt(np.sum(sound * sound))
        gap = int((0.012 + 0.003 * ear) * RATE)
        ears.append(np.pad(sound, (gap, _LONGEST_GAP - gap)))
    return np.stack(ears)
