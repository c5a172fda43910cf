"""One channel at about 22 kHz: what is in it stays, what would fold back is gone."""

import numpy as np
import pytest

from aimusicverse.audio.decimate import Decimator
from tests.audio.signals import noise, sine


def decimated(sound, rate, block=10_007):
    decimator = Decimator(rate)
    sound = np.atleast_2d(sound).astype(np.float32)
    parts = [decimator.process(sound[:, at : at + block]) for at in range(0, sound.shape[1], block)]
    return np.concatenate([*parts, decimator.finish()]), decimator.rate


@pytest.mark.parametrize("rate", [8000, 32_000, 44_100, 96_000, 192_000])
def test_a_tone_keeps_its_place_and_height(rate):
    out, slower = decimated(sine(1, 1000, 0, rate), rate)
    assert len(out) == pytest.approx(slower, abs=1)
    wanted = np.sin(2 * np.pi * 1000 * np.arange(len(out)) / slower)
    assert out[200:-200] == pytest.approx(wanted[200:-200], abs=2e-3)


def test_what_is_above_the_new_nyquist_frequency_is_gone():
    assert np.abs(decimated(sine(1, 15_000, 0), 44_100)[0][100:-100]).max() < 1e-3


@pytest.mark.parametrize("block", [1, 63, 4096])
def test_the_size_of_the_blocks_changes_nothing(block):
    sound = noise(0.1, rate=96_000)
    assert decimated(sound, 96_000, block)[0] == pytest.approx(decimated(sound, 96_000)[0], abs=1e-6)
