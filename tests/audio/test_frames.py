"""Frames of signals whose answer is known."""

import numpy as np
import pytest

from aimusicverse.audio.frames import listen
from tests.audio.signals import RATE, cadence, noise, sine


def heard(mono, rate=RATE, block=30_000):
    parts = (mono[at : at + block] for at in range(0, len(mono), block))
    return listen((np.tile(part, (2, 1)).astype(np.float32) for part in parts), rate)


def test_white_noise_is_flat_and_a_tone_is_not():
    assert heard(noise(10)).flatness.mean() == pytest.approx(0.56, abs=0.02)
    assert heard(sine(2)).flatness.mean() < 0.01


def test_a_tone_is_its_pitch_class_and_noise_is_none():
    assert heard(sine(2, 440)).chroma.sum(axis=0).argmax() == 9
    assert heard(noise(5)).chroma.sum(axis=1).mean() < 0.03


@pytest.mark.parametrize("cents", [-30, 0, 20])
def test_the_tuning_of_a_recording_is_found(cents):
    assert heard(cadence(60, cents=cents)).tuning_cents() == pytest.approx(cents, abs=4)


@pytest.mark.parametrize("block", [999, 65_536])
def test_the_size_of_the_blocks_changes_nothing(block):
    sound = cadence(57)
    one, other = heard(sound), heard(sound, block=block)
    assert np.allclose(one.onsets, other.onsets, atol=1e-3)
    assert np.allclose(one.timbre, other.timbre, atol=1e-3)
    assert one.chroma == pytest.approx(other.chroma, abs=1e-2)


@pytest.mark.parametrize("rate", [8000, 11_025, 48_000, 96_000, 192_000])
def test_any_rate_is_cut_about_as_finely(rate):
    frames = heard(sine(5, rate=rate), rate)
    assert frames.rate == pytest.approx(100, rel=0.01)
    assert len(frames.onsets) == pytest.approx(500, abs=10)
    assert frames.row_rate == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize("length", [0, 1, 100, 4000])
def test_a_blink_of_sound_is_no_error(length):
    frames = heard(np.ones(length))
    assert frames.chroma.shape[1] == 12
