"""Draw the covers that docs/artwork.md shows: python -m scripts.docs_covers"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from aimusicverse.release.artwork import Design, draw

_SONG = (
    ("intro", 0.0, 12.0), ("verse", 12.0, 40.0), ("chorus", 40.0, 64.0), ("verse", 64.0, 92.0),
    ("chorus", 92.0, 116.0), ("bridge", 116.0, 132.0), ("chorus", 132.0, 160.0), ("outro", 160.0, 175.0),
)  # fmt: skip
#: Title, artist, mood, key, beats a minute.
_CALM = ("Paper Lanterns", "Maren Okafor", "calm", "D major", 78.0)
_DREAMY = ("Glass Harbour", "Ilse", "dreamy", "F# minor", 92.0)
_WILD = ("Overdrive", "NKTR", "energetic", "C minor", 174.0)
_EPIC = ("Crown of Embers", "Halcyon Choir", "epic", "D minor", 140.0)
_HAPPY = ("Sugar Rush", "The Quick Ones", "happy", "E major", 132.0)
_DARK = ("Night Bus Home", "Kõrv & Ülo", "dark", "A minor", 124.0)
_SAD = ("Letters Never Sent", "Anna Björk", "sad", "Bb minor", 66.0)
_TENDER = ("Your Hand in Mine", "Sofia M.", "romantic", "Ab major", 84.0)
_SHOWN = {
    "horizon": (_DREAMY, _CALM), "grooves": (_WILD, _EPIC), "papercut": (_CALM, _DREAMY),
    "aura": (_HAPPY, _DARK), "chart": (_SAD, _TENDER), "flow": (_WILD, _SAD),
}  # fmt: skip
_WIDE, _MOST_BYTES = 300, 40_000


def main() -> None:
    """Two of each style, side by side."""
    folder = Path(__file__).parents[1] / "docs" / "artwork"
    folder.mkdir(exist_ok=True)
    for style, told in _SHOWN.items():
        sheet = Image.new("RGB", (2 * _WIDE, _WIDE))
        for place, (title, artist, mood, key, tempo) in enumerate(told):
            design = Design(title, artist, mood, key, tempo, None, _SONG, style, lettering=True)
            cover = Image.open(io.BytesIO(draw(design, 1200)))
            sheet.paste(cover.resize((_WIDE, _WIDE), Image.Resampling.LANCZOS), (place * _WIDE, 0))
        for quality in range(88, 40, -4):
            file = io.BytesIO()
            sheet.save(file, "JPEG", quality=quality, optimize=True)
            if len(file.getvalue()) <= _MOST_BYTES:
                break
        (folder / f"{style}.jpg").write_bytes(file.getvalue())
        print(f"{style}: {len(file.getvalue()) / 1000:.0f} kB, quality {quality}")


if __name__ == "__main__":
    main()
