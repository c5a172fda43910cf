"""What holds the mix together, and that channels through buses of their own still add up to it."""

import numpy as np
import pytest

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.bus import Bus
from aimusicverse.engines.studio.desk import BLOCK, Desk
from aimusicverse.engines.studio.finish import FINISHES, Finish, Glue, finish_of
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.mix import mix
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.types import GenerationCreate

RATE = 44_100


def music(loud, quiet, seconds=4):
    """Noise with a loud beat of 100 ms in every half second."""
    random = np.random.default_rng(1)
    place = np.arange(seconds * RATE // 128 * 128) / RATE % 0.5
    shape = np.where(place < 0.1, loud, quiet)
    return (random.standard_normal((2, len(shape))) * shape).astype(np.float32)


def after(sound, finish):
    return sound * Glue(finish).gain(sound)


def spread(sound):
    """dB between the beats and what lies between them, once the average is known."""
    level = np.sqrt((sound[:, 2 * RATE : 4 * RATE - 4410] ** 2).mean(axis=0))
    place = np.arange(2 * RATE, 4 * RATE - 4410) / RATE % 0.5
    beat, rest = level[(place > 0.03) & (place < 0.1)], level[(place > 0.35) & (place < 0.5)]
    return 20 * np.log10(np.sqrt((beat**2).mean() / (rest**2).mean()))


def test_compression_brings_loud_and_quiet_moments_nearer():
    sound = music(0.3, 0.03)
    assert spread(after(sound, Finish(2.0))) < spread(sound) - 0.8
    assert spread(after(sound, Finish(3.0))) < spread(after(sound, Finish(2.0)))


def test_a_quiet_piece_is_compressed_like_a_loud_one():
    loud, quiet = (after(music(0.3 * gain, 0.03 * gain), Finish(2.0)) / gain for gain in (1, 0.01))
    assert np.abs(loud - quiet)[:, RATE:].max() < 0.01 * np.abs(loud).max()


def test_without_ratio_and_tape_there_is_no_curve():
    assert Glue(Finish(1.0)).gain(music(0.3, 0.03)) is None


def test_the_curve_has_no_steps_at_the_borders_of_blocks():
    sound = music(0.3, 0.03)[:, : 4 * BLOCK]
    whole = Glue(Finish(2.5)).gain(sound)
    glue = Glue(Finish(2.5))
    parts = [glue.gain(sound[:, at : at + BLOCK]) for at in range(0, sound.shape[1], BLOCK)]
    assert np.abs(np.concatenate(parts) - whole).max() < 1e-5


def test_tape_bends_peaks_and_adds_odd_harmonics():
    time = np.arange(RATE * 2 // 128 * 128) / RATE
    sine = (0.5 * np.sin(2 * np.pi * 500 * time)).astype(np.float32)
    out = after(np.stack([sine, sine]), Finish(1.0, tape=0.4))[0, -RATE // 2 :]
    spectrum = np.abs(np.fft.rfft(out * np.hanning(len(out))))
    third, second = spectrum[3 * 250], spectrum[2 * 250]
    assert 0.003 < third / spectrum[250] < 0.1
    assert second < 0.01 * third


@pytest.mark.parametrize("begins", [0, 50, 4 * BLOCK - 100])
def test_a_tape_lets_no_first_note_go_with_a_click(begins):
    time = np.arange(2 * BLOCK) / RATE
    wave = 0.2 * np.sin(2 * np.pi * 55 * time) * np.clip(time / 0.006, 0, 1)
    sound = np.zeros((2, 6 * BLOCK), np.float32)
    sound[:, begins : begins + len(wave)] = wave
    for finish in FINISHES.values():
        glue = Glue(finish)
        gains = [glue.gain(sound[:, at : at + BLOCK]) for at in range(0, sound.shape[1], BLOCK)]
        if gains[0] is None:
            continue
        out = (sound * np.concatenate(gains))[0, begins : begins + 500]
        bare = sound[0, begins : begins + 500]
        assert np.abs(np.diff(out, 3)).max() < 3 * np.abs(np.diff(bare, 3)).max()


def test_silence_stays_silence():
    assert np.isfinite(Glue(Finish(2.0, 0.3)).gain(np.zeros((2, BLOCK), np.float32))).all()


def test_every_genre_has_its_finish():
    assert FINISHES.keys() == GENRES.keys()


@pytest.mark.parametrize("prompt", ["lofi hip hop, tape, spacious, wide", "rock"])
def test_parts_through_buses_of_their_own_add_up_to_the_mix(prompt):
    plan = make_plan(GenerationCreate(prompt=prompt, duration_seconds=8), 3)
    score = write_score(plan)
    events, samples = perform(score), 8 * RATE
    whole = np.hstack(list(mix(score, events, samples)))
    desk, glue = Desk(score, events), Glue(finish_of(score.frame))
    buses = [Bus(score.frame, samples) for _ in score.parts]
    total = np.zeros((2, 0), np.float32)
    for start in range(0, samples, BLOCK):
        channels = desk.block(start)
        gain = glue.gain(sum(dry for dry, _ in channels))
        stems = [bus.process(*channel, start, gain) for bus, channel in zip(buses, channels, strict=True)]
        total = np.hstack([total, sum(stems)[:, : samples - start]])
    assert np.abs(total - whole).max() < 1e-4
