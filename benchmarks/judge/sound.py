"""A recording as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile


@dataclass(frozen=True, slots=True)
class Sound:
    """`samples`: (channels, N) float32, ±1 is full scale; `rate` in Hz."""

    samples: Any
    rate: int

    @classmethod
    def read(cls, path: Path) -> Sound:
        """All of a file."""
        table, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
        return cls(np.ascontiguousarray(table.T), rate)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return float(self.samples.shape[1] / self.rate)

    @property
    def mono(self) -> Any:
        """(N,) mean of the channels."""
        return self.samples.mean(axis=0)
