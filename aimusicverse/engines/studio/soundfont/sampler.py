"""One note of a soundfont: its samples at another pitch, looped, in the shape of their volume envelopes.

Of the specification's synthesiser: tuning, ranges, loops, attenuation, the volume envelope, and the low-pass
filter where its envelope opens it widest. Other modulation, LFOs, pan, chorus and reverb are
left out: place and room come from the studio's desk.
"""

from __future__ import annotations

import numpy as np

from aimusicverse.audio.filters import Cascade, lowpass
from aimusicverse.engines.studio.soundfont import font as sf
from aimusicverse.engines.studio.soundfont.font import Font, Recording, Zone
from aimusicverse.engines.studio.synth.partials import F32, RATE

_LONGEST_RELEASE = 3.0
_FALL_DB = 100.0  # over which decay and release times are counted (specification, 8.1.3)
_LOOPS, _UNTIL_RELEASE = 1, 3


def note(font: Font, bank: int, program: int, key: int, velocity: int, seconds: float) -> F32 | None:
    """The note, mono, as loud as the soundfont has it; None where it has none.

    Args:
        font: where the samples are.
        bank: 0, or 128 for drums.
        program: 0-127.
        key: MIDI pitch.
        velocity: 1-127.
        seconds: how long it is held; the release comes after.
    """
    sounds = []
    for zone in font.zones(bank, program, key, velocity):
        recording = font.recording(zone)
        if recording is not None:
            sounds.append(_sound(zone, recording, key, seconds))
    if not sounds:
        return None
    whole = np.zeros(max(map(len, sounds)), np.float32)
    for sound in sounds:
        whole[: len(sound)] += sound
    return whole if np.abs(whole).max() > 1e-6 else None


def _sound(zone: Zone, recording: Recording, key: int, seconds: float) -> F32:
    says = zone.says
    if says[sf.FIXED_KEY] >= 0:
        key = says[sf.FIXED_KEY]
    cents = (
        (key - recording.key) * says[sf.SCALE]
        + recording.cents
        + 100 * says.get(sf.COARSE, 0)
        + says.get(sf.FINE, 0)
    )
    speed = 2 ** (max(-9600, min(9600, cents)) / 1200) * recording.rate / RATE
    release = min(_LONGEST_RELEASE, _seconds(says[sf.RELEASE]))
    length = int((seconds + release) * RATE) + 1
    place = np.arange(length) * speed
    first, last = recording.loop
    mode = says.get(sf.MODES, 0) & 3
    loops = mode in (_LOOPS, _UNTIL_RELEASE) and 0 <= first < last - 1 and last <= len(recording.samples)
    free = 0 if not loops else length if mode == _LOOPS else min(int(seconds * RATE), length - 1)
    if loops and mode == _UNTIL_RELEASE:
        place = np.where(place < last, place, first + np.mod(place - first, last - first))
    if free < length:  # from here on the sample runs to its end
        place[free:] = place[free] + np.arange(length - free) * speed
        place = place[: free + np.searchsorted(place[free:], len(recording.samples) - 1)]
    if not len(place):
        return np.zeros(1, np.float32)
    loop = (first, last) if loops and mode == _LOOPS else None
    sound = _between(recording.samples, place, loop) * _envelope(says, seconds, len(place))
    sound *= np.float32(10 ** (-max(0, min(1440, says.get(sf.ATTENUATION, 0))) / 200))
    widest = says[sf.FILTER] + max(0, says.get(sf.OPENING, 0))
    corner = 8.176 * 2 ** (max(0, min(14_000, widest)) / 1200)
    if corner < 0.4 * RATE:
        sound = np.asarray(Cascade((lowpass(max(60.0, corner), RATE),), 1).process(sound[None, :])[0])
    return sound.astype(np.float32, copy=False)


def _between(samples: F32, place: np.ndarray, loop: tuple[int, int] | None) -> F32:
    """The samples at places between them, by cubic Hermite curves; after its end a loop begins again."""
    whole = place.astype(np.int64)
    part = (place - whole).astype(np.float32)
    around = []
    for offset in (-1, 0, 1, 2):
        at = whole + offset
        if loop is not None:
            at = np.where(at >= loop[1], loop[0] + np.mod(at - loop[0], loop[1] - loop[0]), at)
        around.append(samples[np.clip(at, 0, len(samples) - 1)])
    before, here, there, after = around
    slope, next_slope = (there - before) / 2, (after - here) / 2
    bend = 3 * (there - here) - 2 * slope - next_slope
    twist = 2 * (here - there) + slope + next_slope
    return np.asarray(here + part * (slope + part * (bend + part * twist)), np.float32)


def _envelope(says: dict[int, int], seconds: float, length: int) -> F32:
    time = np.arange(length) / RATE
    delay, attack, hold = (_seconds(says[what]) for what in (sf.DELAY, sf.ATTACK, sf.HOLD))
    decay, release = _seconds(says[sf.DECAY]), min(_LONGEST_RELEASE, _seconds(says[sf.RELEASE]))
    floor = min(_FALL_DB, max(0, says.get(sf.SUSTAIN, 0)) / 10)

    def level(at: np.ndarray) -> np.ndarray:
        fallen = np.minimum(floor, np.maximum(0, at - delay - attack - hold) / max(decay, 1e-3) * _FALL_DB)
        return np.asarray(np.clip((at - delay) / max(attack, 1e-4), 0, 1) * 10 ** (-fallen / 20))

    shape = level(np.minimum(time, seconds))
    shape *= 10 ** (-np.maximum(0, time - seconds) / max(release, 0.02) * _FALL_DB / 20)
    return shape.astype(np.float32)


def _seconds(timecents: int) -> float:
    return float(2 ** (max(-12000, min(8000, timecents)) / 1200)) if timecents > -12000 else 0.0
