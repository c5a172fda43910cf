"""A guitar amplifier: chords that growl, a loudspeaker that ends at five kilohertz, and no mirror images."""

import numpy as np

from aimusicverse.engines.studio.synth import strung
from aimusicverse.engines.studio.synth.amp import Amplified, _through
from aimusicverse.engines.studio.synth.partials import RATE


def spectrum(sound):
    """Power by Hz: one second."""
    return np.abs(np.fft.rfft(sound[:RATE] * np.hanning(RATE))) ** 2


def sine(*frequencies):
    time = np.arange(RATE * 2) / RATE
    return sum(0.3 * np.sin(2 * np.pi * f * time) for f in frequencies).astype(np.float32)


def test_two_notes_give_the_tones_of_their_difference():
    both = spectrum(_through(sine(300, 450), 8.0))
    alone = spectrum(_through(sine(300), 8.0))
    assert both[145:156].sum() / both.sum() > 1e-3
    assert alone[145:156].sum() / alone.sum() < 1e-7


def test_the_loudspeaker_gives_next_to_nothing_above_seven_kilohertz():
    power = spectrum(Amplified(strung.ELECTRIC_GUITAR, stack=(0, 7, 12)).play(45, 1.5, 0.7, 0.0, 1))
    assert power[7000:].sum() < 1e-4 * power.sum()


def test_harmonics_do_not_come_back_as_mirror_images():
    power = spectrum(_through(sine(1471), 8.0))
    near = np.zeros(len(power), bool)
    for number in range(1, 16):
        near[max(0, number * 1471 - 6) : number * 1471 + 7] = True
    assert power[~near][30:].sum() < 1e-3 * power.sum()


def test_driving_it_harder_flattens_the_note():
    def crest(drive):
        sound = Amplified(strung.ELECTRIC_GUITAR, drive=drive).play(45, 1.5, 0.7, 0.0, 1)[:RATE]
        return np.abs(sound).max() / np.sqrt(np.mean(sound**2))

    assert crest(9) < 0.8 * crest(0.5)
