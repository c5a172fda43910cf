"""Aura: light through grain, soft fields of colour and one clear body that throws it."""

from __future__ import annotations

import numpy as np

from aimusicverse.release.artwork.canvas import (
    U8,
    band_of,
    bands,
    blank,
    field,
    finished,
    small_colours,
    smooth,
)  # fmt: skip
from aimusicverse.release.artwork.palette import F32
from aimusicverse.release.artwork.scene import Scene

_SMALL = 240


def paint(scene: Scene) -> U8:
    """The soft part is small and enlarged; the body's edge is drawn at full size."""
    palette, side = scene.palette, scene.side
    picture = blank(side)
    soft = small_colours(_light(scene))
    bodies = _bodies(scene)
    insides = [small_colours(body.inside(scene)) for body in bodies]
    for band in bands(side):
        planes = np.stack([band_of(plane, band, side) for plane in soft], -1)
        for body, inside in zip(bodies, insides, strict=True):
            if not band.meets(body.y - body.radius, body.y + body.radius):
                continue
            far = np.sqrt((band.x - np.float32(body.x)) ** 2 + (band.y - np.float32(body.y)) ** 2)
            cover = np.clip((np.float32(body.radius) - far) * side + 0.5, 0, 1)
            cover = (cover * band_of(body.solid(), band, side))[..., None]
            planes += cover * (np.stack([band_of(plane, band, side) for plane in inside], -1) - planes)
        picture[band.rows] = np.clip(planes + np.float32(0.5), 0, 255).astype(np.uint8)
    finished(picture, scene.chance("grain"), grain=5.0 if palette.night else 4.2, vignette=0.08)
    return picture


def _places() -> tuple[F32, F32]:
    row = (np.arange(_SMALL, dtype=np.float32) + 0.5) / _SMALL
    x, y = np.meshgrid(row, row)
    return np.asarray(x, np.float32), np.asarray(y, np.float32)


def _light(scene: Scene) -> F32:
    """Blots of light, bent by clouds, in the order of the song's sections; OKLab."""
    traits, palette, chance = scene.traits, scene.palette, scene.chance("light")
    x, y = _places()
    bend = 0.06 + 0.07 * traits.energy
    cells = int(1 + 2 * traits.density)
    x = x + bend * field(chance, cells, _SMALL, 2, 0.4)
    y = y + bend * field(chance, cells, _SMALL, 2, 0.4)
    ground = palette.at(0.05 if palette.night else 0.93)
    total = np.broadcast_to(ground, (_SMALL, _SMALL, 3)).astype(np.float32)
    turn = float(chance.uniform(0, 2 * np.pi))
    for part in traits.parts:
        angle = turn + part.start * 4.6
        away = 0.12 + 0.36 * chance.uniform(0.3, 1)
        px, py = 0.5 + away * np.cos(angle), 0.5 + away * np.sin(angle)
        wide = 0.13 + 0.8 * part.length * (0.5 + part.strength)
        share = np.exp(
            -((x - np.float32(px)) ** 2 + (y - np.float32(py)) ** 2) / np.float32(2 * min(wide, 0.3) ** 2)
        )
        strength = np.float32(0.45 + 0.5 * part.strength)
        total += (share * strength)[..., None] * (palette.group(part.group) - total)
    return total.astype(np.float32)


class _Body:
    def __init__(self, x: float, y: float, radius: float, towards: float, tone: int) -> None:
        self.x, self.y, self.radius = x, y, radius
        self._towards, self._tone = towards, tone

    def _along(self) -> F32:
        """From about -1 on its dark side to 1 on its lit one."""
        x, y = _places()
        across = (x - self.x) * np.cos(self._towards) + (y - self.y) * np.sin(self._towards)
        return np.asarray(across / self.radius, np.float32)

    def solid(self) -> F32:
        """How much of it is there: its dark side is lost in what lies behind."""
        return smooth(-1.0, 0.35, self._along())

    def inside(self, scene: Scene) -> F32:
        """From its own colour to the light on its edge; OKLab."""
        palette, along = scene.palette, self._along()
        low, high = palette.accents[self._tone % 2], palette.at(1.0)
        colour = low + (high - low) * (np.float32(0.75) * smooth(0.1, 1.15, along))[..., None]
        return np.asarray(colour, np.float32)


def _bodies(scene: Scene) -> list[_Body]:
    """One, or two that overlap where the song has many parts."""
    traits, chance = scene.traits, scene.chance("bodies")
    towards = float(chance.uniform(-2.6, -0.5))
    groups = len({part.group for part in traits.parts})
    radius = float(chance.uniform(0.2, 0.28))
    if groups < 4 or chance.random() < 0.5:
        return [_Body(0.5, float(chance.uniform(0.42, 0.5)), radius, towards, 0)]
    dx, dy = 0.62 * radius * np.cos(towards + 1.6), 0.62 * radius * np.sin(towards + 1.6)
    return [
        _Body(0.5 - float(dx), 0.46 - float(dy), radius, towards, 1),
        _Body(0.5 + float(dx), 0.46 + float(dy), radius * 0.82, towards + np.pi, 0),
    ]
