"""What a style is given: how large, in which colours, about which music, and random numbers of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aimusicverse.release.artwork.design import Design
from aimusicverse.release.artwork.palette import Palette, palette
from aimusicverse.release.artwork.traits import Traits, traits


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture to be painted, `side` pixels square."""

    side: int
    design: Design
    traits: Traits
    palette: Palette

    @classmethod
    def of(cls, design: Design, side: int) -> Scene:
        """The scene of a design."""
        found = traits(design)
        return cls(side, design, found, palette(design, found))

    def chance(self, purpose: str) -> np.random.Generator:
        """Random numbers for one part of the picture."""
        return self.design.chance(purpose)
