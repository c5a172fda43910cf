"""What the judge counts in the notes of a MIDI file, on files made by hand."""

import random

import numpy as np
import pytest

from benchmarks.genre_lessons import lessons
from benchmarks.judge.genre import Listener, nearest
from benchmarks.judge.midi import Page, Stroke, page_of_file
from benchmarks.judge.page import page_features, thinned
from benchmarks.prompt_labels import labels
from tests.benchmarks.test_judge_midi import END, TEMPO_120_THEN_60, file

PIANO, BASS, STRINGS = 0, 33, 48


def drum(start, pitch):
    return Stroke(start, 0.25, pitch, 0.8, 0, None)


def note(start, pitch, track=1, program=PIANO, quarters=1.0):
    return Stroke(start, quarters, pitch, 0.8, track, program)


def counted(*strokes, bar=4.0, bpm=120.0):
    return page_features(Page(bpm, bar, tuple(sorted(strokes, key=lambda stroke: stroke.start))))


def test_a_page_has_tempo_metre_and_programs_in_quarters():
    metre = [0, 0xFF, 0x58, 4, 6, 3, 36, 8]  # 6/8
    played = [0, 0xC2, 48, 0, 0x92, 60, 127, 0x83, 0x60, 0x82, 60, 0, *END]
    struck = [0, 0xC9, 25, 0x83, 0x60, 0x99, 36, 127, 0x83, 0x60, 36, 0, *END]
    found = page_of_file(file(metre + TEMPO_120_THEN_60, played, struck))
    assert (found.bpm, found.bar) == (120.0, 3.0)
    assert found.strokes == (
        Stroke(0.0, 1.0, 60, 1.0, 1, STRINGS),
        Stroke(1.0, 1.0, 36, 1.0, 2, None),
    )


def test_words_in_a_file_change_nothing():
    played = [0, 0x90, 60, 127, 0x60, 60, 0, *END]
    told = [0, 0xFF, 3, 4, *b"rock", 0, 0xFF, 1, 4, *b"funk", 0, 0xFF, 6, 4, *b"jazz", *played]
    assert page_of_file(file(told)) == page_of_file(file(played))


def test_a_file_without_notes_is_counted_too():
    found = counted()
    assert all(np.isfinite(line).all() for line in found.values())
    assert found["drums: none"] == pytest.approx(np.log(2))


def test_drums_stand_in_their_sixteenth_of_the_bar():
    found = counted(drum(0, 36), drum(1, 38), drum(3.75, 42), drum(4, 36), drum(5, 38), drum(7.75, 42))
    for name, place in (("kick", 0), ("snare", 4), ("hat", 15)):
        assert np.flatnonzero(found[f"drums: {name}"]).tolist() == [place]
        assert found[f"drums: {name}"][place] == pytest.approx(np.log(2))  # one a bar


def test_a_stroke_just_before_the_bar_belongs_to_its_first_place():
    assert np.flatnonzero(counted(drum(3.95, 36), drum(7.95, 36))["drums: kick"]).tolist() == [0]
    assert np.flatnonzero(counted(drum(2.95, 36), bar=3.0)["drums: kick"]).tolist() == [0]


def test_swing_is_where_off_beats_fall():
    straight = counted(*(drum(beat / 2, 42) for beat in range(8)))["within the beat: drums"]
    swung = counted(*(drum(beat + off, 42) for beat in range(4) for off in (0, 2 / 3)))
    assert np.flatnonzero(straight).tolist() == [0, 6]
    assert np.flatnonzero(swung["within the beat: drums"]).tolist() == [0, 8]


def test_chords_have_sizes_and_intervals_within_a_track():
    found = counted(*(note(0, pitch) for pitch in (60, 64, 67, 70)), note(0, 40, 2, BASS))
    assert found["chords: sizes"].tolist() == [0.5, 0, 0, 0.5, 0, 0]
    assert np.flatnonzero(found["chords: intervals"]).tolist() == [4, 7, 10]


def test_the_bass_is_the_lowest_track_if_it_is_low():
    found = counted(note(0, 72), note(1, 40, 2, BASS), note(2.5, 52, 2, BASS))
    assert np.flatnonzero(found["bass"]).tolist() == [4, 10]
    assert found["bass: register, length, steps"].tolist() == [46, 6, 1, 0, 1]
    assert not counted(note(0, 72))["bass"].any()


def test_families_are_those_of_general_midi():
    found = counted(note(0, 60), note(1, 60, 2, STRINGS, quarters=2.0), note(3, 60, 2, STRINGS))
    assert np.flatnonzero(found["families: there"]).tolist() == [0, 6]
    assert found["families: time"][6] == pytest.approx(3 / 4)


def test_thinned_pages_keep_whole_tracks_and_never_none():
    page = Page(120, 4, tuple(note(0, 60 + track, track) for track in range(5)))
    kept = [thinned(page, random.Random(seed)).strokes for seed in range(50)]
    assert {len(strokes) for strokes in kept} == {1, 2, 3, 4, 5}
    assert thinned(Page(120, 4, ()), random.Random(1)).strokes == ()


def test_a_listener_knows_two_kinds_of_one_genre():
    draw = np.random.default_rng(1)
    some = draw.normal(size=(40, 4))
    high = some + np.where(np.arange(40)[:, None] % 2, [20, 0, 0, 0], [0, 20, 0, 0])
    listening = Listener({"one": high, "other": draw.normal(size=(40, 4)) - 3})
    for place in ([20, 0, 0, 0], [0, 20, 0, 0]):
        assert nearest((1.0, listening.far(np.array(place)))) == "one"
    assert nearest((1.0, listening.far(np.full(4, -3.0)))) == "other"


def test_distances_count_by_their_weight():
    one, other = {"a": 1.0, "b": 2.0}, {"a": 4.0, "b": 1.0}
    assert nearest((1.0, one), (1.0, other)) == "b"
    assert nearest((1.0, one), (0.25, other)) == "a"


def test_no_lesson_is_a_labelled_prompt():
    asked = {label.prompt.lower() for label in labels()}
    learnt = lessons(range(11, 13), range(101, 161))
    assert not asked & {order.prompt.lower() for _, order in learnt}
    assert learnt == lessons(range(11, 13), range(101, 161))
