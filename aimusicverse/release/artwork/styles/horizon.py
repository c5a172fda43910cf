"""Horizon: ridges behind ridges under a low sun or a moon, one for each section of the song."""

from __future__ import annotations

import numpy as np

from aimusicverse.release.artwork.canvas import U8, Band, bands, blank, finished, line_noise, smooth
from aimusicverse.release.artwork.palette import F32, to_srgb
from aimusicverse.release.artwork.scene import Scene

_MOST_RIDGES = 9


def paint(scene: Scene) -> U8:
    """Sky, sun, ridges from far to near, and a wood on the nearest."""
    picture, side = blank(scene.side), scene.side
    sky, sun = _Sky(scene), _Sun(scene)
    ridges = _ridges(scene)
    for band in bands(side):
        behind = max((n for n, ridge in enumerate(ridges) if ridge.lowest < band.y[0, 0]), default=None)
        if behind is None:
            rows = sky.rows(band)
            sun.shine(rows, band)
            first = 0
        else:
            rows = np.broadcast_to(ridges[behind].colours(band.y), (band.y.shape[0], side, 3)).astype(
                np.float32
            )
            first = behind + 1
        for ridge in ridges[first:]:
            ridge.cover(rows, band, side)
        rows += np.float32(0.5)
        picture[band.rows] = np.clip(rows, 0, 255, out=rows).astype(np.uint8)
    finished(picture, scene.chance("grain"), grain=2.6, vignette=0.16)
    return picture


class _Sky:
    def __init__(self, scene: Scene) -> None:
        palette = scene.palette
        span = (0.02, 0.62) if palette.night else (0.5, 0.98)
        places = np.linspace(0, 1, 256, dtype=np.float32)
        lab = palette.at(span[0] + (span[1] - span[0]) * places**1.3)
        glow = smooth(0.45, 1.0, places)[:, None] * np.float32(0.45)
        self._colours = to_srgb(lab * (1 - glow) + palette.accents[1] * glow)
        self._stars = None
        if palette.night:
            chance = scene.chance("stars")
            self._stars = chance.uniform(0, 1, (int(160 + 240 * (1 - scene.traits.energy)), 4)).astype(
                np.float32
            )

    def rows(self, band: Band) -> F32:
        height = np.clip(band.y[:, 0] / 0.72, 0, 1) * 255
        column = np.stack(
            [np.interp(height, np.arange(256), self._colours[:, n]) for n in range(3)], -1
        ).astype(np.float32)
        rows = np.repeat(column[:, None, :], band.x.shape[1], axis=1)
        if self._stars is not None:
            for x, y, size, light in self._stars:
                dot(
                    rows,
                    band,
                    float(x),
                    float(y) * 0.6,
                    0.0005 + 0.0011 * float(size) ** 4,
                    0.25 + 0.6 * float(light),
                )
        return rows


def dot(
    rows: F32, band: Band, x: float, y: float, radius: float, strength: float, colour: float | F32 = 255
) -> None:
    """A small round light, with an edge of one pixel."""
    side = band.x.shape[1]
    reach = radius + 1.5 / side
    top, bottom = int((y - reach) * side) - band.top, int((y + reach) * side) + 2 - band.top
    left, right = max(0, int((x - reach) * side)), int((x + reach) * side) + 2
    if bottom <= 0 or top >= rows.shape[0] or right <= 0 or left >= side:
        return
    top = max(0, top)
    there = rows[top:bottom, left:right]
    far = np.hypot(band.x[:, left:right] - x, band.y[top:bottom] - y)
    # Smaller than a pixel it is fainter, so that small pictures look alike.
    cover = np.clip((radius - far) * side + 0.5, 0, 1) * min(1.0, (2.2 * radius * side) ** 2) * strength
    there += cover[..., None] * (np.asarray(colour, np.float32) - there)


class _Sun:
    """High and warm in major, a pale moon in minor; larger in slow songs."""

    def __init__(self, scene: Scene) -> None:
        chance, traits, palette = scene.chance("sun"), scene.traits, scene.palette
        self.radius = float(0.16 - 0.07 * traits.energy + chance.uniform(-0.015, 0.03))
        self.x = float(chance.choice([0.33, 0.5, 0.5, 0.64]) + chance.uniform(-0.05, 0.05))
        self.y = float(chance.uniform(0.3, 0.42) + (0.06 if traits.minor else 0.0))
        # The warmer accent: reds and yellows have more of both of OKLab's axes.
        warm, other = sorted(palette.accents, key=lambda accent: -float(accent[1] + accent[2]))
        if palette.night:
            self.core, self.low = (
                to_srgb(0.85 * palette.at(0.97) + 0.15 * palette.at(1.0)),
                to_srgb(0.55 * palette.at(0.97) + 0.45 * other),
            )
        else:
            self.core, self.low = (
                to_srgb(0.7 * palette.at(1.0) + 0.3 * warm),
                to_srgb(0.3 * palette.at(1.0) + 0.7 * warm),
            )
        self.glow = to_srgb(0.5 * palette.accents[1] + 0.5 * palette.at(0.95))

    def shine(self, rows: F32, band: Band) -> None:
        far = np.sqrt((band.x - np.float32(self.x)) ** 2 + (band.y - np.float32(self.y)) ** 2)
        halo = np.exp(-((far / np.float32(2.4 * self.radius)) ** 2)) * np.float32(0.42)
        rows += halo[..., None] * (self.glow - rows)
        if band.meets(self.y - self.radius, self.y + self.radius):
            cover = np.clip((np.float32(self.radius) - far) * rows.shape[1] + 0.5, 0, 1)
            share = smooth(self.y - self.radius, self.y + self.radius, band.y)[..., None]
            rows += cover[..., None] * (self.core + (self.low - self.core) * share - rows)


class _Ridge:
    def __init__(self, top: F32, colours: F32, mist: F32, depth: float) -> None:
        self.top = top
        self.highest, self.lowest = float(top.min()), float(top.max())
        self._colours, self._mist, self._depth = colours, mist, depth

    def colours(self, y: F32) -> F32:
        """Clear at its top, in mist at its foot: (rows, 1, 3)."""
        share = smooth(self.highest, self.highest + self._depth, y)[..., None] * np.float32(0.8)
        return (self._colours * (1 - share) + self._mist * share).astype(np.float32)

    def cover(self, rows: F32, band: Band, side: int) -> None:
        if self.highest > band.y[-1, 0] + 1 / side:
            return
        from_row = max(0, int((self.highest - float(band.y[0, 0])) * side) - 1)
        there, y = rows[from_row:], band.y[from_row:]
        share = np.clip((y - self.top) * side + 0.5, 0, 1)
        there += share[..., None] * (self.colours(y) - there)


def _ridges(scene: Scene) -> list[_Ridge]:
    traits, palette, chance = scene.traits, scene.palette, scene.chance("ridges")
    count = int(np.clip(len(traits.parts), 4, _MOST_RIDGES))
    x = ((np.arange(scene.side, dtype=np.float32) + 0.5) / scene.side).astype(np.float32)
    sunk = palette.accents[1] * 0.35 + palette.at(0.62 if palette.night else 0.92) * 0.65
    ridges = []
    shape: F32
    for number in range(count):
        near = number / (count - 1)
        part = traits.parts[number * len(traits.parts) // count]
        gain = 0.38 + 0.1 * traits.roughness * (1 - 0.4 * near)
        reach = (0.025 + 0.075 * part.strength) * (0.7 + 0.7 * traits.roughness)
        if traits.roughness > 0.6:  # peaks: valleys are round, heights are not
            folded = np.abs(line_noise(chance, 2 + int(2 * near + traits.density), 7, gain)(x))
            shape = np.float32(0.7) - np.float32(1.7) * folded
        else:
            shape = line_noise(chance, int(2 + 2 * near + 3 * traits.density), 7, gain)(x)
        top = np.float32(0.54 + 0.38 * near**1.1) - np.float32(reach) * shape
        if number == count - 1 and traits.roughness < 0.75:
            top = top - _wood(chance, x, density=0.5 + 0.5 * traits.density)
        tone = (0.55 - 0.55 * near) if palette.night else (0.8 - 0.78 * near)
        ridges.append(_Ridge(top.astype(np.float32), to_srgb(palette.at(tone)), to_srgb(sunk), 0.3))
    return ridges


def _wood(chance: np.random.Generator, x: F32, density: float) -> F32:
    """How high the trees of a ridge stand at each place."""
    high = np.zeros_like(x)
    stands = line_noise(chance, 5, 3, 0.5)
    for middle in chance.uniform(0, 1, int(260 * density)):
        room = float(stands(np.array([middle], np.float32))[0])
        tall = chance.uniform(0.012, 0.045) * (0.55 + room)
        if tall < 0.008:
            continue
        wide = tall * chance.uniform(0.2, 0.3)
        left, right = np.searchsorted(x, (middle - wide, middle + wide))
        place = np.abs(x[left:right] - middle) / wide
        steps = 1 - place + 0.09 * (np.mod(place * 5, 1) - 0.5) * (place > 0.1)
        high[left:right] = np.maximum(high[left:right], np.float32(tall) * steps)
    return high
