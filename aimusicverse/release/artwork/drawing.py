"""From a design to a file."""

from __future__ import annotations

from typing import Final

from PIL import Image

from aimusicverse.release.artwork.design import Design
from aimusicverse.release.artwork.errors import ArtworkError
from aimusicverse.release.artwork.jpeg import encoded
from aimusicverse.release.artwork.layout import blocks
from aimusicverse.release.artwork.lettering import write
from aimusicverse.release.artwork.scene import Scene
from aimusicverse.release.artwork.styles import STYLES, Style
from aimusicverse.release.artwork.traits import mood_of

#: Pixels of a side, at least and at most. 3000 is what stores ask for.
SIDES: Final = (64, 4096)


def draw(design: Design, side: int = 3000) -> bytes:
    """A cover: a baseline JPEG in RGB with the profile of sRGB, of at most 10 MB.

    The same design gives the same bytes on one machine with the same versions of numpy and Pillow. Blocks for
    some seconds of CPU at 3000 pixels.

    Args:
        design: what to draw.
        side: pixels, 64 to 4096.

    Raises:
        ArtworkError: `unknown_style`, `bad_size`.
        LetteringError: title or artist cannot be written.
    """
    return encoded(picture(design, side))


def picture(design: Design, side: int) -> Image.Image:
    """The same as pixels."""
    if not SIDES[0] <= side <= SIDES[1]:
        raise ArtworkError("bad_size", f"a cover of {side} pixels; its side has {SIDES[0]} to {SIDES[1]}")
    style = style_of(design)
    scene = Scene.of(design, side)
    if design.lettering:
        blocks(design.title, design.artist, side)  # what cannot be written is said before anything is painted
    painted = Image.fromarray(style.paint(scene))
    if design.lettering:
        write(painted, scene, style.places)
    return painted


def style_of(design: Design) -> Style:
    """The style asked for, or one that suits mood and genre.

    Raises:
        ArtworkError: `unknown_style`.
    """
    if design.style is not None:
        if design.style not in STYLES:
            raise ArtworkError(
                "unknown_style", f"no style {design.style!r}; there are {', '.join(STYLES)}", "style"
            )
        return STYLES[design.style]
    mood = mood_of(design)
    fitting = [style for style in STYLES.values() if mood in style.moods] or list(STYLES.values())
    return fitting[int(design.chance("style").integers(len(fitting)))]
