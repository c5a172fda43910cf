"""The outline of a recording: the lowest and the highest sample of short stretches, to be drawn.

Kept as a file in the binary form of BBC `audiowaveform` (version 2, 16 bits, one channel), so that other
programs read it too. Source: `doc/DataFormat.md` of github.com/bbc/audiowaveform.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio import files
from aimusicverse.audio.errors import AudioError

#: The most points of an outline as it is kept: enough to draw any smaller number exactly.
MOST_POINTS = 1 << 16
_HEADER = struct.Struct("<iIiiIi")
_VERSION, _SIXTEEN_BITS = 2, 0
_FULL_SCALE = 32767


@dataclass(frozen=True, slots=True)
class Outline:
    """`samples_per_point` samples a point (in the last one fewer); `extremes`: (points, 2), lowest and
    highest, int16."""

    sample_rate: int
    samples_per_point: int
    extremes: NDArray[np.int16]

    def with_at_most(self, points: int) -> Outline:
        """The same in `points` points, or as few fewer as whole points of this one allow. Exact: every
        extreme is one of the samples in its stretch."""
        together = max(1, -(-len(self.extremes) // points))
        firsts = np.arange(0, len(self.extremes), together)
        low = np.minimum.reduceat(self.extremes[:, 0], firsts)
        high = np.maximum.reduceat(self.extremes[:, 1], firsts)
        return Outline(self.sample_rate, self.samples_per_point * together, np.stack([low, high], axis=1))


def outline(path: Path) -> Outline:
    """The outline of a file, all channels together, read block by block.

    Raises:
        AudioError: it is no sound, damaged, cut off, or empty.
    """
    about = files.probe(path)
    if not about.frames:
        raise AudioError("unreadable", f"there is no sound in {path.name}")
    width = max(1, -(-about.frames // MOST_POINTS))
    rows: list[NDArray[np.int16]] = []
    size = max(1, files.BLOCK // width) * width  # whole points: none lies in two blocks
    held: NDArray[np.float32] = np.zeros((about.channels, 0), np.float32)
    for block in files.blocks(path, size):
        held = np.concatenate([held, block], axis=1) if held.shape[1] else block
        whole = held.shape[1] // width * width
        if whole:
            rows.append(_extremes(held[:, :whole], width))
            held = held[:, whole:]
    if held.shape[1]:
        rows.append(_extremes(held, held.shape[1]))
    return Outline(about.sample_rate, width, np.concatenate(rows))


def _extremes(sound: NDArray[np.float32], width: int) -> NDArray[np.int16]:
    """(points, 2) of (channels, points × width)."""
    stretches = sound.reshape(len(sound), -1, width)
    both = np.stack([stretches.min(axis=(0, 2)), stretches.max(axis=(0, 2))], axis=1)
    both = np.nan_to_num(both, nan=0.0, posinf=1.0, neginf=-1.0)
    return np.asarray(np.rint(np.clip(both, -1, 1) * _FULL_SCALE), np.int16)


def dumps(found: Outline) -> bytes:
    """The file that keeps it."""
    header = _HEADER.pack(
        _VERSION, _SIXTEEN_BITS, found.sample_rate, found.samples_per_point, len(found.extremes), 1
    )
    return header + found.extremes.astype("<i2").tobytes()


def loads(data: bytes) -> Outline:
    """An outline from the bytes of its file.

    Raises:
        AudioError: they are none, or not all of them.
    """
    if len(data) < _HEADER.size:
        raise AudioError("truncated", "the outline has no header")
    version, flags, rate, width, points, channels = _HEADER.unpack_from(data)
    if (version, flags, channels) != (_VERSION, _SIXTEEN_BITS, 1) or rate <= 0 or width <= 0:
        raise AudioError("unreadable", "this is no outline of one channel with 16 bits")
    if len(data) != _HEADER.size + 4 * points:
        raise AudioError("truncated", "the outline does not have as many points as it says")
    return Outline(
        rate, width, np.frombuffer(data, "<i2", offset=_HEADER.size).reshape(-1, 2).astype(np.int16)
    )
