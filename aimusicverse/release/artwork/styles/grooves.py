"""Grooves: woven lines around a centre, a ring for each section: long ones are wide, strong ones wild."""

from __future__ import annotations

import numpy as np

from aimusicverse.release.artwork.canvas import U8, bands, blank, circle_noise, finished
from aimusicverse.release.artwork.palette import F32, to_srgb
from aimusicverse.release.artwork.scene import Scene


def paint(scene: Scene) -> U8:
    """Lines whose breadth follows a light from one side, as on a record."""
    palette, chance = scene.palette, scene.chance("grooves")
    side, picture = scene.side, blank(scene.side)
    middle = chance.choice([(0.5, 0.53), (0.5, 0.53), (0.3, 0.64), (0.98, 0.98), (0.5, 1.02)])
    x0, y0 = (float(value) for value in middle)
    corner = max(x0, 1 - x0), max(y0, 1 - y0)
    outer = 0.425 if y0 == 0.53 else 0.86 * float(np.hypot(*corner))
    inner = outer * float(chance.uniform(0.1, 0.2))
    ground = to_srgb(palette.at(0.04 if palette.night else 0.97))
    rings = _Rings(scene, inner, outer)
    first, second = circle_noise(chance, 5, 0.75), circle_noise(chance, 9, 0.85)
    light = float(chance.uniform(0, np.pi))
    for band in bands(side):
        dx, dy = band.x - np.float32(x0), band.y - np.float32(y0)
        far = np.sqrt(dx * dx + dy * dy)
        near, end = float(far.min()), float(far.max())
        rows = np.empty((*far.shape, 3), np.float32)
        rows[:] = ground
        if near < outer * 1.1 and end > inner * 0.8:
            angle = np.arctan2(dy, dx)
            wave = _around(first, angle) + rings.turn(far) * _around(second, angle)
            there = far + rings.reach(far) * wave
            phase = rings.phase(there)
            apart = np.abs(phase - np.floor(phase) - np.float32(0.5))
            shine = np.cos(angle - np.float32(light) + wave * np.float32(0.9)) ** 2
            breadth = (rings.least + (np.float32(0.43) - rings.least) * shine) * rings.inside(there)
            pixel = rings.density(there) / np.float32(side)
            cover = np.clip((breadth - apart) / np.maximum(pixel, 1e-4) + np.float32(0.5), 0, 1)
            cover *= breadth > 0.02
            rows += cover[..., None] * (rings.colours(there) - rows)
        rows += np.float32(0.5)
        picture[band.rows] = np.clip(rows, 0, 255, out=rows).astype(np.uint8)
    finished(picture, scene.chance("grain"), grain=2.2, vignette=0.1)
    return picture


def _around(noise: object, angle: F32) -> F32:
    """Noise of a circle through a table: finer than a pixel, and a tenth of the time."""
    table = noise(np.linspace(-np.pi, np.pi, 65537, dtype=np.float32))  # type: ignore[operator]
    return np.asarray(table[((angle + np.float32(np.pi)) * np.float32(65536 / (2 * np.pi))).astype(np.int32)])


class _Rings:
    """Everything that depends on the distance from the centre alone, as tables."""

    _SIZE = 4096

    def __init__(self, scene: Scene, inner: float, outer: float) -> None:
        traits, palette = scene.traits, scene.palette
        self._outer = outer * 1.15
        radius = np.linspace(0, self._outer, self._SIZE, dtype=np.float32)
        song = (radius - inner) / (outer - inner)
        which = np.clip(np.searchsorted([part.end for part in traits.parts], song), 0, len(traits.parts) - 1)
        strength = np.array([part.strength for part in traits.parts], np.float32)[which]
        lines = (34 + 56 * traits.density) / outer * (0.75 + 0.5 * strength)
        self._density = lines.astype(np.float32)
        self._phase = np.cumsum(lines * (radius[1] - radius[0])).astype(np.float32)
        kernel = np.hanning(301) / np.hanning(301).sum()
        calm = np.convolve(np.pad(strength, 150, "edge"), kernel, "valid")
        most = (0.006 + 0.05 * traits.energy) * outer / 0.455
        self._reach = (most * calm**1.6 * np.clip(song * 3, 0, 1)).astype(np.float32)
        self._turn = (0.3 + 0.9 * traits.roughness * calm).astype(np.float32)
        gap = np.float32(0.006)
        edges = np.array([part.start for part in traits.parts[1:]], np.float32)
        near = np.abs(song[:, None] - edges[None, :]).min(axis=1) if len(edges) else np.ones_like(song)
        within = np.clip(near / gap - 0.4, 0, 1) * ((song >= 0) & (song <= 1))
        self._inside = np.asarray(within, np.float32)
        self.least = np.float32(0.1 if palette.night else 0.17)
        light = palette.at(0.95 if palette.night else 0.05)
        groups = np.stack([palette.group(part.group) for part in traits.parts])
        if not palette.night:
            groups = groups * np.array([0.82, 1, 1], np.float32)
        lab = 0.86 * groups[which] + 0.14 * light
        self._colours = to_srgb(lab.astype(np.float32))

    def _at(self, table: F32, radius: F32) -> F32:
        place = np.clip(radius * np.float32((self._SIZE - 1) / self._outer), 0, self._SIZE - 1)
        return np.asarray(table[place.astype(np.int32)])

    def phase(self, radius: F32) -> F32:
        place = np.clip(radius * np.float32((self._SIZE - 1) / self._outer), 0, self._SIZE - 1.001)
        left = place.astype(np.int32)
        return np.asarray(self._phase[left] + (place - left) * (self._phase[left + 1] - self._phase[left]))

    def density(self, radius: F32) -> F32:
        return self._at(self._density, radius)

    def reach(self, radius: F32) -> F32:
        return self._at(self._reach, radius)

    def turn(self, radius: F32) -> F32:
        return self._at(self._turn, radius)

    def inside(self, radius: F32) -> F32:
        return self._at(self._inside, radius)

    def colours(self, radius: F32) -> F32:
        return self._at(self._colours, radius)
