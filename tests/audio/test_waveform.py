"""Outlines: exact, whatever the length, and in a form that others read."""

from __future__ import annotations

import struct

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.audio import files, waveform
from aimusicverse.audio.errors import AudioError


def outline_of(sound, folder, rate=44_100, subtype="PCM_24"):
    """`sound`: (N, channels)."""
    path = folder / "sound.wav"
    soundfile.write(path, sound, rate, subtype=subtype)
    return waveform.outline(path)


def noise(frames, channels=2, seed=1):
    return np.random.default_rng(seed).uniform(-0.9, 0.9, (frames, channels))


@pytest.mark.parametrize("frames", [1, 9, 65_536, 65_537, 200_001, files.BLOCK * 3 + 5])
@pytest.mark.parametrize("points", [10, 333, 10_000])
def test_every_point_has_the_extremes_of_its_own_samples(tmp_path, frames, points):
    sound = noise(frames)
    found = outline_of(sound, tmp_path).with_at_most(points)
    width = found.samples_per_point
    assert len(found.extremes) == -(-frames // width) <= points
    for index in {0, len(found.extremes) // 2, len(found.extremes) - 1}:
        part = sound[index * width : (index + 1) * width]
        assert found.extremes[index] == pytest.approx(np.array([part.min(), part.max()]) * 32767, abs=1)


def test_there_are_nearly_as_many_points_as_asked_for_where_there_is_enough_sound(tmp_path):
    found = outline_of(noise(1_000_000), tmp_path)
    for points in (10, 100, 1_000, 2_000, 5_000, 10_000):
        assert 0.85 * points <= len(found.with_at_most(points).extremes) <= points


def test_a_channel_alone_is_not_lost(tmp_path):
    sound = np.zeros((1000, 2))
    sound[500, 1] = -0.5
    found = outline_of(sound, tmp_path)
    assert (found.extremes.min(), found.extremes.max()) == (-16384, 0)


def test_what_is_over_full_scale_or_no_number_is_drawn_within_it(tmp_path):
    sound = np.array([[3.0], [-3.0], [np.nan], [np.inf]])
    found = outline_of(sound, tmp_path, subtype="FLOAT")
    assert found.extremes[:, 1].tolist() == [32767, -32767, 0, 32767]


def test_the_file_is_that_of_audiowaveform(tmp_path):
    found = outline_of(np.array([[0.25, -0.5]]), tmp_path, rate=8000)
    assert waveform.dumps(found) == struct.pack("<iIiiIihh", 2, 0, 8000, 1, 1, 1, -16384, 8192)


@settings(max_examples=50)
@given(
    rate=st.integers(1, 192_000), width=st.integers(1, 10_000), values=st.lists(st.integers(-32768, 32767))
)
def test_what_was_kept_is_read_back(rate, width, values):
    extremes = np.array([sorted((value, -value - 1)) for value in values], np.int16).reshape(-1, 2)
    read = waveform.loads(waveform.dumps(waveform.Outline(rate, width, extremes)))
    assert (read.sample_rate, read.samples_per_point) == (rate, width)
    assert (read.extremes == extremes).all()


@given(st.binary(max_size=64))
def test_bytes_that_are_no_outline_are_refused(data):
    with pytest.raises(AudioError):
        waveform.loads(data)


def test_an_empty_file_has_no_outline(tmp_path):
    with pytest.raises(AudioError, match="no sound"):
        outline_of(np.zeros((0, 2)), tmp_path)
