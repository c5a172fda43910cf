"""Strings: in tune, as stiff as they should be, dying as their losses say, the same whoever played before."""

from dataclasses import replace

import numpy as np
import pytest

from aimusicverse.engines.studio.synth import string, strung
from aimusicverse.engines.studio.synth.partials import RATE
from aimusicverse.engines.studio.synth.string import String, ring

ALL = {name: value for name, value in vars(strung).items() if isinstance(value, String)}
SIZE = 1 << 17


def peak_near(sound, frequency):
    """The strongest frequency (Hz) within a third of a semitone."""
    size = 1 << 19
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size))
    low, high = (int(frequency * factor * size / RATE) for factor in (0.98, 1.02))
    at = low + int(np.argmax(spectrum[low:high]))
    left, middle, right = np.log(spectrum[at - 1 : at + 2])
    return (at + 0.5 * (left - right) / (left - 2 * middle + right)) * RATE / size


def seconds_to_silence(sound, frequency, first, last):
    """What a partial's slope between two times says about its way to -60 dB."""
    moment = np.arange(len(sound)) / RATE
    window = np.hanning(4411)
    beat = np.convolve(sound * np.exp(-2j * np.pi * frequency * moment), window / window.sum(), "same")
    levels = 20 * np.log10(np.abs(beat[[int(first * RATE), int(last * RATE)]]))
    return 60 * (last - first) / (levels[0] - levels[1])


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("pitch", [33, 47, 60])
def test_every_string_is_in_tune_to_two_cents(name, pitch):
    wanted = 440 * 2 ** ((pitch - 69) / 12)
    string = ALL[name]
    octaves = (pitch - 60) / string.stiffening if string.stiffening else 0
    stiff = string.stiffness * 2.0 ** max(octaves, -12 / 8)
    wanted *= np.sqrt(1 + stiff)
    heard = peak_near(ring(string, pitch, 0.62, 0.0, SIZE), wanted)
    assert 1200 * np.log2(heard / wanted) == pytest.approx(0, abs=2)


def test_the_partials_of_a_piano_are_stretched_as_its_stiffness_says():
    base = 440 * 2 ** ((60 - 69) / 12)
    sound = ring(strung.PIANO, 60, 0.85, 0.0, SIZE)
    for number in (4, 7, 10):
        wanted = number * base * np.sqrt(1 + 3.5e-4 * number**2)
        assert peak_near(sound, wanted) == pytest.approx(wanted, rel=8e-4)
    assert 10 * base * np.sqrt(1 + 3.5e-4 * 100) > 10 * base * 1.01


def test_partials_die_at_the_rates_of_the_losses():
    plain = String(point=0.2, touch=3000, losses=(1.5, 2e-6), second=(0, 1, 0))
    sound = ring(plain, 57, 0.62, 0.0, SIZE)
    for number in (1, 3, 8):
        frequency = 220 * number
        wanted = 6.9 / (1.5 + 2e-6 * frequency**2)
        assert seconds_to_silence(sound, frequency, 0.1, 0.6) == pytest.approx(wanted, rel=0.05)


def test_a_string_dies_quickly_first_and_slowly_then():
    sound = ring(strung.PIANO, 64, 0.62, 0.0, SIZE * 2)
    base = 440 * 2 ** ((64 - 69) / 12)
    early = seconds_to_silence(sound, base, 0.1, 0.9)
    late = seconds_to_silence(sound, base, 2.8, 4.8)
    assert late > 1.3 * early


def test_a_harder_stroke_is_a_brighter_one():
    def treble(velocity):
        spectrum = np.abs(np.fft.rfft(ring(strung.PIANO, 55, velocity, 0.0, SIZE))) ** 2
        return spectrum[SIZE // 30 :].sum() / spectrum.sum()  # above 1.4 kHz

    assert treble(0.85) > 1.5 * treble(0.62) > 2 * treble(0.4)


def test_nothing_comes_round_from_the_end_to_the_beginning():
    for instrument in ALL.values():
        sound = ring(replace(instrument, noise=None), 40, 0.62, 0.0, 1 << 15)
        assert np.abs(sound[0]) < 0.1 * np.abs(sound).max()
        assert np.abs(sound[-500:]).max() < np.abs(sound[:2000]).max()


def test_a_note_is_the_same_after_any_other_notes():
    fresh = strung.NYLON_GUITAR.play(52, 0.8, 0.62, 0.0, 1)
    for pitch in range(40, 80):
        strung.NYLON_GUITAR.play(pitch, 2.5, 0.62, 0.0, 1)
    string._rings.clear()
    assert (strung.NYLON_GUITAR.play(52, 0.8, 0.62, 0.0, 1) == fresh).all()


@pytest.mark.parametrize("seconds", [0.02, 0.5, 4.0])
def test_a_note_ends_in_silence(seconds):
    sound = strung.HARP.play(60, seconds, 0.62, 0.0, 1)
    assert len(sound) == int((seconds + strung.HARP.damping) * RATE)
    assert abs(sound[-1]) < 1e-6
    assert np.isfinite(sound).all()
