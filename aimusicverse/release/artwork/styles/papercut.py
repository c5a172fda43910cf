"""Papercut: sheets of coloured paper with their shadows, cut into arches, waves, hollows or facets."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from aimusicverse.release.artwork.canvas import U8, circle_noise, field, finished, line_noise, mask
from aimusicverse.release.artwork.palette import F32, to_colour
from aimusicverse.release.artwork.scene import Scene

_SHADOW_SIDE = 375
_BEYOND = 40


def paint(scene: Scene) -> U8:
    """From the sheet at the back to the one in front; the cut in each is larger than in the one behind."""
    traits, palette, chance = scene.traits, scene.palette, scene.chance("sheets")
    side = scene.side
    count = int(np.clip(len(traits.parts), 5, 9))
    kind = _kind(scene)
    shapes = kind(scene.chance("cuts"), count, traits.density)
    deep, front = (0.98, 0.03) if palette.night else (0.06, 0.96)
    if chance.random() < 0.35:
        deep, front = front, deep
    picture = Image.new("RGB", (side, side), to_colour(palette.at(deep)))
    _sun(scene, picture, above=kind is _waves)
    accent = int(chance.integers(1, count - 1))
    # Light comes from above, from one side; for waves from below, or their shadows would fall on nothing.
    fall = float(chance.choice([-0.012, 0.012])), (-0.014 if kind is _waves else 0.016)
    for number, shape in enumerate(shapes):
        share = (number + 1) / count
        lab = palette.at(deep + (front - deep) * share)
        if number == accent:
            lab = palette.accents[0]
        elif number == (accent + 2) % count and number != count - 1:
            lab = 0.7 * palette.accents[1] + 0.3 * lab
        _lay(picture, shape, to_colour(np.asarray(lab, np.float32)), fall, side)
    pixels = np.array(picture)
    _fibres(pixels, scene)
    finished(pixels, scene.chance("grain"), grain=2.4, vignette=0.06)
    return pixels


Outline = list[tuple[float, float]]
#: Random numbers, how many sheets, density → the holes in each sheet.
Kind = Callable[[np.random.Generator, int, float], list[list[Outline]]]


def _lay(picture: Image.Image, cuts: list[Outline], colour: tuple[int, int, int], fall: tuple[float, float],
         side: int) -> None:  # fmt: skip
    """One sheet with holes, and what its edges throw on what lies behind."""

    left, top, right, bottom = _around(cuts, side)  # beyond that the sheet is whole

    def draw_sheet(pen: ImageDraw.ImageDraw, size: int) -> None:
        pen.rectangle((0, 0, size, size), fill=255)
        for cut in cuts:
            pen.polygon([(x * size, y * size) for x, y in cut], fill=0)

    small = mask(_SHADOW_SIDE, draw_sheet)
    # The sheet goes on beyond the picture as it meets the edge.
    beyond = Image.fromarray(np.pad(np.asarray(small), _BEYOND, "edge"))
    far, near = (_moved(beyond, fall, share, blur) for share, blur in ((1.0, 0.018), (0.33, 0.005)))
    shade = Image.blend(far, near, 0.45).point(lambda value: value * 0.6)
    scale = _SHADOW_SIDE / side
    size = (right - left, bottom - top)
    box = (left * scale, top * scale, right * scale, bottom * scale)
    behind = picture.crop((left, top, right, bottom))
    behind.paste((6, 6, 16), (0, 0), shade.resize(size, Image.Resampling.BICUBIC, box=box))
    holes = Image.new("L", (2 * size[0], 2 * size[1]), 0)
    pen = ImageDraw.Draw(holes)
    for cut in cuts:
        pen.polygon([(2 * (x * side - left), 2 * (y * side - top)) for x, y in cut], fill=255)
    picture.paste(colour, (0, 0, side, side))
    picture.paste(behind, (left, top), holes.reduce(2))


def _around(cuts: list[Outline], side: int) -> tuple[int, int, int, int]:
    """Pixels within which all holes of a sheet are: left, top, right, bottom."""
    across, down = ([point[axis] * side for cut in cuts for point in cut] for axis in (0, 1))
    left, top = (min(side - 1, max(0, floor(min(edges)) - 1)) for edges in (across, down))
    right, bottom = (min(side, max(1, ceil(max(edges)) + 1)) for edges in (across, down))
    return left, top, right, bottom


def _moved(sheet: Image.Image, fall: tuple[float, float], share: float, blur: float) -> Image.Image:
    """A shadow: a sheet out of focus, a little aside, of the picture's own extent."""
    soft = sheet.filter(ImageFilter.GaussianBlur(blur * _SHADOW_SIDE))
    left, top = (_BEYOND - share * way * _SHADOW_SIDE for way in fall)
    to = (1, 0, left, 0, 1, top)
    return soft.transform((_SHADOW_SIDE, _SHADOW_SIDE), Image.Transform.AFFINE, to, Image.Resampling.BILINEAR)


def _sun(scene: Scene, picture: Image.Image, above: bool) -> None:
    """A disc on the sheet at the back, seen through all cuts."""
    side, chance = scene.side, scene.chance("disc")
    radius = float(chance.uniform(0.09, 0.14) if above else chance.uniform(0.05, 0.1))
    x, y = (float(chance.uniform(0.25, 0.75)), float(chance.uniform(0.24, 0.34))) if above else (0.5, 0.5)

    def draw(pen: ImageDraw.ImageDraw, size: int) -> None:
        pen.ellipse([size * at for at in (x - radius, y - radius, x + radius, y + radius)], fill=255)

    picture.paste(to_colour(scene.palette.accents[1]), mask=mask(side, draw))


def _kind(scene: Scene) -> Kind:
    """Facets for what is rough, arches for what is major."""
    if scene.traits.roughness > 0.6:
        return _facets
    kinds = (_hollows, _waves) if scene.traits.minor else (_arches, _hollows, _waves)
    return kinds[int(scene.chance("kind").integers(len(kinds)))]


def _hollows(chance: np.random.Generator, count: int, density: float) -> list[list[Outline]]:
    """Round holes with wavy edges."""
    angle = np.linspace(0, 2 * np.pi, 900, endpoint=False, dtype=np.float32)
    shared = circle_noise(chance, 4, 0.7)(angle)
    shapes = []
    for number in range(count):
        share = (number + 1) / count
        own = circle_noise(chance, int(4 + 5 * density), 0.8)(angle)
        radius = 0.07 + 0.40 * share**0.9 + (0.045 * shared + 0.03 * own) * (0.35 + share)
        shapes.append([_points(0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle))])
    return shapes


def _facets(chance: np.random.Generator, count: int, density: float) -> list[list[Outline]]:
    """Holes with few corners, each turned against the next."""
    corners = int(5 + 6 * density)
    turn = float(chance.uniform(0, 2 * np.pi))
    shapes = []
    for number in range(count):
        share = (number + 1) / count
        angle = (
            turn
            + 0.22 * number
            + (np.arange(corners) + chance.uniform(-0.3, 0.3, corners)) * 2 * np.pi / corners
        )
        radius = (0.08 + 0.47 * share**0.95) * chance.uniform(0.8, 1.15, corners)
        shapes.append([_points(0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle))])
    return shapes


def _arches(chance: np.random.Generator, count: int, density: float) -> list[list[Outline]]:
    """Doors within doors."""
    around = np.linspace(np.pi, 2 * np.pi, 300, dtype=np.float32)
    foot = float(chance.uniform(0.86, 0.95))
    shapes = []
    for number in range(count):
        share = (number + 1) / count
        radius = 0.07 + 0.36 * share
        top = 0.52 - 0.02 * number
        x = np.concatenate([[0.5 - radius], 0.5 + radius * np.cos(around), [0.5 + radius]])
        y = np.concatenate([[foot], top + radius * np.sin(around), [foot]])
        shapes.append([_points(x, y)])
    return shapes


def _waves(chance: np.random.Generator, count: int, density: float) -> list[list[Outline]]:
    """What is above a wave is cut away: the sheets rise from the foot like a sea."""
    x = np.linspace(-0.02, 1.02, 900, dtype=np.float32)
    shapes = []
    for number in range(count):
        share = (number + 1) / count
        bumps = line_noise(chance, int(3 + 3 * density), 2, 0.35)
        y = 0.27 + 0.64 * share + (0.06 + 0.03 * density) * bumps(np.clip(x, 0, 1))
        outline = _points(x, y)
        shapes.append([[(-0.02, -0.02), *outline, (1.02, -0.02)]])
    return shapes


def _points(x: F32, y: F32) -> Outline:
    return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]


def _fibres(pixels: U8, scene: Scene) -> None:
    """The cloudiness of paper."""
    side = scene.side
    clouds = field(scene.chance("fibres"), 40, size=256, octaves=2) * 3
    paper = Image.fromarray(np.clip(clouds + 128, 0, 255).astype(np.uint8)).resize(
        (side, side), Image.Resampling.BILINEAR
    )
    shift = np.asarray(paper)
    for channel in range(3):
        there = pixels[..., channel]
        np.copyto(there, np.clip(there.astype(np.int16) + shift - 128, 0, 255).astype(np.uint8))
