"""Tempo, key and flatness of signals whose answer is known."""

import numpy as np
import pytest

from aimusicverse.audio import analysis

RATE = 44_100


def heard(mono):
    blocks = (np.tile(mono[i : i + 30_000], (2, 1)).astype(np.float32) for i in range(0, len(mono), 30_000))
    return analysis.listen(blocks, RATE)


@pytest.mark.parametrize("bpm", [70, 93.5, 120, 141])
def test_the_tempo_of_clicks_is_found_to_half_a_percent(bpm):
    click = np.random.default_rng(0).standard_normal(800) * np.exp(-np.arange(800) / 100)
    sound = np.zeros(RATE * 20)
    for beat in range(int(20 * bpm / 60) - 1):
        at = int(beat * 60 / bpm * RATE)
        sound[at : at + 800] += click
    tempo, clarity = analysis.tempo(heard(sound))
    assert tempo == pytest.approx(bpm, rel=0.005)
    assert clarity > 0.5


def test_the_key_of_a_cadence_is_found():
    time = np.arange(RATE) / RATE
    chords = ((57, 60, 64), (62, 65, 69), (64, 67, 71), (57, 60, 64))
    sound = np.concatenate(
        [sum(np.sin(2 * np.pi * 440 * 2 ** ((p - 69) / 12) * time) for p in c) for c in chords]
    )
    key, fit = analysis.key(heard(sound))
    assert key == "A minor"
    assert fit > 0.7


def test_white_noise_is_flat_has_no_pulse_and_a_tone_is_not_flat():
    frames = heard(np.random.default_rng(1).standard_normal(RATE * 10))
    assert frames.flatness.mean() == pytest.approx(0.56, abs=0.02)
    assert analysis.tempo(frames)[1] < 0.1
    assert heard(np.sin(np.arange(RATE) * 0.1)).flatness.mean() < 0.01


def test_a_blink_of_sound_has_no_tempo_and_no_error():
    assert analysis.tempo(heard(np.zeros(4000))) == (0.0, 0.0)
    assert analysis.key(heard(np.zeros(100)))[1] == -1.0
