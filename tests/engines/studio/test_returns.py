"""What comes back goes on: harmony of returns, tempos of seeds, cymbals of full sections."""

from itertools import pairwise

import pytest

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.score import PIECES, stretches
from aimusicverse.types import GenerationCreate


def planned(genre, seed, seconds):
    return make_plan(GenerationCreate(prompt=genre, duration_seconds=seconds), seed)


@pytest.mark.parametrize("genre", GENRES)
def test_seeds_that_follow_each_other_have_other_tempos(genre):
    tempos = [planned(genre, seed, 30).tempo_bpm for seed in range(12)]
    assert all(one != other for one, other in pairwise(tempos))
    low, _, high = GENRES[genre].tempo
    assert all(low <= tempo <= high for tempo in tempos)


@pytest.mark.parametrize("genre", ["lofi hip hop", "trap", "rock", "pop", "synthwave"])
def test_a_section_that_returns_has_other_chords_than_the_first_time(genre):
    score = write_score(planned(genre, 1, 180))
    per_bar = score.frame.beats_per_bar
    heard = {}
    for place in stretches(score.frame):
        start, stop = place.bar * per_bar, (place.bar + min(8, place.bars)) * per_bar
        chords = [
            (chord.start - start, chord.degree, chord.size)
            for chord in score.chords
            if start <= chord.start < stop
        ]
        assert chords not in heard.setdefault(place.name, [])
        heard[place.name].append(chords)


def test_cymbals_open_where_a_section_is_full():
    score = write_score(planned("lofi hip hop", 1, 180))
    drums = next(part for part in score.parts if part.role == "drums")
    per_bar = score.frame.beats_per_bar
    for place in stretches(score.frame):
        start, stop = place.bar * per_bar, (place.bar + place.bars) * per_bar
        struck = {note.pitch for note in drums.notes if start <= note.start < stop}
        if place.energy >= 0.8:
            assert {PIECES["open"], PIECES["tambourine"]} & struck
        elif place.energy < 0.7:
            assert not {PIECES["tambourine"]} & struck
