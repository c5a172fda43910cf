"""Chord charts: the right names for the key, and every second accounted for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.chart import write_chart
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.metre import METRES
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.spelling import note_name, numeral, sharps, symbol
from aimusicverse.engines.studio.theory import Chord
from aimusicverse.types import GenerationCreate

SCALES = {
    "C major": "C D E F G A B",
    "Bb major": "Bb C D Eb F G A",
    "F# major": "F# G# A# B C# D# E#",
    "Gb major": "Gb Ab Bb Cb Db Eb F",
    "Cb major": "Cb Db Eb Fb Gb Ab Bb",
    "A minor": "A B C D E F G",
    "C minor": "C D Eb F G Ab Bb",
    "G# minor": "G# A# B C# D# E F#",
    "Eb minor": "Eb F Gb Ab Bb Cb Db",
    # Too many of one kind: written with the other.
    "G# major": "Ab Bb C Db Eb F G",
    "Fb major": "E F# G# A B C# D#",
    "Gb minor": "F# G# A B C# D E",
}


def planned(prompt, seed=1, **fields):
    return make_plan(GenerationCreate(prompt=prompt, **{"duration_seconds": 30, **fields}), seed)


def root_of(symbol):
    """The pitch class of a chord by its symbol alone."""
    sign = {"#": 1, "b": -1}.get(symbol[1:2], 0)
    return ("C D EF G A B".index(symbol[0]) + sign) % 12


def symbols(key, size):
    return [symbol(Chord(degree, 0, 4, size), key) for degree in range(7)]


@pytest.mark.parametrize("key", SCALES)
def test_notes_are_spelt_as_the_key_has_them(key):
    assert [note_name(degree, key) for degree in range(7)] == SCALES[key].split()
    assert -7 <= sharps(key) <= 7


@given(
    note=st.sampled_from("CDEFGAB"),
    sign=st.sampled_from(["", "#", "b"]),
    mode=st.sampled_from(["major", "minor"]),
)
def test_every_key_has_seven_letters_once_each(note, sign, mode):
    key = f"{note}{sign} {mode}"
    assert {note_name(degree, key)[0] for degree in range(7)} == set("CDEFGAB")


def test_altered_notes_keep_the_letter_of_their_degree():
    assert [note_name(3, "C major", 1), note_name(6, "C major", -1)] == ["F#", "Bb"]
    assert [note_name(6, "A minor", 1), note_name(1, "A minor", -1)] == ["G#", "Bb"]
    assert note_name(3, "F# major", 1) == "B#"


def test_chords_are_named_by_what_is_heard():
    assert symbols("Bb major", 3) == ["Bb", "Cm", "Dm", "Eb", "F", "Gm", "Adim"]
    assert symbols("C major", 4) == ["Cmaj7", "Dm7", "Em7", "Fmaj7", "G7", "Am7", "Bm7b5"]
    assert symbols("A minor", 4) == ["Am7", "Bm7b5", "Cmaj7", "Dm7", "Em7", "Fmaj7", "G7"]
    assert symbols("C major", 5) == ["Cmaj9", "Dm9", "Em7(b9)", "Fmaj9", "G9", "Am9", "Bm7b5"]


def test_numerals_tell_major_from_minor_by_their_case():
    def numerals(key, size):
        return [numeral(Chord(degree, 0, 4, size), key) for degree in range(7)]

    assert numerals("G major", 3) == ["I", "ii", "iii", "IV", "V", "vi", "vii°"]
    assert numeral(Chord(4, 0, 4, 4, ((6, 1),)), "A minor") == "V7"
    assert numeral(Chord(1, 0, 4, 3, ((1, -1),)), "A minor") == "bII"
    assert numeral(Chord(6, 0, 4, 4, ((6, 1), (5, 0))), "A minor") == "#vii°7"
    assert numerals("A minor", 4) == ["i7", "iiø7", "IIImaj7", "iv7", "v7", "VImaj7", "VII7"]


@settings(max_examples=60, deadline=None)
@given(
    genre=st.sampled_from(sorted(GENRES)),
    metre=st.sampled_from(sorted(METRES)),
    seed=st.integers(0, 10**6),
    duration=st.floats(5, 600),
    tempo=st.none() | st.floats(40, 240),
)
def test_sections_and_chords_cover_the_recording_without_a_gap(genre, metre, seed, duration, tempo):
    plan = planned(f"{genre} {metre}", seed, duration_seconds=duration, tempo_bpm=tempo)
    chart = write_chart(plan)
    for row in (
        [(one.start_seconds, one.end_seconds) for one in chart.sections],
        [(one.start_seconds, one.start_seconds + one.duration_seconds) for one in chart.chords],
    ):
        edges = [0.0, *(end for _, end in row)]
        assert [start for start, _ in row] == pytest.approx(edges[:-1], abs=1e-4)
        assert edges[-1] == pytest.approx(duration, abs=1e-4)
    assert len(chart.downbeats) == chart.bars + 1
    assert [one.first_bar for one in chart.sections] == [
        1 + sum(one.bars for one in chart.sections[:index]) for index in range(len(chart.sections))
    ]
    for chord in chart.chords:
        assert 1 <= chord.beat < chart.beats_per_bar + 1
        late = chord.start_seconds - chart.downbeats[chord.bar - 1] - (chord.beat - 1) * 60 / chart.tempo_bpm
        slowest = 0.1 * chart.beats_per_bar * 60 / chart.tempo_bpm if chord.bar == chart.bars else 0.0
        assert -1e-4 <= late <= slowest + 1e-4  # a last bar may slow down


@pytest.mark.parametrize("genre", GENRES)
def test_the_chart_has_the_chords_that_are_played(genre):
    """Long notes of the bass stand on the roots of the chart."""
    plan = planned(genre, 3, duration_seconds=60)
    score, chart = write_score(plan), write_chart(plan)
    assert [symbol(chord, plan.key) for chord in score.chords] == [told.symbol for told in chart.chords]
    assert chart.chords[-1].numeral in ("I", "i")  # a triad, however rich the chords before
    bass = [note for part in score.parts if part.role == "bass" for note in part.notes]
    fits = [
        root_of(told.symbol) == note.pitch % 12
        for chord, told in zip(score.chords, chart.chords, strict=True)
        for note in bass
        if note.start == chord.start
    ]
    assert sum(fits) >= 0.9 * len(fits)


@pytest.mark.parametrize(("metre", "beats"), [("4/4", [1, 2.5, 3]), ("6/8", [1, 2, 2.333])])
def test_a_chord_is_on_a_beat_as_the_tempo_counts_them(monkeypatch, metre, beats):
    chords = [Chord(0, 0.0, 1.5), Chord(4, 1.5, 0.5), Chord(0, 2.0, 500)]
    plan = planned(f"folk {metre}")
    score = replace(write_score(plan), chords=tuple(chords))
    monkeypatch.setattr("aimusicverse.engines.studio.chart.write_score", lambda _: score)
    chart = write_chart(plan)
    assert [(chord.bar, chord.beat) for chord in chart.chords] == [(1, beat) for beat in beats]
