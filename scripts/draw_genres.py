"""Draw a minute of every genre for docs/engine.md: the waveform with sections and chords, the spectrogram.

    python scripts/draw_genres.py                  all genres, seed 1, into docs/engine/
    python scripts/draw_genres.py jazz blues       some of them

Pictures are JPEG files of at most 60 kB. There is no check of drift: a picture shows the recording of the
version that drew it, and is drawn anew when the music has changed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image

from aimusicverse.audio.analysis import analyze
from aimusicverse.audio.picture import draw
from aimusicverse.engines.base import Order
from aimusicverse.engines.studio.chart import write_chart
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.render import render
from aimusicverse.types import GenerationCreate

FOLDER = Path(__file__).parent.parent / "docs" / "engine"
SECONDS, SEED = 60, 1
MOST_BYTES = 60_000
#: Width and quality, the best first.
SIZES = ((1200, 70), (1000, 70), (1000, 55), (860, 60), (860, 45), (720, 50), (720, 35))


def main(genres: list[str]) -> None:
    """Draw each."""
    FOLDER.mkdir(exist_ok=True)
    for genre in genres:
        picture = FOLDER / f"{genre.replace(' ', '-')}.jpg"
        with tempfile.TemporaryDirectory() as folder:
            draw_genre(genre, picture, Path(folder))
        print(f"{picture.name}: {picture.stat().st_size // 1000} kB")


def draw_genre(genre: str, picture: Path, folder: Path) -> None:
    """Render, analyse, draw; sections and chords are those of the score."""
    plan = make_plan(GenerationCreate(prompt=genre, duration_seconds=SECONDS), SEED)
    path = render(Order(plan), folder, lambda stage, share: None).path
    large = folder / "large.png"
    draw(path, analyze(path), large, f"{genre}, seed {SEED}", write_chart(plan))
    with Image.open(large) as image:
        for width, quality in SIZES:
            small = image.resize((width, image.height * width // image.width), Image.Resampling.LANCZOS)
            small.save(picture, "JPEG", quality=quality, optimize=True)
            if picture.stat().st_size <= MOST_BYTES:
                return
    raise SystemExit(f"{picture.name} stays larger than {MOST_BYTES} bytes")


if __name__ == "__main__":
    main(sys.argv[1:] or list(GENRES))
