from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.sandbox.soundcloud.sound import HEAD_BYTES, picture_of, sound_of


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "AIFF"])
@pytest.mark.parametrize(("rate", "seconds"), [(44_100, 1.5), (96_000, 0.25)])
def test_how_long_a_sound_plays_is_seen_by_its_beginning(
    tmp_path: Path, kind: str, rate: int, seconds: float
) -> None:
    path = tmp_path / f"tone.{kind.lower()}"
    soundfile.write(path, np.zeros((round(rate * seconds), 2)), rate, format=kind, subtype="PCM_24")
    content = path.read_bytes()
    sound = sound_of(content[:HEAD_BYTES], len(content))
    assert sound is not None
    assert (sound.container, sound.duration_ms) == (kind.lower(), round(1000 * seconds))


@given(st.binary(max_size=300))
def test_no_bytes_break_it(head: bytes) -> None:
    for magic in (b"", b"RIFF\x00\x00\x00\x00WAVE", b"FORM\x00\x00\x00\x00AIFF", b"fLaC", b"ID3", b"OggS"):
        sound_of(magic + head, 10_000)
        picture_of(magic + head)


def test_what_is_no_sound_is_none() -> None:
    assert sound_of(b"<html>", 6) is None
    assert picture_of(b"II*\x00") is None
