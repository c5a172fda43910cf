"""Vibrato and sections: the pitch sways as far as it should, and players of a section each for himself."""

import numpy as np

from aimusicverse.engines.studio.synth.noise import Noise, piped, stretch
from aimusicverse.engines.studio.synth.partials import RATE
from aimusicverse.engines.studio.synth.sway import swayed
from aimusicverse.engines.studio.synth.tone import Tone


def pitch(sound):
    """Instantaneous frequency of a sine (Hz), smoothed over 10 ms."""
    size = len(sound)
    spectrum = np.fft.fft(sound)
    spectrum[size // 2 :] = 0
    turned = np.unwrap(np.angle(np.fft.ifft(spectrum)))
    return np.convolve(np.diff(turned) * RATE / (2 * np.pi), np.ones(441) / 441, "valid")[4410:-4410]


def a_sine(frequency=880.0, seconds=2.0):
    return np.sin(2 * np.pi * frequency * np.arange(int(RATE * seconds)) / RATE).astype(np.float32)


def test_the_pitch_sways_by_about_the_asked_cents_around_the_note():
    heard = pitch(swayed(a_sine(), (5.5, 20, 0.0), 0.0, np.random.default_rng(3)))
    cents = 1200 * np.log2(heard / 880)
    assert 14 < np.percentile(np.abs(cents), 98) < 30
    assert abs(cents.mean()) < 2


def test_two_players_do_not_sway_together():
    one, other = (
        pitch(swayed(a_sine(), (5.5, 20, 0.0), 0.0, np.random.default_rng(seed))) for seed in (1, 2)
    )
    assert np.corrcoef(one, other)[0, 1] < 0.9


def test_who_comes_late_leaves_silence_before():
    sound = swayed(np.ones(RATE, np.float32), (5, 0.0, 0), 0.05, np.random.default_rng(5))
    first = int(np.argmax(sound > 0.5))
    assert 0 < first <= 0.052 * RATE
    assert (sound[: first - 1] == 0).all()


def test_breath_in_a_pipe_sounds_at_the_pitch_of_the_pipe_and_its_multiples():
    noise = stretch(Noise(1.0, 200, 9000), RATE, np.random.default_rng(1))
    power = np.abs(np.fft.rfft(piped(noise, 500.0, 0.8))) ** 2
    on, between = (np.mean([power[n * 500 + off - 20 : n * 500 + off + 20].mean() for n in range(1, 12)])
                   for off in (0, 250))  # fmt: skip
    assert on > 20 * between


def test_breath_is_strongest_where_the_tone_begins():
    def blown(chiff):
        noise = Noise(0.1, 4000, 9000, chiff=chiff)
        sound = Tone(slope=1.9, attack=0.03, partials=4, noise=noise).play(72, 1.0, 0.7, 0.0, 1)
        spectrum = np.fft.rfft(sound)
        spectrum[: int(3500 * len(sound) / RATE)] = 0
        breath = np.fft.irfft(spectrum, len(sound)) ** 2
        return breath[: RATE // 20].mean() / breath[RATE // 2 : RATE].mean()

    assert blown(4) > 3 * blown(0)
