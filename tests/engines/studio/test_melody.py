"""Melodies: motifs that come back, leaps that are answered, phrases that close."""

from itertools import pairwise
from statistics import mean

import pytest

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.motif import Motif, crossed, develop, joined, motif_from, rhythm_of
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.score import Frame, stretches
from aimusicverse.types import GenerationCreate

FRAME = Frame.of(make_plan(GenerationCreate(prompt="folk"), 1))
MOTIF = Motif(((0, 4), (4, 2), (6, 2), (8, 8)), (0, 2, -1, 3))


def lead(prompt, seed, **fields):
    piece = write_score(make_plan(GenerationCreate(prompt=prompt, **fields), seed))
    return piece, next(part for part in piece.parts if part.role == "lead").notes


def test_a_motif_turned_upside_down_keeps_its_rhythm():
    turned = develop(MOTIF, "invert", FRAME, Chance("x"))
    assert turned.rhythm == MOTIF.rhythm
    assert turned.moves == (0, -2, 1, -3)


def test_an_augmented_motif_is_its_beginning_in_doubled_values():
    assert develop(MOTIF, "augment", FRAME, Chance("x")).rhythm == ((0, 8), (8, 4), (12, 4))


def test_a_fragment_says_the_first_half_bar_twice():
    assert develop(MOTIF, "fragment", FRAME, Chance("x")).rhythm == (
        (0, 4), (4, 2), (6, 2), (8, 4), (12, 2), (14, 2),
    )  # fmt: skip


def test_a_riff_is_the_head_of_one_motif_and_the_tail_of_another():
    other = Motif(((2, 2), (10, 2), (12, 4)), (0, 1, 1))
    assert joined(MOTIF, other, FRAME).rhythm == ((0, 4), (4, 2), (6, 2), (10, 2), (12, 4))


def test_cells_are_crossed_at_the_half_bar_and_none_that_is_made_is_sparse():
    cells = ("x-x-x-x- x---....", "x------- ....x---")
    assert crossed(cells, 0) == ["x-x-x-x-x---...."]
    assert crossed(cells, 1) == ["x-x-x-x-....x---"]
    assert crossed(cells, 2) == ["x-------....x---"]  # rather a sparse one than none


@pytest.mark.parametrize("genre", GENRES.values(), ids=lambda genre: genre.name)
def test_seeds_that_follow_each_other_have_no_cell_in_common(genre):
    for turn in range(5):
        assert crossed(genre.cells, turn)
        assert not {*crossed(genre.cells, turn)} & {*crossed(genre.cells, turn + 1)}


@pytest.mark.parametrize("signature", ["4/4", "3/4", "6/8"])
@pytest.mark.parametrize("genre", GENRES)
def test_a_motif_has_notes_one_after_the_other_inside_its_bar(genre, signature):
    frame = Frame.of(make_plan(GenerationCreate(prompt=f"{genre}, {signature}"), 1))
    for seed in range(30):
        for cell in crossed(frame.genre.cells, seed):
            rhythm = motif_from(cell, frame, Chance(seed)).rhythm
            ends = [onset + length for onset, length in rhythm]
            assert all(length >= 1 for _, length in rhythm)
            assert all(end <= after for end, (after, _) in zip(ends, rhythm[1:], strict=False))
            assert not ends or ends[-1] <= frame.steps


def test_a_motif_moves_at_most_one_note_of_its_cell_by_an_eighth_at_most():
    for seed in range(50):
        cell = "x---x-x-x---x---"
        before = {onset for onset, _ in rhythm_of(cell, 16)}
        after = {onset for onset, _ in motif_from(cell, FRAME, Chance(seed)).rhythm}
        gone, new = before - after, after - before
        assert len(gone) == len(new) <= 1
        assert all(abs(a - b) <= 2 for a, b in zip(gone, new, strict=True))


def test_thirds_after_a_long_note_are_filled_now_and_then_by_what_lies_between():
    filled = empty = 0
    for seed in range(1, 7):
        piece, notes = lead("folk", seed, duration_seconds=120)
        steps = [piece.frame.key.step_near(note.pitch) for note in notes]
        for (one, before), (middle, between), (three, _) in zip(
            zip(steps, notes, strict=True),
            zip(steps[1:], notes[1:], strict=True),
            zip(steps[2:], notes[2:], strict=True),
            strict=False,
        ):
            passes = abs(three - one) == 2 and middle * 2 == one + three and between.beats <= 0.5
            filled += passes and between.start - before.start >= 0.5 - 1e-6
        empty += sum(
            abs(a - b) == 2 and after.start - note.start >= 1
            for a, b, note, after in zip(steps, steps[1:], notes, notes[1:], strict=False)
        )
    assert filled > 20
    assert empty > 20


def test_neighbouring_seeds_share_no_bar_of_melody_in_a_minute():
    for genre in GENRES:
        sung = [bars_of(*lead(genre, seed, duration_seconds=60)) for seed in range(1, 6)]
        assert not any(one & other for one, other in pairwise(sung)), genre


def bars_of(piece, notes):
    """What is sung in bars of three or more notes: places in the bar and heights above the tonic."""
    beats, bars = piece.frame.beats_per_bar, {}
    for note in notes:
        bar, place = divmod(note.start, beats)
        bars.setdefault(bar, []).append((round(place * 12), note.pitch - piece.frame.key.tonic))
    return {tuple(bar) for bar in bars.values() if len(bar) >= 3}


@pytest.mark.parametrize("genre", ["classical", "folk", "jazz", "pop", "rock", "cinematic"])
def test_leaps_are_answered_by_a_step_back_most_of_the_time(genre):
    turned = []
    for seed in range(1, 5):
        _, notes = lead(genre, seed, duration_seconds=120)
        moves = [after.pitch - before.pitch for before, after in pairwise(notes)]
        turned += [b * a <= 0 for b, a in pairwise(moves) if abs(b) >= 6]
    assert mean(turned) > 0.6


@pytest.mark.parametrize("genre", ["classical", "folk", "pop"])
def test_phrases_close_on_a_long_note(genre):
    piece, notes = lead(genre, 2, duration_seconds=120)
    beats = piece.frame.beats_per_bar
    for place in stretches(piece.frame):
        closing = [n for n in notes if n.start // beats == place.bar + place.bars - 1]
        inside = [n for n in notes if place.bar <= n.start // beats < place.bar + place.bars]
        if closing and place.bars >= 4:
            assert closing[-1].beats >= 1.5 * mean(n.beats for n in inside) * 0.7
