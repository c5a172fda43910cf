"""Bars of two dotted beats: from patterns in 4/4 to notes on eighths, with the weight on the dotted beats."""

from collections import Counter

import pytest

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.metre import read, rolling
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import bar_seconds, make_plan
from aimusicverse.engines.studio.theory import Key
from aimusicverse.types import GenerationCreate


def score(genre, seconds=40, seed=2):
    return write_score(make_plan(GenerationCreate(prompt=f"{genre} in 6/8", duration_seconds=seconds), seed))


@pytest.mark.parametrize(
    ("pattern", "bar", "expected"),
    [
        ("9...5... 7.......", 0, "9.....5....."),
        ("9...5... 7.......", 1, "7..........."),
        ("9.8.5.4. ........", 1, "9...8.5...4."),
        ("r-----f- r-------", 0, "r---------f-"),
        ("x---x---", 0, "x-----x-----"),
    ],
)
def test_a_pattern_in_quarters_becomes_one_in_dotted_beats(pattern, bar, expected):
    assert read(pattern, 12, True, bar) == expected


def test_other_metres_take_the_beginning_of_a_pattern():
    assert read("1234 5678 1234 5678", 12, False) == "123456781234"


def test_arpeggios_play_every_eighth_of_a_dotted_beat():
    assert rolling("0.1.2.1.3.2.1.2.", 12) == "0.1.2.1.3.2."


@pytest.mark.parametrize("genre", GENRES)
def test_notes_of_a_piece_in_six_eight_fall_on_its_eighths(genre):
    piece = score(genre)
    frame = piece.frame
    places = [note.start * 4 for part in piece.parts for note in part.notes if note.start < frame.end]
    assert frame.plan.time_signature == "6/8"
    assert all(place == round(place) for place in places)
    assert sum(round(place) % 2 == 0 for place in places) > 0.95 * len(places)
    on_beats = sum(round(place) % 6 == 0 for place in places)
    assert on_beats > 0.3 * len(places)


@pytest.mark.parametrize("genre", ["folk", "jazz", "techno"])
def test_a_piece_in_six_eight_has_its_key_its_length_and_its_tempo(genre):
    piece = score(genre)
    plan = piece.frame.plan
    assert bar_seconds(plan.tempo_bpm, "6/8") == pytest.approx(120 / plan.tempo_bpm)
    last = piece.frame.end * 60 / piece.frame.beats_per_minute
    assert last == pytest.approx(sum(section.bars for section in plan.sections) * 120 / plan.tempo_bpm)
    assert all(0 <= event.start < 40 for event in perform(piece))
    longest = Counter()
    for part in (p for p in piece.parts if p.role not in ("drums", "percussion", "texture")):
        for note in part.notes:
            longest[note.pitch % 12] += note.beats
    assert {pitch_class for pitch_class, _ in longest.most_common(7)} <= Key.named(plan.key).pitch_classes
