"""Melodies: motifs that come back, leaps that are answered, phrases that close."""

from itertools import pairwise
from statistics import mean

import pytest

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.motif import Motif, develop, joined
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
