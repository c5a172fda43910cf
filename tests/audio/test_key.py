"""The key of cadences, and of what has none."""

import numpy as np
import pytest

from aimusicverse.audio import key
from tests.audio.signals import RATE, cadence, chord, clicks, noise, seconds, sine
from tests.audio.test_frames import heard

NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@pytest.mark.parametrize("minor", [False, True], ids=["major", "minor"])
@pytest.mark.parametrize("tonic", range(12))
def test_the_key_of_a_cadence_is_found(tonic, minor):
    found = key.key(heard(cadence(54 + tonic, minor)))
    assert found.name == f"{NAMES[(54 + tonic) % 12]} {'minor' if minor else 'major'}"
    assert found.confidence > 0.7


@pytest.mark.parametrize("cents", [-40, 35])
def test_a_recording_may_be_tuned_otherwise(cents):
    assert key.key(heard(cadence(60, cents=cents))).name == "C major"


@pytest.mark.parametrize("rate", [8000, 48_000, 192_000])
def test_the_rate_of_the_recording_does_not_matter(rate):
    assert key.key(heard(cadence(57, True, rate), rate)).name == "A minor"


def test_drums_do_not_hide_it():
    sound = cadence(62)
    assert key.key(heard(sound + clicks(120, len(sound) / RATE))).name == "D major"


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0),
        np.zeros(RATE * 10),
        sine(10),
        noise(10),
        np.cumsum(noise(10)) * 0.01,
        clicks(120, 10),
        chord((60, 64, 67), 10),
        0.5 * np.sin(2 * np.pi * (100 * seconds(10) + 50 * seconds(10) ** 2)),
    ],
    ids=["nothing", "silence", "sine", "white noise", "brown noise", "clicks", "one chord", "sweep"],
)
def test_what_has_no_key_has_none(sound):
    assert key.key(heard(sound)) is None


def test_one_flat_set_of_pitch_classes_fits_nothing():
    assert key.estimate(np.ones(12)) == ("C major", -1.0)
