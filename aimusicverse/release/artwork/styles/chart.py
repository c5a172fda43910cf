"""Chart: the song as a constellation on a star chart. Sections are its stars, the strong ones large."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from aimusicverse.release.artwork.canvas import (
    U8,
    band_of,
    bands,
    blank,
    field,
    finished,
    mask,
    small_colours,
    smooth,
)  # fmt: skip
from aimusicverse.release.artwork.palette import F32, to_colour, to_srgb
from aimusicverse.release.artwork.scene import Scene
from aimusicverse.release.artwork.styles.horizon import dot

_SMALL = 240
Points = list[tuple[float, float]]


def paint(scene: Scene) -> U8:
    """Sky, small stars, circles of the chart, and the song over them."""
    palette, side = scene.palette, scene.side
    picture = blank(side)
    sky = small_colours(_sky(scene))
    chance = scene.chance("stars")
    stars = chance.uniform(0, 1, (int(500 + 900 * scene.traits.density), 4))
    ink = to_srgb(palette.at(1.0 if palette.night else 0.04))
    for band in bands(side):
        rows = np.stack([band_of(plane, band, side) for plane in sky], -1)
        for x, y, size, light in stars:
            dot(rows, band, x, y, 0.0005 + 0.002 * size**7, 0.25 + 0.65 * light, ink)
        picture[band.rows] = np.clip(rows + np.float32(0.5), 0, 255).astype(np.uint8)
    drawn = Image.fromarray(picture)
    _draw_chart(scene, drawn)
    pixels = np.array(drawn)
    finished(pixels, scene.chance("grain"), grain=2.4, vignette=0.18 if palette.night else 0.08)
    return pixels


def _sky(scene: Scene) -> F32:
    palette, chance = scene.palette, scene.chance("sky")
    row = (np.arange(_SMALL, dtype=np.float32) + 0.5) / _SMALL
    x, y = np.meshgrid(row, row)
    slope = float(chance.uniform(-0.9, 0.9))
    clouds = field(chance, 4, _SMALL, 5, 0.55)
    way = np.abs((y - 0.5) - np.float32(slope) * (x - 0.5) + 0.1 * field(chance, 2, _SMALL, 2)) / np.hypot(
        1, slope
    )
    milk = np.exp(-((way / np.float32(0.2)) ** 2)) * (0.55 + 0.45 * clouds)
    low, high = (0.02, 0.42) if palette.night else (0.98, 0.74)
    share = np.clip(0.18 * smooth(0, 1, np.asarray(y, np.float32)) + 0.7 * milk, 0, 1)
    lab = palette.at(low + (high - low) * share)
    tint = np.clip(milk - 0.45, 0, 1)[..., None] * np.float32(0.55)
    return np.asarray(lab + tint * (palette.accents[0] - lab), np.float32)


def _draw_chart(scene: Scene, picture: Image.Image) -> None:
    palette, side, chance = scene.palette, scene.side, scene.chance("chart")
    points = _constellation(scene)
    beside = _companions(scene, points)
    ink = to_colour(palette.at(0.98 if palette.night else 0.06))
    pole = float(chance.uniform(0.3, 0.7)), float(chance.uniform(0.35, 0.6))
    turn = float(chance.uniform(0, 2 * np.pi))

    def circles(pen: ImageDraw.ImageDraw, size: int) -> None:
        thin = max(1, round(size * 0.0011))
        for number in range(1, 8):
            radius = 0.115 * number
            box = tuple(size * (at + sign * radius) for sign in (-1, 1) for at in pole)
            pen.ellipse(box, outline=90 if number % 2 else 130, width=thin)
        for ray in range(12):
            angle = turn + ray * np.pi / 6
            ends = [
                (size * (pole[0] + r * np.cos(angle)), size * (pole[1] + r * np.sin(angle)))
                for r in (0.115, 1.5)
            ]
            pen.line(ends, fill=64, width=thin)
        for beat in range(144):
            angle = turn + beat * np.pi / 72
            near = 0.345 - (0.014 if beat % 12 == 0 else 0.006)
            ends = [
                (size * (pole[0] + r * np.cos(angle)), size * (pole[1] + r * np.sin(angle)))
                for r in (near, 0.345)
            ]
            pen.line(ends, fill=150, width=thin)

    def lines(pen: ImageDraw.ImageDraw, size: int) -> None:
        broad = max(1, round(size * 0.0024))
        for _, x, y in beside:
            pen.ellipse([size * at for at in (x - 0.005, y - 0.005, x + 0.005, y + 0.005)], fill=255)
        ways = [*pairwise(points), *((points[of], (x, y)) for of, x, y in beside)]
        for (x, y), (next_x, next_y) in ways:
            far = float(np.hypot(next_x - x, next_y - y)) or 1.0
            gap = min(0.3, 0.035 / far)
            ends = [(x + (next_x - x) * share, y + (next_y - y) * share) for share in (gap, 1 - gap)]
            pen.line([(size * end_x, size * end_y) for end_x, end_y in ends], fill=235, width=broad)

    picture.paste(ink, mask=mask(side, circles))
    picture.paste(ink, mask=mask(side, lines))
    _stars(scene, picture, points)


def _stars(scene: Scene, picture: Image.Image, points: Points) -> None:
    """One for each section, in the colour of its label, with a glow at night."""
    palette, side = scene.palette, scene.side
    core = to_srgb(palette.at(1.0 if palette.night else 0.06))
    for (x, y), part in zip(points, scene.traits.parts, strict=False):
        radius = 0.006 + 0.012 * part.strength
        reach = round(side * radius * 4)
        left, top = max(0, round(x * side) - reach), max(0, round(y * side) - reach)
        right, bottom = min(side, round(x * side) + reach), min(side, round(y * side) + reach)
        there = np.asarray(picture.crop((left, top, right, bottom)), np.float32)
        px = (np.arange(left, right, dtype=np.float32) + 0.5)[None, :] / side - np.float32(x)
        py = (np.arange(top, bottom, dtype=np.float32) + 0.5)[:, None] / side - np.float32(y)
        far = np.hypot(px, py)
        colour = to_srgb(palette.group(part.group))
        glow = np.exp(-((far / np.float32(1.7 * radius)) ** 2)) * np.float32(0.75 if palette.night else 0.3)
        there = there + glow[..., None] * (colour - there)
        body = np.clip((np.float32(radius) - far) * side + 0.5, 0, 1)[..., None]
        there += body * (colour - there)
        heart = np.clip((np.float32(radius * 0.5) - far) * side + 0.5, 0, 1)[..., None]
        there += heart * (core - there)
        if part.strength > 0.8:  # rays
            slim = np.float32(0.0011)
            for one, other in ((px, py), (py, px)):
                fade = np.clip(1 - np.abs(one) / np.float32(3.4 * radius), 0, 1)
                ray = np.clip((slim * fade - np.abs(other)) * side + 0.5, 0, 1) * (fade > 0)
                there += (ray * np.float32(0.9))[..., None] * (core - there)
        picture.paste(Image.fromarray(np.clip(there + 0.5, 0, 255).astype(np.uint8)), (left, top))


def _constellation(scene: Scene) -> Points:
    """Time goes from left to right along a bent way; a strong section stands a little higher."""
    traits, chance = scene.traits, scene.chance("constellation")
    tilt, bow = float(chance.uniform(-0.4, 0.4)), float(chance.choice([-1, 1]) * chance.uniform(0.12, 0.24))
    turns, shift = float(chance.uniform(0.6, 1.3)), float(chance.uniform(0, 2 * np.pi))
    points = []
    for part in traits.parts:
        middle = (part.start + part.end) / 2
        x = 0.12 + 0.76 * middle + chance.uniform(-0.045, 0.045)
        y = 0.5 + tilt * (middle - 0.5) + bow * np.sin(2 * np.pi * turns * middle + shift)
        y += -0.1 * (part.strength - 0.5) + chance.uniform(-1, 1) * (0.03 + 0.09 * traits.energy)
        points.append((float(np.clip(x, 0.08, 0.92)), float(np.clip(y, 0.14, 0.8))))
    return points


def _companions(scene: Scene, points: Points) -> list[tuple[int, float, float]]:
    """Small stars beside the strong ones: of which, and where."""
    chance = scene.chance("companions")
    found = []
    for number, part in enumerate(scene.traits.parts):
        if part.strength > 0.6 and chance.random() < 0.7:
            angle = chance.uniform(0, 2 * np.pi)
            far = chance.uniform(0.07, 0.13)
            x, y = points[number]
            found.append((number, float(x + far * np.cos(angle)), float(y + far * np.sin(angle))))
    return found
