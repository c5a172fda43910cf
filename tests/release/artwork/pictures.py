"""What the tests of covers share: a song, and pictures to measure."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SECTIONS = (
    ("intro", 0.0, 12.0), ("verse", 12.0, 40.0), ("chorus", 40.0, 64.0), ("verse", 64.0, 92.0),
    ("chorus", 92.0, 116.0), ("bridge", 116.0, 132.0), ("chorus", 132.0, 160.0), ("outro", 160.0, 175.0),
)  # fmt: skip


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def pixels(content: bytes) -> NDArray[np.float64]:
    return np.asarray(opened(content).convert("RGB"), np.float64)


def distance(one: bytes, other: bytes) -> float:
    """Root mean square of what differs in pictures of 32 × 32, in steps of 255."""
    small = [
        np.asarray(opened(content).resize((32, 32), Image.Resampling.BOX), np.float64)
        for content in (one, other)
    ]
    return float(np.sqrt(((small[0] - small[1]) ** 2).mean()))


def correlation(one: bytes, other: bytes) -> float:
    """Of the forms alone, -1 to 1: lightness without its mean and strength."""
    small = []
    for content in (one, other):
        grey = np.asarray(opened(content).convert("L").resize((64, 64), Image.Resampling.BOX), np.float64)
        small.append((grey - grey.mean()) / (grey.std() + 1e-9))
    return float((small[0] * small[1]).mean())


def luminance(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """WCAG 2.2's relative luminance, by its own text and not by ours."""
    share = colours / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(0.2126 * linear[..., 0] + 0.7152 * linear[..., 1] + 0.0722 * linear[..., 2])
