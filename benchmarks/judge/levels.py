"""What is seen on the samples themselves: clipping, DC, silence, the ending, width, crest."""

from __future__ import annotations

import numpy as np

from benchmarks.judge.sound import Sound

_QUIET = 1e-3
_WINDOW_SECONDS = 0.05


def levels(sound: Sound) -> dict[str, float]:
    """Figures by name.

    - `clipped`: samples at full scale. `dc`: the larger mean of a channel.
    - `silence`: share of 50 ms windows below -60 dBFS.
    - `last_dbfs`: highest sample of the last 5 ms. `fall_db`: the last 3 s against the last 50 ms.
    - `width_db`: side against mid. `crest_db`: highest sample against root mean square.
    """
    samples = sound.samples.astype(np.float64)
    left, right = samples[0], samples[-1]
    size = round(_WINDOW_SECONDS * sound.rate)
    whole = samples.shape[1] // size * size
    windows = np.sqrt((samples[:, :whole] ** 2).mean(axis=0).reshape(-1, size).mean(axis=1))
    rms = float(np.sqrt((samples**2).mean()))
    ending = float(np.sqrt((samples[:, -size:] ** 2).mean()))
    before = float(np.sqrt((samples[:, -3 * sound.rate :] ** 2).mean()))
    return {
        "clipped": int((np.abs(samples) >= 1 - 2**-15).sum()),
        "dc": float(np.abs(samples.mean(axis=1)).max()),
        "silence": float((windows < _QUIET).mean()),
        "last_dbfs": _db(float(np.abs(samples[:, -sound.rate // 200 :]).max())),
        "fall_db": _db(before) - _db(ending),
        "width_db": _db(_rms((left - right) / 2)) - _db(_rms((left + right) / 2)),
        "crest_db": _db(float(np.abs(samples).max())) - _db(rms),
    }


def _rms(line: np.ndarray) -> float:  # type: ignore[type-arg]
    return float(np.sqrt((line**2).mean()))


def _db(value: float) -> float:
    return float(20 * np.log10(max(value, 1e-9)))
