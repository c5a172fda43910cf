"""Sounds whose answers are known: (channels, N) arrays, and files of them."""

import numpy as np
import soundfile

RATE = 44_100


def seconds(length, rate=RATE):
    return np.arange(round(length * rate)) / rate


def sine(length, frequency=440.0, level_dbfs=-6.0, rate=RATE):
    """A sine whose top is at `level_dbfs`."""
    return 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * frequency * seconds(length, rate))


def noise(length, level=0.1, rate=RATE, seed=0):
    return level * np.random.default_rng(seed).standard_normal(round(length * rate))


def clicks(bpm, length, rate=RATE):
    """One click a beat, from 0 on."""
    size = rate // 55
    click = 0.3 * np.random.default_rng(0).standard_normal(size) * np.exp(-np.arange(size) / (size / 8))
    sound = np.zeros(round(length * rate))
    for beat in range(int((length - 0.1) * bpm / 60) + 1):
        at = int(beat * 60 / bpm * rate)
        sound[at : at + size] += click[: len(sound) - at]
    return sound


def chord(pitches, length, rate=RATE, cents=0.0):
    """Tones with three overtones each, struck anew."""
    time = seconds(length, rate)
    tones = [
        np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69 + cents / 100) / 12) * n * time) / n**2
        for pitch in pitches
        for n in (1, 2, 3, 4)
    ]
    return 0.05 * sum(tones) * np.minimum(1, time / 0.01) * np.exp(-time)


def cadence(tonic, minor=False, rate=RATE, cents=0.0, times=2):
    """I–IV–V–I (or i–iv–V–i) on a MIDI pitch, a second each."""
    third = 3 if minor else 4
    chords = ((0, third, 7, -12), (5, 5 + third, 12, -7), (7, 11, 14, -5), (0, third, 7, -12)) * times
    return np.concatenate([chord([tonic + step for step in steps], 1, rate, cents) for steps in chords])


def save(path, sound, rate=RATE, subtype="PCM_24"):
    """Write (N,) or (channels, N)."""
    soundfile.write(path, np.atleast_2d(sound).T, rate, subtype)
    return path


def judged():
    """The files that benchmarks/analysis_judges.py makes: name → (sound, rate, coding).

    Clicks, chords, levels, clipping, silence; mono, stereo, 5.1; several rates and codings.
    """
    parts = [np.zeros(RATE), noise(3), np.zeros(RATE), noise(3, 0.02), np.zeros(RATE // 4)]
    gaps = np.concatenate(parts)
    beat = clicks(128, 30, 48_000)
    six = np.stack([sine(12, 200 * (n + 1), -20 - n, 48_000) for n in range(6)])
    return {
        "clicks-66.wav": (clicks(66, 30), RATE, "PCM_16"),
        "clicks-128.flac": (np.stack([beat, 0.5 * beat]), 48_000, "PCM_24"),
        "clicks-185.wav": (clicks(185, 30, 22_050), 22_050, "PCM_16"),
        "cadence-a-minor.flac": (cadence(57, minor=True, times=4), RATE, "PCM_16"),
        "cadence-e-flat.wav": (cadence(63, rate=96_000, times=3), 96_000, "FLOAT"),
        "sine-5.1.wav": (six, 48_000, "PCM_24"),
        "clipped.wav": (np.clip(2 * sine(8, 997, 0), -1, 1), RATE, "PCM_16"),
        "noise-and-gaps.wav": (gaps + 0.002 * (gaps != 0), RATE, "PCM_24"),
    }
