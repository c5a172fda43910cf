"""Who plays, and how busily: what makes one section sound other than the next."""

from itertools import pairwise

import pytest

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.density import answered, figures_of
from aimusicverse.engines.studio.form import form
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.score import PIECES, Frame, stretches
from aimusicverse.types import GenerationCreate

KINDS = sorted({genre.form for genre in GENRES.values()})
CYMBALS = {PIECES[piece] for piece in ("hat", "open", "ride", "shaker")}


def planned(prompt, seed=1, **fields):
    return make_plan(GenerationCreate(prompt=prompt, **fields), seed)


def played(score, place, part):
    beats = score.frame.beats_per_bar
    first, last = place.bar * beats, (place.bar + place.bars) * beats
    return [note for note in part.notes if first <= note.start < last]


def who_plays(score):
    return [
        (place.name, {part.instrument for part in score.parts if played(score, place, part)})
        for place in stretches(score.frame)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_of_any_length_never_says_the_same_section_twice_in_a_row(kind):
    for bars in range(1, 700, 3):
        sections = form(kind, bars, Chance(bars))
        assert sum(section.bars for section in sections) == bars
        assert all(one.name != other.name for one, other in pairwise(sections))


def test_a_blues_has_no_two_full_choruses_in_a_row():
    for bars in range(14, 400):
        energies = [section.energy for section in form("twelve", bars, Chance(bars))]
        assert all(min(one, other) < 0.8 for one, other in pairwise(energies))


@pytest.mark.parametrize(("genre", "resting"), [("synthwave", "pad"), ("chiptune", "pulse arp")])
def test_a_verse_leaves_an_instrument_to_its_chorus(genre, resting):
    sections = who_plays(write_score(planned(genre, duration_seconds=120)))
    verses = [names for name, names in sections if name == "verse"]
    choruses = [names for name, names in sections if name == "chorus"]
    assert verses
    assert choruses
    assert not any(resting in names for names in verses)
    assert all(resting in names for names in choruses)


def test_the_shaker_of_a_bossa_nova_waits_for_the_solo():
    for seed in range(1, 6):
        score = write_score(planned("bossa nova", seed, duration_seconds=60))
        [drums] = [part for part in score.parts if part.role == "drums"]
        for place in stretches(score.frame):
            heard = {note.pitch for note in played(score, place, drums)} & {PIECES["shaker"], PIECES["hat"]}
            assert bool(heard) == ("solo" in place.name)


def test_the_guitar_of_a_bossa_nova_keeps_its_pattern_where_others_hold_chords():
    score = write_score(planned("bossa nova", duration_seconds=60))
    first = next(stretches(score.frame))
    assert first.energy < GENRES["jazz"].held
    assert min(note.beats for note in played(score, first, score.parts[0])) < 2


def test_nobody_rests_where_nobody_else_would_have_the_harmony():
    plan = planned("synthwave", duration_seconds=120).model_copy(
        update={"instruments": ["pad", "drums", "synth lead"]}
    )
    assert all("pad" in names for _, names in who_plays(write_score(plan)))


def test_a_piece_that_begins_with_energy_begins_with_everybody():
    plan = planned("blues", sections=[{"name": "verse", "bars": 12, "energy": 0.7}])
    score = write_score(plan)
    first = next(stretches(score.frame))
    for part in score.parts:
        notes = played(score, first, part)
        assert not notes or notes[0].start < 2 * score.frame.beats_per_bar


def test_a_chorus_has_busier_figures_than_its_verse():
    frame = Frame.of(planned("pop", duration_seconds=120))
    figures = ("r-------", "r---r---", "r-r-r-r-", "rrrrrrrr")
    for place in stretches(frame):
        usual, other = figures_of(frame, place, figures, "bass")
        assert usual != other
        assert {usual, other} == set(figures[2:] if place.energy >= 0.74 else figures[:2])


def test_of_two_figures_the_quiet_and_the_loud_section_each_have_one():
    frame = Frame.of(planned("synthwave", duration_seconds=120))
    figures = ("X-------", "X-X-X-X-")
    for place in stretches(frame):
        expected = figures[::-1] if place.energy >= 0.74 else figures
        assert figures_of(frame, place, figures, "comping") == expected


def test_another_take_has_another_figure_of_as_many_strokes():
    plan = planned("pop", duration_seconds=120)
    again = plan.model_copy(
        update={"sections": [section.model_copy(update={"take": 1}) for section in plan.sections]}
    )
    figures = ("r-------", "r---r---", "r-r-r-r-", "rrrrrrrr")
    frames = Frame.of(plan), Frame.of(again)
    for one, other in zip(*(stretches(frame) for frame in frames), strict=True):
        assert (
            figures_of(frames[0], one, figures, "bass") == figures_of(frames[1], other, figures, "bass")[::-1]
        )


def test_only_the_second_half_of_every_fourth_bar_answers():
    heard = [answered(bar, "xxxx....", "--------") for bar in range(8)]
    assert [bar for bar, text in enumerate(heard) if text != "xxxx...."] == [3, 7]
    assert heard[3] == "xxxx----"


@pytest.mark.parametrize("genre", ["bossa nova", "rock", "jazz"])
def test_what_tells_the_time_does_not_change_within_a_section_but_for_fills(genre):
    score = write_score(planned(genre, seed=3, duration_seconds=180))
    [drums] = [part for part in score.parts if part.role == "drums"]
    beats = score.frame.beats_per_bar
    for place in stretches(score.frame):
        if place.bars < 8 or place.index == 0:
            continue
        bars = [
            {note.pitch for note in drums.notes if bar * beats <= note.start < (bar + 1) * beats} & CYMBALS
            for bar in range(place.bar, place.bar + place.bars - 1)
        ]
        assert all(bar == bars[0] for bar in bars), place.name
