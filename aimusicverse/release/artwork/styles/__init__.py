"""The styles there are: one file paints each. Nothing of theirs is imported before a picture is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aimusicverse.release.artwork.canvas import U8
    from aimusicverse.release.artwork.scene import Scene


@dataclass(frozen=True, slots=True)
class Style:
    """A way to paint.

    Args:
        id: how it is asked for.
        name: how it is shown.
        line: what one sees.
        moods: those that it is taken for when nothing is asked.
        places: where letters may stand, the best first: `top`, `bottom` and `left` or `centre`.
    """

    id: str
    name: str
    line: str
    moods: frozenset[str]
    places: tuple[str, ...]

    def paint(self, scene: Scene) -> U8:
        """The picture without letters: (side, side, 3) of sRGB."""
        painter: Callable[[Scene], U8] = import_module(f"{__name__}.{self.id}").paint
        return painter(scene)


_ALL: Final = (
    Style("horizon", "Horizon", "Ridges in mist under a sun or a moon, one for each section.",
          frozenset({"calm", "epic", "sad", "dreamy"}), ("top-left", "top-centre", "bottom-left")),
    Style("grooves", "Grooves", "Woven rings around a centre: the song's form, as on a record.",
          frozenset({"energetic", "tense", "dark", "happy"}), ("top-left", "bottom-left")),
    Style("papercut", "Papercut", "Sheets of coloured paper, cut and laid with their shadows.",
          frozenset({"happy", "romantic", "tense", "calm"}), ("bottom-left", "top-left")),
    Style("aura", "Aura", "Soft light in film grain, with one clear body that throws it.",
          frozenset({"dreamy", "romantic", "dark", "sad"}), ("bottom-left", "top-left")),
    Style("chart", "Chart", "A star chart whose constellation is the song.",
          frozenset({"dreamy", "sad", "epic", "dark"}), ("bottom-left", "top-left")),
    Style("flow", "Flow", "Strokes of a brush that follow one current.",
          frozenset({"energetic", "happy", "romantic", "epic"}), ("bottom-left", "top-left")),
)  # fmt: skip

STYLES: Final[dict[str, Style]] = {style.id: style for style in _ALL}
