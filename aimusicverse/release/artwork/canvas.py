"""What all styles draw with: places from 0 to 1, smooth noise, edges without steps, and grain.

Nothing depends on the number of pixels but grain: a small picture is a large one, smaller. Work goes through
bands of rows, so that memory is that of the picture and little more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from aimusicverse.release.artwork.palette import F32, to_srgb

U8 = NDArray[np.uint8]
#: Pixels of a band: its arrays stay in the processor's cache.
_BAND: Final = 300_000


@dataclass(frozen=True, slots=True)
class Band:
    """Rows `top` to `bottom` of a picture; `x` (1, side) and `y` (rows, 1) are middles of pixels, 0 to 1."""

    top: int
    bottom: int
    x: F32
    y: F32

    @property
    def rows(self) -> slice:
        """To index the picture with."""
        return slice(self.top, self.bottom)

    def meets(self, top: float, bottom: float) -> bool:
        """Whether a row of it lies between two heights, or a little beyond."""
        return float(self.y[-1, 0]) >= top - 0.01 and float(self.y[0, 0]) <= bottom + 0.01


def bands(side: int) -> Iterator[Band]:
    """The picture from top to bottom."""
    places = ((np.arange(side, dtype=np.float32) + 0.5) / side).astype(np.float32)
    height = max(1, _BAND // side)
    for top in range(0, side, height):
        bottom = min(side, top + height)
        yield Band(top, bottom, places[None, :], places[top:bottom, None])


def blank(side: int) -> U8:
    """A picture to fill."""
    return np.zeros((side, side, 3), np.uint8)


def smooth(edge_0: float, edge_1: float, value: F32) -> F32:
    """From 0 to 1 between two edges, without a corner at either."""
    share = np.clip((value - np.float32(edge_0)) / np.float32(edge_1 - edge_0), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def field(
    chance: np.random.Generator, cells: int, size: int = 192, octaves: int = 3, gain: float = 0.5
) -> F32:
    """Clouds: smooth noise (size, size), about -1 to 1, with `cells` bumps along a side."""
    total = np.zeros((size, size), np.float32)
    weight, most = 1.0, 0.0
    for octave in range(octaves):
        across = cells * 2**octave + 3
        grid = Image.fromarray(chance.standard_normal((across, across), dtype=np.float32))
        total += weight * np.asarray(grid.resize((size, size), Image.Resampling.BICUBIC))
        most += weight**2
        weight *= gain
    return (total / np.float32(1.6 * most**0.5)).astype(np.float32)


def band_of(small: F32, band: Band, side: int) -> F32:
    """A small square field, enlarged smoothly to the picture, these rows of it."""
    size = small.shape[0]
    box = (0, band.top * size / side, size, band.bottom * size / side)
    picture = Image.fromarray(small).resize((side, band.bottom - band.top), Image.Resampling.BICUBIC, box=box)
    return np.asarray(picture)


def sample(small: F32, x: F32, y: F32) -> F32:
    """A small square field at places from 0 to 1, between its cells as a plane."""
    size = small.shape[0]
    column, row = np.clip(x * (size - 1), 0, size - 1.001), np.clip(y * (size - 1), 0, size - 1.001)
    left, top = column.astype(np.int32), row.astype(np.int32)
    to_right, down = column - left, row - top
    above = small[top, left] * (1 - to_right) + small[top, left + 1] * to_right
    below = small[top + 1, left] * (1 - to_right) + small[top + 1, left + 1] * to_right
    return np.asarray(above * (1 - down) + below * down, np.float32)


def line_noise(chance: np.random.Generator, cells: int, octaves: int, gain: float) -> Callable[[F32], F32]:
    """Noise along a line from 0 to 1, about -1 to 1."""
    tables = [chance.standard_normal(cells * 2**octave + 2).astype(np.float32) for octave in range(octaves)]
    scale = 1.5 * sum(gain ** (2 * octave) for octave in range(octaves)) ** 0.5

    def noise(x: F32) -> F32:
        total = np.zeros_like(x)
        for octave, table in enumerate(tables):
            place = np.clip(x, 0, 1) * (len(table) - 2)
            left = place.astype(np.int32)
            share = place - left
            share = share * share * (3 - 2 * share)
            total += np.float32(gain**octave) * (table[left] * (1 - share) + table[left + 1] * share)
        return (total / np.float32(scale)).astype(np.float32)

    return noise


def circle_noise(chance: np.random.Generator, waves: int, gain: float) -> Callable[[F32], F32]:
    """Noise around a circle, of an angle in radians, about -1 to 1, that closes."""
    shifts = chance.uniform(0, 2 * np.pi, waves)
    weights = np.array([gain**wave for wave in range(waves)]) * chance.uniform(0.6, 1.4, waves)
    weights /= np.abs(weights).sum() ** 0.5 * (weights**2).sum() ** 0.25

    def noise(angle: F32) -> F32:
        return sum(
            (
                np.float32(weight) * np.sin((wave + 1) * angle + np.float32(shift))
                for wave, (weight, shift) in enumerate(zip(weights, shifts, strict=True))
            ),
            np.zeros_like(angle),
        )

    return noise


def mask(side: int, draw: Callable[[ImageDraw.ImageDraw, int], None], finer: int = 2) -> Image.Image:
    """What `draw` draws in white at a size it is told, as a mask whose edges have no steps."""
    large = Image.new("L", (side * finer, side * finer), 0)
    draw(ImageDraw.Draw(large), side * finer)
    return large.reduce(finer)


def small_colours(lab: F32) -> F32:
    """A small OKLab picture as sRGB from 0 to 255, three planes (3, size, size) to be enlarged."""
    return np.ascontiguousarray(np.moveaxis(to_srgb(lab), -1, 0))


def finished(picture: U8, chance: np.random.Generator, grain: float, vignette: float = 0.0) -> None:
    """Lay grain over a picture, and darken its corners a little, in place. `grain` is in steps of 255.

    Grain also hides the steps of slow gradients.
    """
    side = picture.shape[0]
    for band in bands(side):
        rows = picture[band.rows].astype(np.float32)
        if vignette:
            far = (band.x - 0.5) ** 2 + (band.y - 0.5) ** 2
            rows *= (1 - np.float32(vignette) * smooth(0.15, 0.55, far))[..., None]
        rows += np.float32(grain) * chance.standard_normal((*rows.shape[:2], 1), dtype=np.float32)
        rows += np.float32(0.5)
        np.clip(rows, 0, 255, out=rows)
        picture[band.rows] = rows.astype(np.uint8)
