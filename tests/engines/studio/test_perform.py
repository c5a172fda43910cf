"""Hands: late and early as the genre has it, growing into what is louder, slowing down at the end."""

from itertools import pairwise
from statistics import mean

import pytest

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.score import PIECES, stretches
from aimusicverse.types import GenerationCreate


def played(prompt, seed=1, **fields):
    piece = write_score(make_plan(GenerationCreate(prompt=prompt, **fields), seed))
    return piece, perform(piece)


def lateness(prompt, drum):
    """Mean distance in milliseconds from the quarter, where swing moves nothing."""
    piece, events = played(prompt)
    beat = 60 / piece.frame.beats_per_minute
    part = next(index for index, part in enumerate(piece.parts) if part.role == "drums")
    off = [
        event.start - round(event.start / beat) * beat
        for event in events
        if event.part == part and event.pitch == PIECES[drum] and event.start < piece.frame.end * beat - 9
    ]
    return 1000 * mean(shift for shift in off if abs(shift) < 0.06)


def test_the_snare_of_lofi_lies_back_and_the_hats_of_funk_push():
    assert lateness("lofi hip hop", "snare") > 8
    assert lateness("funk", "hat") < -2


@pytest.mark.parametrize("genre", ["classical", "jazz", "folk", "techno"])
def test_the_last_bar_slows_down_only_where_people_would(genre):
    piece, events = played(genre, 3, duration_seconds=60)
    beat = 60 / piece.frame.beats_per_minute
    final = min(event.start for event in events if event.start > piece.frame.end * beat - 0.05)
    late = final - piece.frame.end * beat
    assert (late > 0.05) == (genre != "techno")
    assert late < 0.4


@pytest.mark.parametrize("genre", ["classical", "jazz", "techno"])
def test_what_rings_at_the_end_rings_to_the_end_of_the_recording(genre):
    _, events = played(genre, 3, duration_seconds=60)
    ends = [event.start + event.seconds for event in events]
    assert max(ends) == pytest.approx(60, abs=0.15)


def test_a_section_grows_into_a_louder_one():
    piece, events = played("pop", 2, duration_seconds=60)
    beat = 60 / piece.frame.beats_per_minute
    places = list(stretches(piece.frame))
    quiet = next(p for p, after in pairwise(places) if after.energy > p.energy + 0.3)
    bars = {}
    for event in events:
        bar = event.start / beat / piece.frame.beats_per_bar - quiet.bar
        if 0 <= bar < quiet.bars:
            bars.setdefault(int(bar), []).append(event.level_db)
    assert max(bars[quiet.bars - 1]) > max(bars[0]) + 0.5


def test_where_no_drums_tell_the_beat_hands_do():
    for genre, leans in (("classical", True), ("techno", False)):
        piece, events = played(genre, 4, duration_seconds=30)
        parts = list(enumerate(piece.parts))
        written = {(i, note.start, note.pitch): note for i, part in parts for note in part.notes}
        assert len(written) == sum(len(part.notes) for _, part in parts)
        beat = 60 / piece.frame.beats_per_minute
        on, off = [], []
        for event in events:
            nearest = min(
                (note for (i, _, pitch), note in written.items() if i == event.part and pitch == event.pitch),
                key=lambda note: abs(note.start * beat - event.start),
            )
            (off if nearest.start % 1 else on).append(event.velocity / nearest.velocity)
        assert (mean(on) > 1.15 * mean(off)) == leans


def test_nothing_sounds_before_its_section():
    for genre in ("jazz", "funk", "lofi hip hop"):
        piece, events = played(genre, 4)
        beat = 60 / piece.frame.beats_per_minute
        borders = [place.bar * piece.frame.beats_per_bar * beat for place in stretches(piece.frame)]
        for border in borders[1:]:
            early = [event for event in events if border - 0.004 < event.start < border - 1e-9]
            assert not [event for event in early if event.seconds > 1.5 * beat]


@pytest.mark.parametrize("genre", ["pop", "bossa nova", "cinematic"])
def test_a_section_grows_into_a_louder_one_only_in_its_last_half_bar(genre):
    piece, events = played(genre, 3, duration_seconds=60)
    bar, grown = piece.frame.beats_per_bar, 0
    places = list(stretches(piece.frame))
    for place, after in pairwise(places):
        border, half = (place.bar + place.bars) * bar, (place.bar + place.bars - 0.5) * bar
        inside = [e for e in events if place.bar * bar - 1e-6 <= e.beat < border - 0.25]
        own = piece.frame.genre.dynamics_db * (place.energy - 0.7)
        louder = piece.frame.genre.dynamics_db * max(0.0, after.energy - place.energy)
        assert all(event.level_db == pytest.approx(own) for event in inside if event.beat <= half)
        late = [event.level_db - own for event in inside if event.beat > half + 0.5]
        assert all(0 <= more <= louder / 2 + 1e-9 for more in late)
        grown += louder > 0 and any(more > louder / 8 for more in late)
    assert grown
