"""Colours: a family for each mood, darker and cooler in minor, lighter and warmer in major, turned by keys.

Colours are mixed and turned in OKLab (B. Ottosson, 2020, public domain), where equal steps look
equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aimusicverse.release.artwork.design import Design
from aimusicverse.release.artwork.traits import Traits

F32 = NDArray[np.float32]
Colour = tuple[int, int, int]

#: Five colours from dark to light, and two accents; some of each mode, by mood.
_FAMILIES: Final[dict[str | None, tuple[list[str], list[str]]]] = {
    # mood: (in minor, in major)
    None: (
        ["0f1626 1f2f4a 3f5f7a 8fa8a8 e4ddc8 d9643a e8b04a",
         "1a1423 3d2645 7a3b5e b98a8a ead9cf e0a458 5fa8a0"],
        ["2b2a3d 4f5d75 c66b4e e9b872 f8efdc 2a9d8f e76f51",
         "1f3a3d 3f7d6e 9fb98a ecd9a0 fbf4e2 e4572e 2e86ab"],
    ),
    "happy": (
        ["2a1a3e 6a2c70 b83b5e f08a5d f9ed9f 3ec1d3 ffb400",
         "14213d 2f5d8a f77f00 fcbf49 f6edd2 d62828 2ec4b6"],
        ["1d3557 2a9d8f f4a261 f9c74f fff5d6 ef476f 118ab2",
         "3a2e5c f25f5c ff9f5a ffd166 fff3dc 06a3a0 f25f9c"],
    ),
    "sad": (
        ["0d1520 1c2d41 3a5068 7d94a6 cfd8dc a26769 c9b79c",
         "14131f 2c2b45 55567d 9394b0 d8d6df b0697a 7fa3b5"],
        ["1f2a38 41566b 7c93a3 b9c4c4 efeae0 c98a6b 8a6f86",
         "26323a 4e6570 8ba3a3 c7cdbf f3ecdf b5726a d2a65a"],
    ),
    "calm": (
        ["10202b 1f3f4d 3f6f78 8fb5ae dfe8da e0b37a c97b63",
         "161c2e 2e3d5c 5b7395 9fb4c4 e4e6e2 d9a58b 7fa58f"],
        ["23403f 4f7d74 93b5a0 d6dcbd faf5e6 e39b6d 5a8fa3",
         "3b4a54 7896a0 b7cbc8 e7dfce fbf7ee d98f78 8aa37b"],
    ),
    "dark": (
        ["07070b 16141d 37222e 6b2a33 c7b8a8 b3202c e0783a",
         "060a0d 0f1c20 1f3a3a 47635a b9c1ab 9fbf3f c9512b"],
        ["0e0a12 2a1a33 54305a 8d5a7d d8c3c4 e05a47 e0a74a",
         "0b0f17 1d2a3a 3d5166 7b8794 d4d0c4 d63a2f e3b23c"],
    ),
    "energetic": (
        ["0a0420 2a0a5e 7b1fa2 f72585 ffd1e8 00e5ff faff00",
         "0b090f 2b1021 8f0f3a ff2e3f ffd9c2 ffb300 1de9b6"],
        ["16123f 3a27d8 ff3d68 ff9f1c fff1d0 00c2d1 f9f871",
         "101826 0a6ebd ff4d1f ffc41f fff6df ff2e88 12b886"],
    ),
    "dreamy": (
        ["12102b 2e2560 6a4fa3 b58bd0 efd9f2 f6a5c0 7fd8e6",
         "0c1830 1f3a6b 4f6fb0 a09ad8 e9d8f0 f7b5a7 8fe3cf"],
        ["3a3a78 7d7cc4 c6a3dc f4c6d7 fdf0ea f9a58c 79c7d9",
         "2f4a6d 6fa3c7 bcd0e8 f3cfe0 fff3ea f7b267 9d86c9"],
    ),
    "epic": (
        ["0a0d14 1b2230 4a3a34 a86a32 f0d6a0 d9381e f2b632",
         "0b0a14 1f1a3a 4a2f5a a34a48 f2c58f ff7a2f 4f9fb5"],
        ["18202f 344a66 a5683f e8ad55 fbeccb c8331f 2f8f9d",
         "211a1d 5a2d2d b5532f efa93f fdeecb 2b6f77 e4392b"],
    ),
    "romantic": (
        ["1f0d18 4a1730 8a2f4a c9737a f2d3c8 e0a040 d94f70",
         "1a1020 432244 854568 c58a96 f1d9d3 e8975f b0487f"],
        ["4a1f34 a23e58 e27d7d f5b8a2 fdeee2 e9a23b 7d9f8a",
         "53283f b5566b eb9a8c f7cdb5 fef3e9 d9554f c79a3f"],
    ),
    "tense": (
        ["08090c 1a1d21 3a4046 7e8378 d5d2bd d8e032 c23b22",
         "0a0c10 15252b 2d4f4f 6f8a72 d3d6ae e8501f ddc42f"],
        ["14171a 353b3f 6d746f adae9a e9e5d0 e3342f e9c02a",
         "10161f 2a3f52 57788a a0b2a8 e5e4cf f0592a c9d13a"],
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Palette:
    """Five colours from dark to light, and two accents, in OKLab (rows of 3).

    `night` says whether grounds are dark.
    """

    ramp: F32
    accents: F32
    night: bool

    def at(self, place: float | F32) -> F32:
        """The colour at 0 (darkest) to 1 (lightest), mixed between neighbours; OKLab, one more axis of 3."""
        places = np.asarray(np.clip(place, 0, 1), np.float32) * (len(self.ramp) - 1)
        stops = np.arange(len(self.ramp))
        mixed = np.stack([np.interp(places, stops, self.ramp[:, axis]) for axis in range(3)], -1)
        return np.asarray(mixed, np.float32)

    def group(self, number: int) -> F32:
        """A colour for a song's part: the same for the same label, and a clear one."""
        order = (self.accents[0], self.at(0.68), self.accents[1], self.at(0.9), self.at(0.5), self.at(0.8))
        return np.asarray(order[number % len(order)], np.float32)


def palette(design: Design, traits: Traits) -> Palette:
    """The colours of a design."""
    chance = design.chance("palette")
    family = _FAMILIES[traits.mood][0 if traits.minor else 1]
    colours = to_oklab(np.array([_rgb(text) for text in family[int(chance.integers(len(family)))].split()]))
    lightness, chroma = colours[:, 0], np.hypot(colours[:, 1], colours[:, 2])
    hue = np.arctan2(colours[:, 2], colours[:, 1])
    turned = hue + np.deg2rad(1.8 * traits.tonic + chance.uniform(-4, 4))
    strong = chroma * (0.88 + 0.24 * traits.density)
    mixed = np.stack([lightness, strong * np.cos(turned), strong * np.sin(turned)], -1).astype(np.float32)
    return Palette(mixed[:5], mixed[5:], night=traits.minor)


def _rgb(text: str) -> list[float]:
    return [int(text[at : at + 2], 16) for at in (0, 2, 4)]


def to_linear(values: NDArray[np.floating]) -> F32:
    """sRGB from 0 to 255 → light from 0 to 1 (IEC 61966-2-1)."""
    share = np.asarray(values, np.float32) / np.float32(255)
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4).astype(np.float32)


def to_oklab(values: NDArray[np.floating]) -> F32:
    """sRGB from 0 to 255 (…, 3) → OKLab (…, 3)."""
    long = to_linear(values) @ np.array(_LMS, np.float32).T
    return np.asarray(np.cbrt(long) @ np.array(_LAB, np.float32).T, np.float32)


def to_srgb(lab: F32) -> F32:
    """OKLab (…, 3) → sRGB from 0 to 255 (…, 3), not rounded, cut to what there is."""
    long = (lab @ _FROM_LAB.T) ** 3
    light = np.clip(long @ _FROM_LMS.T, 0, 1)
    share = np.where(light <= 0.0031308, light * 12.92, 1.055 * np.power(light, 1 / 2.4) - 0.055)
    return (share * 255).astype(np.float32)


def to_colour(lab: F32) -> Colour:
    """One colour as Pillow takes it."""
    red, green, blue = (int(value) for value in np.rint(to_srgb(lab)))
    return red, green, blue


_LMS: Final = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_LAB: Final = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LMS: Final = np.linalg.inv(np.array(_LMS)).astype(np.float32)
_FROM_LAB: Final = np.linalg.inv(np.array(_LAB)).astype(np.float32)
