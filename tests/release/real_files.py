"""Real files for tests: sound that is as it should be, what is made of it, and what rules say of that."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from aimusicverse.release.facts import AudioFacts, ImageFacts
from aimusicverse.release.targets import store_of
from aimusicverse.release.validation import validate
from aimusicverse.types.release import Release
from tests.release.sound_releases import NOW, SINGLE

RATE = 44_100
needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg: apt-get install ffmpeg")


def music(seconds: float = 31, rate: int = RATE, level_db: float = -15.0) -> NDArray[np.float32]:
    """(N, 2): noise that falls towards 20 kHz as music does, in beats, fading at its end; -14 LUFS or so."""
    count = round(seconds * rate)
    random = np.random.default_rng(5)
    frequencies = np.fft.rfftfreq(count, 1 / rate)
    fall = np.minimum(1, 200 / np.maximum(frequencies, 30)) * np.exp(
        -np.maximum(0, frequencies - 15_000) / 3000
    )
    both = random.standard_normal((2, count))
    sides = np.stack([both[0], 0.7 * both[0] + 0.5 * both[1]])
    sound = np.fft.irfft(np.fft.rfft(sides) * fall, count)
    time = np.arange(count) / rate
    sound *= (0.4 + 0.6 * np.exp(-(time % 0.5) * 6)) * np.clip((seconds - time) / 2, 0, 1)
    sound *= 10 ** (level_db / 20) / np.sqrt(np.mean(sound**2))
    sound = np.tanh(sound / 0.75) * 0.75
    return sound.T.astype(np.float32)


def save(path: Path, sound: NDArray[Any], rate: int = RATE, subtype: str = "PCM_24", **more: Any) -> Path:
    soundfile.write(path, sound, rate, subtype, **more)
    return path


def ffmpeg(*words: str | Path) -> str:
    """What it says."""
    done = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-y", *map(str, words)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stderr


@cache
def studio_render() -> bytes:
    """31 seconds of the studio's own, as it writes them."""
    from aimusicverse.engines.studio.plan import make_plan
    from aimusicverse.types import GenerationCreate
    from benchmarks.render_child import run_child

    plan = make_plan(GenerationCreate(prompt="calm folk", duration_seconds=31), seed=3)
    with tempfile.TemporaryDirectory() as workspace:
        done, *_ = run_child(plan, Path(workspace))
        return Path(done["path"]).read_bytes()


def said(*stores: str, audio: AudioFacts | None = None, image: ImageFacts | None = None) -> dict[str, str]:
    """Which rules find something in a file of a release that is sound otherwise, and how bad it is."""
    release = Release.model_validate(SINGLE)
    files = {} if audio is None else {0: audio}
    report = validate(release, [store_of(name) for name in stores], audio=files, image=image, now=NOW)
    return {found.rule: found.severity for target in report.targets for found in target.findings}


def artwork(side: int = 3000) -> Image.Image:
    """A picture with edges and colours, as sharp as it is large."""
    across, down = np.meshgrid(np.linspace(0, 1, side), np.linspace(0, 1, side))
    channels = [40 + 160 * across, 60 + 120 * down, 200 - 150 * across * down]
    picture = Image.fromarray(np.stack(channels, axis=-1).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    random = np.random.default_rng(3)
    for x, y, size, *colour in random.integers(0, 256, (40, 6)):
        left, top, wide = (int(value) * side // 300 for value in (x, y, size // 4 + 8))
        draw.ellipse((left, top, left + wide, top + wide), fill=tuple(int(part) for part in colour))
    return picture


def content_of(picture: Image.Image, kind: str = "JPEG", **how: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **({"quality": 90} if kind == "JPEG" else {}) | how)
    return file.getvalue()


Make = Callable[[Path], Path]
