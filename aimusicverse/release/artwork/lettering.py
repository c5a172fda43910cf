"""Letters on a picture, and their contrast with what is really behind them.

The measure is WCAG 2.2's contrast ratio (1.4.3: 4.5 to 1), for the worst pixel around any letter, not the
mean. Light or dark letters are taken, whichever needs less; where neither has enough contrast, the picture is
shaded from its edge, as little as is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from aimusicverse.release.artwork.canvas import U8, smooth
from aimusicverse.release.artwork.layout import Layout, blocks, placed
from aimusicverse.release.artwork.palette import F32, Palette, to_linear, to_srgb
from aimusicverse.release.artwork.scene import Scene

#: The rule asks for 4.5; JPEG changes pixels beside letters a little.
LEAST_CONTRAST: Final = 5.2
_WEIGHTS: Final = np.array([0.2126, 0.7152, 0.0722], np.float32)
_LIGHT: Final = to_linear(np.arange(256, dtype=np.float32))
#: How far the shade reaches beyond the letters, as a share of the side.
_FADE: Final = 0.2
_SHADES: Final = tuple(step / 20 for step in range(21))


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: where, in which colour, how much shade it took, and the worst contrast."""

    layout: Layout
    ink: tuple[int, int, int]
    shade: float
    contrast: float


def write(picture: Image.Image, scene: Scene, places: tuple[str, ...]) -> Written:
    """Write title and artist on a picture, in place.

    Raises:
        LetteringError: a text cannot be set.
    """
    side = scene.side
    found = blocks(scene.design.title, scene.design.artist, side)
    inks = _inks(scene.palette)
    layout = _best(picture, [placed(found, place, side) for place in places], inks)
    left, top, right, bottom = _around(layout.box, side, round(side * 0.02) + 2)
    mask = Image.new("L", (right - left, bottom - top), 0)
    pen = ImageDraw.Draw(mask)
    for line in layout.lines:
        pen.text((line.x - left, line.y - top), line.text, fill=255, font=line.font, anchor="ls")
    touched = mask.point(lambda value: 255 if value else 0)
    near = np.asarray(touched.filter(ImageFilter.BoxBlur(max(4, round(side * 0.006))))) > 0
    behind = np.asarray(picture.crop((left, top, right, bottom)))[near]
    shade, (ink, ground) = _choice(behind, inks)
    if shade:
        _lay_shade(picture, layout, ground, shade)
        behind = np.asarray(picture.crop((left, top, right, bottom)))[near]
    red, green, blue = (int(value) for value in ink)
    picture.paste((red, green, blue), (left, top), mask)
    return Written(layout, (red, green, blue), shade, _contrast(behind, ink))


def luminance(pixels: U8) -> F32:
    """Relative luminance of sRGB pixels (…, 3), 0 to 1 (WCAG 2.2)."""
    return np.asarray(_LIGHT[pixels] @ _WEIGHTS, np.float32)


def ratio(one: F32 | float, other: F32 | float) -> F32:
    """Contrast of two luminances, 1 to 21 (WCAG 2.2)."""
    return np.asarray((np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05), np.float32)


def _inks(palette: Palette) -> list[tuple[U8, U8]]:
    """Light letters with a dark ground to shade to, and the reverse."""
    light, dark = palette.at(1.0).copy(), palette.at(0.0).copy()
    light[0] = 0.4 * light[0] + 0.6
    dark[0] *= 0.75
    pale, deep = (np.clip(np.rint(to_srgb(lab)), 0, 255).astype(np.uint8) for lab in (light, dark))
    return [(pale, deep), (deep, pale)]


def _contrast(behind: U8, ink: U8) -> float:
    return float(ratio(luminance(behind), float(luminance(ink))).min())


def _shade_needed(behind: U8, ink: U8, ground: U8) -> float:
    """The least shade with which the worst pixel has contrast enough."""
    light = luminance(behind)
    # The worst are the lightest for light letters, and the darkest for dark ones.
    lighter = float(luminance(ink)) > float(luminance(ground))
    worst = behind[np.argsort(light)[-64:] if lighter else np.argsort(light)[:64]].astype(np.float32)
    for shade in _SHADES:
        shaded = np.rint(worst + np.float32(shade) * (ground - worst)).astype(np.uint8)
        if _contrast(shaded, ink) >= LEAST_CONTRAST:
            return shade
    return 1.0


def _choice(behind: U8, inks: list[tuple[U8, U8]]) -> tuple[float, tuple[U8, U8]]:
    """Shade, and which letters with which ground. A shade that goes against the picture is seen as one."""
    usual = float(np.median(luminance(behind)))

    def cost(choice: tuple[float, tuple[U8, U8]]) -> tuple[float, float]:
        shade, (ink, ground) = choice
        is_fog = float(luminance(ground)) > float(luminance(ink))
        against = usual < 0.2 if is_fog else usual > 0.45
        return shade * (2.0 if against else 1.2 if is_fog else 1.0), -_contrast(behind, ink)

    return min(((_shade_needed(behind, *each), each) for each in inks), key=cost)


def _best(picture: Image.Image, layouts: list[Layout], inks: list[tuple[U8, U8]]) -> Layout:
    """The place that needs least shade and is quietest; the first ones are better."""
    small = picture.reduce(max(1, picture.width // 300))
    scale = small.width / picture.width
    costs = []
    for rank, layout in enumerate(layouts):
        left, top, right, bottom = (round(edge * scale) for edge in layout.box)
        behind = np.asarray(small.crop((left, top, max(right, left + 1), max(bottom, top + 1)))).reshape(
            -1, 3
        )
        shade, _ = _choice(behind, inks)
        costs.append(shade + 1.5 * float(luminance(behind).std()) + 0.1 * rank)
    return layouts[int(np.argmin(costs))]


def _lay_shade(picture: Image.Image, layout: Layout, ground: U8, shade: float) -> None:
    """From the nearer edge to beyond the letters, and away from there."""
    side = picture.width
    _, top, _, bottom = layout.box
    room, fade = 0.03 * side, _FADE * side
    y = np.arange(side, dtype=np.float32)
    if (top + bottom) / 2 > side / 2:
        share = smooth(top - room - fade, top - room, y)
        first, last = max(0, int(top - room - fade)), side
    else:
        share = 1 - smooth(bottom + room, bottom + room + fade, y)
        first, last = 0, min(side, int(bottom + room + fade) + 1)
    for start in range(first, last, 64):
        end = min(last, start + 64)
        rows = np.asarray(picture.crop((0, start, side, end)), np.float32)
        rows = rows + (share[start:end] * np.float32(shade))[:, None, None] * (ground - rows)
        picture.paste(Image.fromarray(np.rint(rows).astype(np.uint8)), (0, start))


def _around(box: tuple[int, int, int, int], side: int, room: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return max(0, left - room), max(0, top - room), min(side, right + room), min(side, bottom + room)
