"""The judge of recordings: it knows nothing of what it judges, and reads known signals rightly."""

import ast
from pathlib import Path

import numpy as np
import pytest

from benchmarks import judge
from benchmarks.judge.form import borders_found, repetition
from benchmarks.judge.gates import GATES, misses
from benchmarks.judge.genre import Listener, nearest
from benchmarks.judge.key import key, related, scale
from benchmarks.judge.levels import levels
from benchmarks.judge.likeness import correlation, separation
from benchmarks.judge.loudness import loudness
from benchmarks.judge.metre import metre, onsets
from benchmarks.judge.notes import Note, melody_bars, outside
from benchmarks.judge.sound import Sound
from benchmarks.judge.spectra import FRAMES_A_SECOND, cut
from benchmarks.judge.tempo import tempo
from benchmarks.judge.true_peak import true_peak

RATE = 44_100


def seconds(length):
    return np.arange(round(length * RATE)) / RATE


def stereo(line):
    return Sound(np.stack([line, line]).astype(np.float32), RATE)


def tone(hertz, length, level_db=-20.0):
    return 10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * seconds(length))


def clicks(bpm, length):
    line = np.zeros(round(length * RATE))
    noise = np.random.default_rng(1).standard_normal(2000) * np.exp(-np.arange(2000) / 300) * 0.3
    for beat in range(int(length * bpm / 60)):
        at = round(beat * 60 / bpm * RATE)
        line[at : at + 2000] += noise[: len(line) - at]
    return line


def chord(pitches, length):
    return sum(tone(440 * 2 ** ((pitch - 69) / 12), length, -26) for pitch in pitches)


def test_the_judge_imports_nothing_of_what_it_judges():
    for path in Path(judge.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                root = name.split(".")[0]
                assert root != "aimusicverse", path
                assert root != "benchmarks" or name.startswith("benchmarks.judge"), path


@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_a_stereo_tone_is_as_loud_as_ebu_tech_3341_says(level):
    assert loudness(stereo(tone(1000, 20, level)))[0] == pytest.approx(level, abs=0.1)


def test_two_levels_of_20_s_have_the_range_of_ebu_tech_3342():
    line = np.concatenate([tone(1000, 20, -20), tone(1000, 20, -30)])
    assert loudness(stereo(line))[1] == pytest.approx(10, abs=0.5)


def test_silence_has_no_loudness_and_no_peak():
    sound = stereo(np.zeros(RATE * 2))
    assert loudness(sound) == (-np.inf, 0.0)
    assert true_peak(sound) == -np.inf


def test_a_peak_between_samples_is_found():
    line = 0.5 * np.sin(np.pi / 2 * np.arange(RATE) + np.pi / 4)
    assert np.abs(line).max() < 0.36
    line *= np.minimum(1, np.minimum(seconds(1), seconds(1)[::-1]) / 0.1)
    assert true_peak(stereo(line)) == pytest.approx(-6.02, abs=0.1)


@pytest.mark.parametrize("bpm", [72.0, 97.0, 128.0])
def test_clicks_have_their_tempo_and_a_clear_pulse(bpm):
    heard, clarity = tempo(cut(stereo(clicks(bpm, 20))).onsets, FRAMES_A_SECOND)
    assert heard == pytest.approx(bpm, rel=0.01)
    assert clarity > 0.6


def test_noise_has_no_pulse_no_form_and_is_flat():
    noise = np.random.default_rng(2).standard_normal((2, RATE * 20)) * 0.1
    spectra = cut(Sound(noise.astype(np.float32), RATE))
    assert tempo(spectra.onsets, FRAMES_A_SECOND)[1] < 0.1
    assert borders_found(spectra, (10.0,))[1] < 0.05
    assert np.nanmean(spectra.flatness) > 0.5


def test_a_cadence_has_its_key():
    line = np.concatenate(
        [chord(p, 1) for p in ((57, 60, 64), (62, 65, 69), (52, 56, 59), (57, 60, 64, 69)) * 3]
    )
    assert related(key(cut(stereo(line)).chroma.sum(axis=0))[0], "A minor")


def test_a_change_of_sound_is_found_where_it_is_and_bars_that_return_are_alike():
    one, two = chord((57, 60, 64), 10), chord((69, 72, 79), 10) + clicks(120, 10)
    spectra = cut(stereo(np.concatenate([one, two])))
    share, novelty, heard = borders_found(spectra, (10.0,))
    assert share == 1
    assert novelty > 0.15
    assert len(heard) <= 3
    assert repetition(spectra, 2.0) > 0.9


def test_levels_tell_clipping_silence_and_a_cut_end():
    loud = levels(stereo(np.clip(2 * tone(100, 2, 0), -1, 1)))
    assert loud["clipped"] > 1000
    assert loud["last_dbfs"] > -20
    half = levels(stereo(np.concatenate([tone(100, 2), np.zeros(2 * RATE)])))
    assert half["silence"] == pytest.approx(0.5, abs=0.02)
    assert half["fall_db"] > 60


def test_borrowed_notes_count_by_how_long_they_sound():
    own = [Note(i, 1.0, 57 + step, 0.5, "piano", "harmony") for i, step in enumerate((0, 2, 3, 5, 7, 8, 10))]
    assert outside(own, "A minor") == (0.0, True)
    share, longest = outside([*own, Note(8, 0.5, 56, 0.5, "piano", "harmony")], "A minor")
    assert share == pytest.approx(0.5 / 7.5)
    assert longest
    assert not outside([*own, Note(8, 5, 56, 0.5, "piano", "harmony")], "A minor")[1]
    assert outside([*own, Note(8, 9, 56, 0.5, "drums", "drums")], "A minor") == (0.0, True)


def test_a_bar_of_melody_is_the_same_in_another_key():
    def bar(start, tonic):
        return [
            Note(start + i / 2, 0.4, tonic + up, 0.5, "flute", "melody") for i, up in enumerate((0, 4, 7))
        ]

    assert melody_bars(bar(2, 60), 2.0, "C major") == melody_bars(bar(4, 62), 2.0, "D major") != set()


def test_keys_with_flats_are_those_with_sharps():
    assert scale("Bb major") == scale("G minor") == scale("A# major")
    assert related("C major", "A minor")
    assert related("G major", "A minor")
    assert not related("D major", "A minor")


def test_every_gate_says_by_how_much_it_is_missed():
    assert misses("jazz", {"lufs": -14.1, "dbtp": -0.7, "lra": 1.0}) == {"true peak": pytest.approx(0.3)}
    assert misses("classical", {"lra": 1.0}) == {"loudness range": pytest.approx(4.0)}
    assert misses("jazz", {"pulse": float("nan")}) == {"pulse clarity": np.inf}
    assert len({gate.name for gate in GATES}) == len(GATES)


def test_genres_that_lie_apart_are_told_from_those_that_do_not():
    chance = np.random.default_rng(3)
    one, two = chance.standard_normal((2, 5, 54))
    mixed = separation({"a": one, "b": two})
    apart = separation({"a": one, "b": two + 8})
    assert mixed["a"][0] < 1.2
    assert apart["a"][0] > 2
    assert apart["a"][1] == "b"


def test_likeness_is_that_of_what_both_have():
    line = np.random.default_rng(4).standard_normal(500)
    assert correlation(line, line[:300]) == pytest.approx(1)
    assert correlation(line, np.zeros(500)) == 0


@pytest.mark.parametrize(
    ("bar", "expected"),
    [
        ([(0, 1.0), (1, 0.5), (2, 0.5), (2.5, 0.3)], "3/4"),
        ([(0, 1.0), (1, 0.5), (1 + 2 / 3, 0.3), (2, 0.5)], "3/4"),
        ([(0, 1.0), (1, 0.5), (1.5, 0.3), (2, 0.8), (3, 0.5)], "4/4"),
        ([(0, 1.0), (1 / 3, 0.3), (2 / 3, 0.4), (1, 0.7), (4 / 3, 0.3), (5 / 3, 0.4)], "6/8"),
    ],
)
def test_a_metre_is_told_from_what_returns(bar, expected):
    beats = {"3/4": 3, "4/4": 4, "6/8": 2}[expected]
    notes = [
        Note((number * beats + beat) * 0.5, 0.2, 60, strength, "piano", "harmony")
        for number in range(24)
        for beat, strength in bar
    ]
    assert metre(onsets(notes), 120.0) == expected


def test_a_listener_knows_the_genres_it_has_heard():
    chance = np.random.default_rng(5)
    centres = {"one": 0.0, "two": 1.0, "three": 2.0}
    listener = Listener({name: chance.normal(at, 0.5, (8, 20)) for name, at in centres.items()})
    heard = [
        nearest((1.0, listener.far(chance.normal(at, 0.5, 20)))) == name
        for name, at in centres.items()
        for _ in range(10)
    ]
    assert sum(heard) >= 28
