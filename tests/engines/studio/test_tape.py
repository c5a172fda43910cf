"""Speed that sways, and delays that do: by as much as asked, without seams between blocks."""

import numpy as np

from aimusicverse.engines.studio.chorus import Chorus
from aimusicverse.engines.studio.tape import Wow, lfo

RATE, BLOCK = 44_100, 1 << 13


def a_sine(frequency=440.0, blocks=40):
    return np.sin(2 * np.pi * frequency * np.arange(blocks * BLOCK) / RATE).astype(np.float32)


def in_blocks(process, sound):
    return np.hstack([process(sound[..., at : at + BLOCK], at) for at in range(0, sound.shape[-1], BLOCK)])


def test_the_speed_sways_by_the_asked_share():
    sine = a_sine()
    out = in_blocks(Wow(0.002).process, np.stack([sine, sine]))[0]
    crossings = np.flatnonzero((out[:-1] < 0) & (out[1:] >= 0))
    exact = crossings - out[crossings] / (out[crossings + 1] - out[crossings])
    pitch = RATE / np.convolve(np.diff(exact), np.ones(20) / 20, "valid")[20:]
    assert 0.0015 < np.percentile(np.abs(pitch / 440 - 1), 99) < 0.004
    assert abs(pitch.mean() / 440 - 1) < 3e-4


def test_blocks_join_without_a_seam():
    sine = a_sine()
    whole = Wow(0.002).process(np.stack([sine, sine]), 0)
    assert np.abs(in_blocks(Wow(0.002).process, np.stack([sine, sine])) - whole).max() < 2e-3
    chorus = Chorus(0.5)
    parts = in_blocks(lambda block, _: chorus.process(block), sine)
    assert np.abs(parts - Chorus(0.5).process(sine)).max() < 2e-3


def test_a_late_block_knows_where_the_reel_is():
    hour = 3600 * RATE
    wanted = np.sin(2 * np.pi * 0.513 * (hour + np.arange(1000)) / RATE)
    assert np.abs(lfo(0.513, hour, 1000) - wanted).max() < 1e-4


def test_a_chorus_is_different_in_both_ears_and_as_loud_in_mono():
    random = np.random.default_rng(1)
    noise = random.standard_normal(20 * BLOCK).astype(np.float32)
    wet = Chorus(0.5).process(noise)
    both = noise + wet
    assert np.corrcoef(wet)[0, 1] < 0.5
    mono = both.mean(axis=0)
    assert 0.9 < np.mean(mono**2) / np.mean(both**2) < 1.1
