"""Covers, drawn from a song without any service: the same design gives the same picture.

    from aimusicverse.release.artwork import Design, draw

    jpeg = draw(Design("Paper Lanterns", artist="Maren Okafor", mood="calm", key="D major", lettering=True))

Needs Pillow and numpy. What follows from what is told in `traits.py`, and shown in docs/artwork.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aimusicverse.release.artwork.design import Design
    from aimusicverse.release.artwork.drawing import SIDES, draw, style_of
    from aimusicverse.release.artwork.errors import ArtworkError, LetteringError
    from aimusicverse.release.artwork.jpeg import MOST_BYTES
    from aimusicverse.release.artwork.ready_made import Template, template, templates
    from aimusicverse.release.artwork.styles import STYLES, Style
    from aimusicverse.release.artwork.thumbnails import THUMBNAIL_SIDES, thumbnail

__all__ = [
    "MOST_BYTES", "SIDES", "STYLES", "THUMBNAIL_SIDES", "ArtworkError", "Design", "LetteringError", "Style",
    "Template", "draw", "style_of", "template", "templates", "thumbnail",
]  # fmt: skip

#: Loaded when first asked for: who lists styles needs neither numpy nor Pillow.
_HOMES: Final = {
    "Design": "design",
    "SIDES": "drawing", "draw": "drawing", "style_of": "drawing",
    "ArtworkError": "errors", "LetteringError": "errors",
    "MOST_BYTES": "jpeg",
    "STYLES": "styles", "Style": "styles",
    "Template": "ready_made", "template": "ready_made", "templates": "ready_made",
    "THUMBNAIL_SIDES": "thumbnails", "thumbnail": "thumbnails",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("PIL", "numpy"):
            raise
        raise ImportError("drawing needs: pip install 'aimusicverse[release]'", name=error.name) from None


def __dir__() -> list[str]:
    return sorted(__all__)
