"""What waits in a file of the workspace, so that memory does not grow with the length of a piece: (2, N) as
interleaved float32."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from aimusicverse.engines.studio.synth.partials import F32

_FRAME_BYTES = 8  # two float32


def append(file: BinaryIO, block: F32) -> None:
    """Write a (2, N) block at the end."""
    file.write(np.ascontiguousarray(block.T).tobytes())


def blocks(path: Path, size: int) -> Iterator[F32]:
    """What was written, as (2, up to `size`) blocks."""
    with path.open("rb") as file:
        while data := file.read(size * _FRAME_BYTES):
            yield np.ascontiguousarray(np.frombuffer(data, np.float32).reshape(-1, 2).T)
