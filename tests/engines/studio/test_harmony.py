"""Chords: colours from outside the key, how they are spelled, and what they never do."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.balance import keeps_its_key
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.score import stretches
from aimusicverse.engines.studio.theory import Chord, Key
from aimusicverse.types import GenerationCreate


def score(prompt, seed=1, **fields):
    return write_score(make_plan(GenerationCreate(prompt=prompt, **fields), seed))


def symbols(prompt, key, seeds=range(1, 9), **fields):
    pieces = [score(prompt, seed, key=key, **fields) for seed in seeds]
    return [chord.symbol(piece.frame.key) for piece in pieces for chord in piece.chords]


@pytest.mark.parametrize(
    ("key", "chord", "symbol"),
    [
        ("A minor", Chord(0, 0, 4, 4), "Am7"),
        ("A minor", Chord(4, 0, 4, 4, ((6, 1),)), "E7"),
        ("A minor", Chord(1, 0, 4, 3, ((1, -1),)), "Bb"),
        ("A minor", Chord(1, 0, 4, 4), "Bm7b5"),
        ("C major", Chord(3, 0, 4, 3, ((5, -1),)), "Fm"),
        ("C major", Chord(0, 0, 4, 5), "Cmaj9"),
        ("C major", Chord(6, 0, 4, 3), "Bdim"),
        ("C major", Chord(1, 0, 4, 4, ((3, 1),)), "D7"),
        ("F# major", Chord(6, 0, 4, 3), "E#dim"),
        ("Eb minor", Chord(5, 0, 4, 4), "Cbmaj7"),
        ("Bb major", Chord(6, 0, 4, 3, ((6, -1),)), "Ab"),
        ("D minor", Chord(4, 0, 4, 5, ((6, 1),)), "A7(b9)"),
    ],
)
def test_a_chord_is_spelled_in_its_key(key, chord, symbol):
    assert chord.symbol(Key.named(key)) == symbol


def test_dominants_in_minor_have_a_leading_note_where_people_write_one():
    assert "E7" in symbols("classical", "A minor")
    assert "E7" in symbols("jazz", "A minor")
    assert "E7" not in symbols("techno", "A minor")


def test_a_blues_has_dominant_sevenths_on_three_degrees_and_no_major_seventh():
    found = set(symbols("blues", "A major", duration_seconds=180))
    assert {"A7", "D7", "E7"} <= found
    assert not any("maj7" in symbol for symbol in found)


def test_the_melody_of_a_blues_has_blue_notes():
    piece = score("blues", 2, key="A major", duration_seconds=180)
    lead = next(part for part in piece.parts if part.role == "lead")
    assert any(note.pitch % 12 == 0 for note in lead.notes)  # C over A major


def test_a_sad_song_in_major_borrows_the_minor_fourth():
    assert "Fm" in symbols("sad pop", "C major")


def test_an_epic_close_comes_from_the_other_mode():
    found = symbols("epic chiptune", "C major")
    assert "Ab" in found
    assert "Bb" in found


def test_a_bridge_may_stand_in_the_relative_key():
    bridges = []
    for seed in range(1, 13):
        piece = score("pop", seed, key="A minor", duration_seconds=180)
        bridges += [
            next(c.degree for c in piece.chords if c.start == place.bar * 4)
            for place in stretches(piece.frame)
            if place.name == "bridge"
        ]
    assert 2 in bridges


@settings(max_examples=40, deadline=None)
@given(
    genre=st.sampled_from(sorted(GENRES)),
    words=st.sampled_from(["", " waltz", " in 6/8", " epic", " sad", " solo flute"]),
    seed=st.integers(0, 10**6),
    duration=st.floats(5, 120),
    key=st.sampled_from(["A minor", "C major"]),
)
def test_colours_never_outweigh_the_key(genre, words, seed, duration, key):
    piece = score(genre + words, seed, duration_seconds=duration, key=key)
    assert keeps_its_key(piece)
    for place in stretches(piece.frame):
        start = place.bar * piece.frame.beats_per_bar
        assert not next(chord for chord in piece.chords if chord.start >= start - 1e-6).altered
    assert not piece.chords[-1].altered


@pytest.mark.parametrize("key", ["A minor", "C major"])
@pytest.mark.parametrize("seed", range(1, 7))
def test_no_parallel_fifths_or_octaves_between_melody_and_bass_in_classical_music(key, seed):
    piece = score("classical", seed, key=key, duration_seconds=120)
    lead = next(part for part in piece.parts if part.role == "lead")
    for before, after in pairwise(piece.chords):
        last = [n for n in lead.notes if before.start <= n.start < after.start]
        first = [n for n in lead.notes if n.start == after.start]
        if not last or not first or after.start >= piece.frame.end:
            continue
        if any(place.bar * piece.frame.beats_per_bar == after.start for place in stretches(piece.frame)):
            continue  # another section begins
        roots = [chord.root(piece.frame.key) for chord in (before, after)]
        gaps = [(n.pitch - root) % 12 for n, root in zip((last[-1], first[0]), roots, strict=True)]
        if roots[0] != roots[1] and last[-1].pitch != first[0].pitch:
            assert not (gaps[0] == gaps[1] and gaps[0] in (0, 7)), (after.start, gaps)
