"""Flow: long strokes of a brush that follow one current; fast songs swirl, slow ones drift."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from aimusicverse.release.artwork.canvas import U8, blank, field, finished, sample
from aimusicverse.release.artwork.palette import F32, to_srgb
from aimusicverse.release.artwork.scene import Scene

_STEPS = 56
_HAIRS = 7
_FINER = 2
_STRIPS = 5


def paint(scene: Scene) -> U8:
    """Strokes from broad to narrow over a ground; each is some hairs side by side, a little apart in tone."""
    palette, side = scene.palette, scene.side
    outlines, colours = _hairs(scene)
    tops, bottoms = outlines[..., 1].min(axis=1), outlines[..., 1].max(axis=1)
    ground = tuple(int(value) for value in to_srgb(palette.at(0.06 if palette.night else 0.93)))
    picture = blank(side)
    edges = [round(side * strip / _STRIPS) for strip in range(_STRIPS + 1)]
    for top, bottom in pairwise(edges):
        if bottom == top:
            continue
        large = Image.new("RGB", (side * _FINER, (bottom - top) * _FINER), ground)
        pen = ImageDraw.Draw(large)
        there = np.flatnonzero((tops * side <= bottom) & (bottoms * side >= top))
        scaled = (outlines[there] * (side * _FINER)).astype(np.float32)
        scaled[..., 1] -= top * _FINER
        for outline, colour in zip(scaled, colours[there], strict=True):
            pen.polygon(outline.ravel().tolist(), fill=(int(colour[0]), int(colour[1]), int(colour[2])))
        picture[top:bottom] = np.asarray(large.reduce(_FINER))
    finished(picture, scene.chance("grain"), grain=2.6, vignette=0.1)
    return picture


def _hairs(scene: Scene) -> tuple[F32, F32]:
    """Outlines (hairs, 2 × steps, 2) from 0 to 1, and their colours (hairs, 3) in sRGB."""
    traits, chance = scene.traits, scene.chance("flow")
    count = int(520 + 480 * traits.density)
    cells = int(1 + round(1.5 * traits.energy))
    swirl = 0.7 + 1.5 * traits.energy
    bent = field(chance, cells, 192, 2 + int(2 * traits.roughness), 0.35)
    towards = float(chance.uniform(-0.6, 0.6)) + (np.pi / 2 if chance.random() < 0.25 else 0)
    tones = field(chance, 2, 192, 2, 0.5)
    start = chance.uniform(-0.15, 1.15, (count, 2)).astype(np.float32)
    broad = np.sort(chance.uniform(0.35, 1, count).astype(np.float32) ** 1.6)[::-1] * 0.03
    long = (0.0063 + 0.0046 * (1 - traits.density)) * chance.uniform(0.6, 1.3, count)
    path = np.empty((count, _STEPS, 2), np.float32)
    normal = np.empty_like(path)
    at = start.copy()
    for step in range(_STEPS):
        angle = towards + swirl * np.float32(np.pi) * 0.6 * sample(bent, at[:, 0], at[:, 1])
        path[:, step] = at
        normal[:, step] = np.stack([-np.sin(angle), np.cos(angle)], -1)
        at = at + (np.stack([np.cos(angle), np.sin(angle)], -1) * long[:, None]).astype(np.float32)
    share = np.linspace(0, 1, _STEPS, dtype=np.float32)
    taper = np.minimum(1, share * 9) ** 0.5 * np.minimum(1, (1 - share) * 3.2) ** 0.6
    outlines = np.empty((count, _HAIRS, 2 * _STEPS, 2), np.float32)
    for hair in range(_HAIRS):
        middle = (hair + 0.5) / _HAIRS * 2 - 1
        wobble = chance.uniform(0.75, 1.25, (count, 1, 1)).astype(np.float32)
        reach = broad[:, None, None] * taper[None, :, None]
        edge = reach * (wobble / _HAIRS) * 1.1
        line = path + normal * reach * np.float32(middle)
        outlines[:, hair, :_STEPS] = line + normal * edge
        outlines[:, hair, _STEPS:] = (line - normal * edge)[:, ::-1]
    return outlines.reshape(-1, 2 * _STEPS, 2), _colours(scene, chance, path[:, _STEPS // 2], tones)


def _colours(scene: Scene, chance: np.random.Generator, middles: F32, tones: F32) -> F32:
    """By place, with the colours of the song's parts strewn in as long as they are."""
    traits, palette = scene.traits, scene.palette
    count = len(middles)
    tone = 0.5 + 0.42 * sample(tones, np.clip(middles[:, 0], 0, 1), np.clip(middles[:, 1], 0, 1))
    tone = tone + chance.normal(0, 0.1, count)
    tone = tone * 0.8 if palette.night else 0.25 + 0.75 * tone
    lab = palette.at(np.asarray(tone, np.float32))
    lengths = np.array([part.length * part.strength for part in traits.parts])
    which = chance.choice(len(lengths), count, p=lengths / lengths.sum())
    groups = np.stack([palette.group(part.group) for part in traits.parts])
    strewn = chance.random(count) < 0.34
    lab[strewn] = groups[which[strewn]]
    hairs = np.repeat(lab[:, None, :], _HAIRS, axis=1)
    hairs[..., 0] += chance.normal(0, 0.028, (count, _HAIRS)).astype(np.float32)
    return np.clip(to_srgb(hairs.reshape(-1, 3)), 0, 255)
