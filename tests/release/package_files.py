"""Sound and picture files on disk, with what is true of them, for what makes packages of releases."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image

from aimusicverse.release.facts import AudioFacts, ImageFacts
from aimusicverse.release.release_files import PictureFile, ReleaseFiles, SoundFile
from tests.release.sound_releases import AUDIO, IMAGE

RATE = 44_100


def sound_file(path: Path, *, seconds: float = 0.5, pitch: float = 220.0) -> SoundFile:
    """A tone, FLAC or WAV by the name's end, 24 bit stereo."""
    times = np.arange(round(seconds * RATE)) / RATE
    tone = 0.3 * np.sin(2 * np.pi * pitch * times)
    soundfile.write(path, np.column_stack([tone, tone]), RATE, subtype="PCM_24")
    return SoundFile(path, _sound_facts(path, len(times) / RATE))


def picture_file(path: Path, *, side: int = 64) -> PictureFile:
    """A square of one colour, JPEG or PNG by the name's end."""
    Image.new("RGB", (side, side), (180, 40, 60)).save(path)
    content = path.read_bytes()
    kind = "png" if path.suffix == ".png" else "jpeg"
    facts: ImageFacts = replace(
        IMAGE, name=path.name, kind=kind, width=side, height=side, size_bytes=len(content), **_sums(content)
    )
    return PictureFile(path, facts)


def release_files(folder: Path, tracks: int = 1, *, ending: str = "flac") -> ReleaseFiles:
    """Files of a release with so many tracks, each of its own pitch."""
    folder.mkdir(parents=True, exist_ok=True)
    return ReleaseFiles(
        tuple(
            sound_file(folder / f"take {number}.{ending}", pitch=220.0 + 10 * number)
            for number in range(tracks)
        ),
        picture_file(folder / "front.jpg"),
    )


def _sound_facts(path: Path, seconds: float) -> AudioFacts:
    content = path.read_bytes()
    return replace(
        AUDIO,
        name=path.name,
        container=path.suffix[1:],
        duration_seconds=seconds,
        size_bytes=len(content),
        **_sums(content),
    )


def _sums(content: bytes) -> dict[str, str]:
    return {
        "md5": hashlib.md5(content).hexdigest(),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
