"""What a cover is drawn from: the words and the music. The same design gives the same picture."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Final

from aimusicverse.release.artwork.errors import ArtworkError

if TYPE_CHECKING:
    import numpy as np

#: More is cut off by no store, and nothing that a picture could show.
MOST_SECTIONS: Final = 1000
LONGEST_TEXT: Final = 2000


@dataclass(frozen=True, slots=True)
class Design:
    """A cover to be drawn.

    Args:
        title: of the release.
        artist: who is shown beside it.
        mood: in any words: `calm`, `dark and stormy`. Words that are not known change the picture alone.
        key: `A minor`, `F# major`, `Bb major`.
        tempo_bpm: beats a minute, above 0.
        genre: in any words.
        sections: label, start and end in seconds, in order.
        style: an id of `STYLES`; `None`: chosen from mood and genre.
        lettering: whether title and artist are written on it. The picture behind is the same.
        seed: another number, another picture of the same kind.

    Raises:
        ArtworkError: `bad_design`: a value that cannot be, with the field's name.
    """

    title: str
    artist: str | None = None
    mood: str | None = None
    key: str | None = None
    tempo_bpm: float | None = None
    genre: str | None = None
    sections: tuple[tuple[str, float, float], ...] = ()
    style: str | None = None
    lettering: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("title", "artist", "mood", "key", "genre", "style"):
            _check_text(name, getattr(self, name))
        tempo = self.tempo_bpm
        if tempo is not None and not (isfinite(tempo) and 0 < tempo <= 1000):
            raise ArtworkError(
                "bad_design", f"tempo_bpm is {tempo}; it must be above 0, up to 1000", "tempo_bpm"
            )
        if len(self.sections) > MOST_SECTIONS:
            raise ArtworkError(
                "bad_design", f"{len(self.sections)} sections; at most {MOST_SECTIONS} are drawn", "sections"
            )
        for number, (label, start, end) in enumerate(self.sections):
            _check_text(f"sections[{number}]", label)
            if not (isfinite(start) and isfinite(end) and 0 <= start <= end):
                raise ArtworkError(
                    "bad_design",
                    f"section {label!r} goes from {start} to {end}; give seconds, the start first",
                    f"sections[{number}]",
                )

    def chance(self, purpose: str) -> np.random.Generator:
        """Random numbers of this design for one purpose: the same in every process.

        Lettering has no part in it, so that a cover with letters is the one without, written on.
        """
        import numpy as np  # a design is also made where nothing is drawn

        sections = [[label, float(start), float(end)] for label, start, end in self.sections]
        tempo = None if self.tempo_bpm is None else float(self.tempo_bpm)
        words = [self.title, self.artist, self.mood, self.key, self.genre]
        said = [purpose, *words, tempo, sections, int(self.seed)]
        digest = hashlib.sha256(json.dumps(said).encode()).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest)))


def _check_text(name: str, value: str | None) -> None:
    if value is None:
        if name == "title":
            raise ArtworkError("bad_design", "a design needs a title", name)
        return
    if len(value) > LONGEST_TEXT:
        raise ArtworkError("bad_design", f"{name} has {len(value)} characters; at most {LONGEST_TEXT}", name)
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise ArtworkError("bad_design", f"{name} has half a character (a lone surrogate)", name)
