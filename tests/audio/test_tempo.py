"""The tempo of signals whose answer is known, and of those that have none."""

import numpy as np
import pytest

from aimusicverse.audio import tempo
from tests.audio.signals import RATE, clicks, noise, sine
from tests.audio.test_frames import heard


@pytest.mark.parametrize("bpm", [60, 70, 93.5, 120, 141, 174, 200])
def test_the_tempo_of_clicks_is_found_to_a_quarter_of_a_percent(bpm):
    found = tempo.tempo(heard(clicks(bpm, 20)))
    assert found.bpm == pytest.approx(bpm, rel=0.0025)
    assert found.confidence > 0.8


@pytest.mark.parametrize("rate", [8000, 22_050, 96_000])
def test_the_rate_of_the_recording_does_not_matter(rate):
    assert tempo.tempo(heard(clicks(120, 10, rate), rate)).bpm == pytest.approx(120, rel=0.005)


def test_eighths_of_another_sound_do_not_double_the_tempo():
    eighths = np.diff(np.diff(clicks(200, 20), prepend=0), prepend=0) * 0.3
    beats = np.convolve(clicks(100, 20), np.ones(30) / 5, "same")
    assert tempo.tempo(heard(beats + eighths)).bpm == pytest.approx(100, rel=0.005)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0),
        np.zeros(RATE * 10),
        sine(20),
        sine(20, 40),
        np.eye(1, RATE * 10, RATE * 5)[0],
        clicks(120, 3),
        *(noise(length, seed=length) for length in (4, 5, 8, 20)),
    ],
    ids=["nothing", "silence", "sine", "low sine", "one click", "3 s", *["noise"] * 4],
)
def test_what_has_no_pulse_has_no_tempo(sound):
    assert tempo.tempo(heard(sound)) is None


@pytest.mark.parametrize("seed", range(5))
def test_clicks_at_random_have_no_tempo(seed):
    random = np.random.default_rng(seed)
    sound = np.zeros(RATE * 21)
    for at in random.uniform(0, 20, 80):
        sound[int(at * RATE) : int(at * RATE) + 400] += noise(1)[:400]
    assert tempo.tempo(heard(sound)) is None
