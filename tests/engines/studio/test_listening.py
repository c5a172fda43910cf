"""The listener hears what it is there to hear: clean music passes, each fault that is made is named."""

import numpy as np
import pytest

from aimusicverse.audio import loudness
from tests.engines.studio.listening import RATE, hear, listen


@pytest.fixture
def samples(pieces):
    """Music without a fault, that is loud for all of its time."""
    return listen(pieces["classical"][1].path).samples


def faults(samples):
    return " ".join(hear(samples).faults(samples.shape[1] / RATE))


def test_music_that_is_well_made_has_no_fault(samples):
    assert faults(samples) == ""


def test_loudness_and_peak_are_those_of_the_other_meter(pieces):
    for genre in ("classical", "techno"):
        heard, measured = listen(pieces[genre][1].path), loudness.measure(pieces[genre][1].path)
        assert heard.lufs == pytest.approx(measured.integrated_lufs, abs=0.05)
        assert heard.peak_dbtp == pytest.approx(measured.true_peak_dbtp, abs=0.1)


def test_a_step_and_a_hole_are_clicks(samples):
    middle = samples.shape[1] // 2
    step, hole = samples.copy(), samples.copy()
    step[:, middle:] += 0.3 * np.exp(-np.arange(step.shape[1] - middle) / 2000)
    assert "a click" in faults(step)
    at = middle + np.abs(samples[0, middle : middle + RATE]).argmax()
    hole[:, at : at + 2000] = 0
    assert "a click" in faults(hole)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda s: s * 0.9, "LUFS"),
        (lambda s: np.clip(s * 2, -0.85, 0.85), "samples in a row"),
        (lambda s: s * 1.3, "dBTP"),
        (lambda s: s + 0.002, "an offset"),
        (lambda s: s * (np.arange(s.shape[1]) > RATE), "silent for"),
        (lambda s: np.where(np.arange(s.shape[1]) == 99, np.nan, s), "not a number"),
        (lambda s: s[:, : RATE * 5], "cut off"),
    ],
)
def test_every_other_fault_is_named(samples, spoil, words):
    assert words in faults(spoil(samples))


def test_a_length_that_is_one_sample_off_is_named(samples):
    assert "samples for" in " ".join(hear(samples[:, :-1]).faults(samples.shape[1] / RATE))
