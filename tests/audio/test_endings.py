"""What was cut is said to be cut, in every format that is taken."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from aimusicverse.audio import files
from aimusicverse.audio.errors import AudioError


def made(format, subtype, seconds=2):
    file = io.BytesIO()
    sound = np.random.default_rng(1).normal(0, 0.1, (48_000 * seconds, 2))
    soundfile.write(file, sound, 48_000, format=format, subtype=subtype)
    return file.getvalue()


KINDS = [
    ("WAV", "PCM_16"),
    ("WAV", "FLOAT"),
    ("WAVEX", "PCM_24"),
    ("RF64", "PCM_16"),
    ("WAV", "ULAW"),
    ("WAV", "MS_ADPCM"),
    ("AIFF", "PCM_16"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"),
]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize(("format", "subtype"), KINDS)
def test_a_file_that_was_cut_is_refused(tmp_path, format, subtype, share):
    content = made(format, subtype)
    path = tmp_path / "song"
    path.write_bytes(content)
    assert files.read(path)[0].shape[1] >= 96_000  # ADPCM fills its last block
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(AudioError) as caught:
        files.read(path)
    assert caught.value.code in ("truncated", "unreadable")


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_an_ogg_file_with_something_behind_its_end_is_whole(tmp_path, subtype):
    path = tmp_path / "song.ogg"
    path.write_bytes(made("OGG", subtype) + bytes(1000))
    assert files.read(path)[0].shape == (2, 96_000)


@pytest.mark.parametrize(
    "content", [b"OggS", b"OggS\0" * 30, b"OggS\0" + bytes(21), b"OggS" + bytes(200_000)]
)
def test_a_page_that_is_none_is_no_crash(tmp_path, content):
    path = tmp_path / "song.ogg"
    path.write_bytes(content)
    with pytest.raises(AudioError):
        files.probe(path)


@pytest.mark.parametrize("seconds", [2, 10])
@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_two_streams_in_one_file_are_refused_by_what_to_do(tmp_path, subtype, seconds):
    path = tmp_path / "song.ogg"
    path.write_bytes(made("OGG", subtype, seconds) + made("OGG", subtype))
    with pytest.raises(AudioError, match=r"Write it anew: ffmpeg -i in\.ogg out\.flac"):
        files.probe(path)
