"""Ready-made designs: what a person may pick when a generator has failed, or nothing comes to mind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from aimusicverse.release.artwork.design import Design
from aimusicverse.release.artwork.errors import ArtworkError
from aimusicverse.release.artwork.styles import STYLES

#: Style, mood, key, beats a minute, what one sees.
_ALL: Final = (
    ("horizon", "calm", "D major", 76, "Soft hills in morning mist, a pale sun."),
    ("horizon", "sad", "B minor", 64, "Blue ridges at nightfall under a large moon."),
    ("horizon", "epic", "D minor", 132, "Sharp peaks under a golden moon."),
    ("horizon", "happy", "E major", 120, "Bright hills in full sun."),
    ("grooves", "energetic", "C minor", 168, "Wild rings in neon on black."),
    ("grooves", "dark", "A minor", 122, "Dim grooves with one glowing ring."),
    ("grooves", "calm", "F major", 80, "Even, quiet rings on paper white."),
    ("grooves", "tense", "G minor", 138, "Warped grooves in grey and signal colours."),
    ("papercut", "happy", "G major", 116, "Bright sheets of paper, cut into arches or hollows."),
    ("papercut", "romantic", "Ab major", 84, "Rose and cream, layer upon layer."),
    ("papercut", "tense", "E minor", 128, "Hard facets that close in on a point."),
    ("papercut", "dreamy", "F# minor", 90, "Violet sheets, cut into waves or hollows."),
    ("aura", "dreamy", "Db major", 88, "Pastel light with a floating body."),
    ("aura", "romantic", "Bb major", 78, "Warm blush and gold in film grain."),
    ("aura", "dark", "F minor", 110, "Glowing bodies in the dark."),
    ("aura", "sad", "C minor", 62, "A faint sun in blue-grey haze."),
    ("chart", "dreamy", "A minor", 92, "A night sky in violet or blue, with the song's stars."),
    ("chart", "epic", "D minor", 140, "Bright stars over a deep sky."),
    ("chart", "calm", "C major", 72, "A star chart in ink on paper."),
    ("chart", "dark", "Eb minor", 126, "Dim clouds and a few burning stars."),
    ("flow", "energetic", "E minor", 174, "Swirling strokes, full of colour."),
    ("flow", "happy", "A major", 126, "Sunny strokes on cream."),
    ("flow", "romantic", "F major", 86, "Strokes like petals, in rose."),
    ("flow", "sad", "G minor", 68, "Slow blue strokes in one current."),
)


@dataclass(frozen=True, slots=True)
class Template:
    """A style in a mood, and what one sees of it."""

    id: str
    style: str
    mood: str
    line: str
    example: Design
    """How it looks, with a title that is not written on it."""

    def design(
        self, title: str, artist: str | None = None, *, lettering: bool = False, seed: int = 0
    ) -> Design:
        """The same for a release."""
        return replace(self.example, title=title, artist=artist, lettering=lettering, seed=seed)


def templates() -> list[Template]:
    """All of them, style by style."""
    found = []
    for style, mood, key, tempo, line in _ALL:
        example = Design(STYLES[style].name, mood=mood, key=key, tempo_bpm=float(tempo), style=style)
        found.append(Template(f"{style}-{mood}", style, mood, line, example))
    return found


def template(name: str) -> Template:
    """One of them, by its id.

    Raises:
        ArtworkError: `unknown_template`.
    """
    known = {each.id: each for each in templates()}
    if name not in known:
        raise ArtworkError(
            "unknown_template", f"no template {name!r}; there are {', '.join(known)}", "template"
        )
    return known[name]
