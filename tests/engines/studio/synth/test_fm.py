"""Two operators: partials where the ratio puts them, brighter when struck harder, nothing folded back."""

import numpy as np
import pytest

from aimusicverse.engines.studio.synth.fm import BELLS, TINE_PIANO, Operators, Pair
from aimusicverse.engines.studio.synth.partials import RATE


def power(sound):
    """Power by Hz, and the frequencies."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    return spectrum / spectrum.sum(), np.fft.rfftfreq(len(sound), 1 / RATE)


def test_partials_lie_at_the_carrier_and_multiples_of_the_modulator_beside_it():
    bell = Operators((Pair(1, 1, 1.4, 2.0, 30, 30),), release=0.05)
    spectrum, frequency = power(bell.play(69, 1.0, 0.62, 0.0, 1))
    wanted = [abs(440 * (1 + turn * 1.4)) for turn in range(-4, 5)]
    near = np.min([np.abs(frequency - at) for at in wanted], axis=0) < 8
    assert spectrum[near].sum() > 0.999


def test_a_tine_piano_barks_when_it_is_struck_hard():
    def above_the_third_partial(velocity):
        spectrum, frequency = power(TINE_PIANO.play(48, 0.3, velocity, 0.0, 1))
        return spectrum[frequency > 3.5 * 130.8].sum()

    assert above_the_third_partial(0.85) > 4 * above_the_third_partial(0.4)


def test_a_bell_turns_into_a_sine_while_it_dies():
    sound = BELLS.play(72, 3.0, 0.62, 0.0, 1)
    ones, frequency = power(sound[:8192])
    others, _ = power(sound[100_000:108_192])
    near = np.abs(frequency - 523.25) < 20
    assert ones[near].sum() < 0.7
    assert others[near].sum() > 0.9


@pytest.mark.parametrize("instrument", [TINE_PIANO, BELLS])
def test_the_highest_notes_fold_nothing_back(instrument):
    sound = instrument.play(103, 0.5, 0.85, 0.5, 1)
    spectrum, frequency = power(sound[8000:20_000])
    assert spectrum[frequency < 400].sum() < 1e-5
    assert np.isfinite(sound).all()
