"""A song as stores take it, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from PIL import Image

_RATE = 44_100

#: Enough for SoundCloud, as options.
SAID = (
    "--artist", "Maren Okafor", "--composer", "Maren Okafor", "--explicit", "none", "--language", "zxx",
    "--ai", "composition=none,instruments=none,artwork=none",
)  # fmt: skip

#: Enough for all of them.
RELEASE = """
title = "Paper Lanterns"
artist = "Maren Okafor"
composers = ["Maren Okafor"]
label = "Own"
p_line = "2026 Maren Okafor"
c_line = "2026 Maren Okafor"
genre = "Electronic"
language = "zxx"
explicit = "none"
isrc = "USSKG2600001"
upc = "036000291452"
[genres]
apple_music = "ELECTRONIC-00"
[ai]
artwork = "none"
composition = "none"
instruments = "none"
"""


def picture(path: Path) -> Path:
    """A cover that stores take. Having one drawn costs seconds."""
    Image.new("RGB", (3000, 3000), (90, 120, 200)).save(path, quality=90)
    return path


def song(path: Path, *, seconds: int = 31, hertz: float = 220.0) -> Path:
    """A WAV file of 16 bits in stereo, long enough for stores."""
    time = np.arange(_RATE * seconds) / _RATE
    fading = np.linspace(1, 0.2, len(time))
    sides = [0.2 * np.sin(2 * np.pi * tone * time) * fading for tone in (hertz, hertz * 1.5)]
    soundfile.write(path, np.stack(sides, 1), _RATE, subtype="PCM_16")
    return path
