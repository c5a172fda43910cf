"""The notes: of their key, in time, different for another seed, and moving by small steps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.harmony import harmonise, voice
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.score import PIECES, Frame, stretches
from aimusicverse.engines.studio.theory import Key
from aimusicverse.types import GenerationCreate

UNPITCHED = ("drums", "percussion", "texture")


def score(prompt, seed=1, **fields):
    return write_score(make_plan(GenerationCreate(prompt=prompt, **fields), seed))


def sounding_time(piece):
    """Beats for which each pitch class sounds: those of the key, and the others."""
    beats = [0.0] * 12
    for note in (n for p in piece.parts if p.role not in UNPITCHED for n in p.notes):
        beats[note.pitch % 12] += note.beats
    own = Key.named(piece.frame.plan.key).pitch_classes
    return [beats[pc] for pc in own], [beats[pc] for pc in range(12) if pc not in own]


def line(piece, role):
    return [(n.start, n.pitch) for p in piece.parts if p.role == role for n in p.notes]


@settings(max_examples=60, deadline=None)
@given(
    genre=st.sampled_from(sorted(GENRES)),
    seed=st.integers(0, 10**6),
    duration=st.floats(5, 90),
    key=st.sampled_from(["A minor", "F# major", "Bb minor", "C major"]),
    signature=st.sampled_from(["", " waltz"]),
)
def test_the_key_sounds_longest_and_no_note_leaves_the_recording(genre, seed, duration, key, signature):
    piece = score(genre + signature, seed, duration_seconds=duration, key=key)
    notes = [n for p in piece.parts if p.role not in UNPITCHED for n in p.notes]
    inside, outside = sounding_time(piece)
    assert sum(outside) <= (0.15 if genre == "blues" else 0.08) * sum(inside + outside)
    assert max(outside) < min(inside) or not any(outside)
    assert all(20 <= n.pitch <= 108 and n.beats > 0 and 0 < n.velocity <= 1.2 for n in notes)
    events = perform(piece)
    assert all(0 <= event.start < duration for event in events)
    assert events == sorted(events, key=lambda event: event.start)


@pytest.mark.parametrize("genre", GENRES)
def test_another_seed_has_other_chords_melody_and_drums(genre):
    one, two = (score(genre, seed, key="A minor", tempo_bpm=100) for seed in (1, 2))
    assert [c.degree for c in one.chords] != [c.degree for c in two.chords]
    for role in ("lead", "drums"):
        if line(one, role):
            assert line(one, role) != line(two, role)


@pytest.mark.parametrize("genre", GENRES)
def test_every_piece_ends_on_the_tonic_chord_held_to_the_end(genre):
    piece = score(genre, 3)
    frame = piece.frame
    last = [
        n
        for p in piece.parts
        if p.role in ("chords", "pad", "bass", "lead")
        for n in p.notes
        if n.start == frame.end
    ]
    assert last
    assert piece.chords[-1].degree == 0
    assert all(n.start + n.beats == pytest.approx(frame.end + frame.ring) for n in last)


@pytest.mark.parametrize("genre", GENRES)
def test_layers_enter_and_leave(genre):
    piece = score(genre, 1)
    frame = piece.frame
    playing = []
    for place in stretches(frame):
        low, high = place.bar * frame.beats_per_bar, (place.bar + place.bars) * frame.beats_per_bar
        playing.append(sum(any(low <= n.start < high for n in part.notes) for part in piece.parts))
    assert len(set(playing)) > 1


def test_themes_return_varied_and_not_literally():
    piece = score("synthwave", 2, duration_seconds=180)
    choruses = [p for p in stretches(piece.frame) if p.name == "chorus"]
    bars = []
    for place in choruses[:2]:
        start = place.bar * 4
        bars.append([(s - start, p) for s, p in line(piece, "lead") if start <= s < start + place.bars * 4])
    assert bars[0] != bars[1]
    assert set(bars[0]) & set(bars[1])


def test_voices_move_less_than_a_third_on_average():
    frame = Frame.of(make_plan(GenerationCreate(prompt="jazz", duration_seconds=120), 1))
    before, moves = [], []
    for chord in harmonise(frame):
        now = voice(chord, frame.key, 4, 60, before)
        moves += [min(abs(step - other) for other in before) for step in now] if before else []
        before = now
    assert sum(moves) / len(moves) < 2


def test_swing_delays_the_off_beats_of_jazz_and_not_of_techno():
    def off_beat(genre):
        piece = score(genre, 1, tempo_bpm=120)
        drums = next(i for i, p in enumerate(piece.parts) if p.role == "drums")
        places = [event.start / 0.5 % 1 for event in perform(piece) if event.part == drums]
        return [place for place in places if 0.4 < place < 0.8]

    assert sum(off_beat("jazz")) / len(off_beat("jazz")) > 0.6
    assert min(abs(place - 0.5) for place in off_beat("techno")) < 1e-6


def test_a_section_is_led_into_by_a_fill():
    piece = score("rock", 1)
    frame = piece.frame
    drums = next(p for p in piece.parts if p.role == "drums")
    toms = [n.start // frame.beats_per_bar for n in drums.notes if n.pitch in (41, 45, 48)]
    borders = {place.bar + place.bars - 1 for place in stretches(frame) if place.bars > 1}
    assert toms
    assert set(toms) <= borders


def test_a_blues_goes_round_in_twelve_bars():
    piece = score("blues", 1, duration_seconds=180)
    choruses = [p for p in stretches(piece.frame) if p.name in ("verse", "solo", "breakdown", "shout")]
    degrees = {chord.start / 4: chord.degree for chord in piece.chords}
    assert len(choruses) >= 4
    assert {place.bars for place in choruses} == {12}
    assert all(degrees[place.bar] == 0 and degrees[place.bar + 4] == 3 for place in choruses)


def test_the_clave_of_a_bossa_nova_takes_two_bars():
    piece = score("bossa nova", 1)
    drums = next(p for p in piece.parts if p.role == "drums")
    bars = {}
    for note in drums.notes:
        if note.pitch == 37:
            bars.setdefault(int(note.start // 4), set()).add(note.start % 4)
    here = sorted(bars)
    assert any(bars[bar] != bars[bar + 1] for bar in here if bar + 1 in bars)
    assert any(bars[bar] == bars[bar + 2] for bar in here if bar + 2 in bars)


def played_by_section(plan):
    """Start, pitch, velocity of all that sounds, by the section in which it begins."""
    piece = write_score(plan)
    frame = piece.frame
    starts = [place.bar * frame.beats_per_bar * 60 / frame.beats_per_minute for place in stretches(frame)]
    sections = [[] for _ in starts]
    for event in perform(piece):
        here = max(index for index, start in enumerate(starts) if start <= event.start + 1e-9)
        sections[here].append((event.part, event.start, event.seconds, event.pitch, event.velocity))
    return sections


@settings(max_examples=40, deadline=None)
@given(
    genre=st.sampled_from(sorted(GENRES)),
    seed=st.integers(0, 10**6),
    take=st.integers(1, 9_999),
    which=st.integers(0, 63),
    duration=st.floats(8, 120),
)
def test_a_section_composed_anew_leaves_every_note_of_the_others(genre, seed, take, which, duration):
    plan = make_plan(GenerationCreate(prompt=genre, duration_seconds=duration), seed)
    which %= len(plan.sections)
    sections = list(plan.sections)
    sections[which] = sections[which].model_copy(update={"take": take})
    before, after = (played_by_section(one) for one in (plan, plan.model_copy(update={"sections": sections})))
    assert [index for index, notes in enumerate(before) if notes != after[index]] == [which]


def test_a_take_in_an_edited_plan_is_followed_and_none_is_take_0():
    plan = make_plan(GenerationCreate(prompt="rock", duration_seconds=30), 5)
    edit = plan.model_dump(mode="json")
    same = make_plan(GenerationCreate(prompt="rock", plan=edit), 5)
    edit["sections"][1]["take"] = 3
    other = make_plan(GenerationCreate(prompt="rock", plan=edit), 5)
    assert [section.take for section in same.sections] == [0] * len(same.sections)
    assert [section.take for section in other.sections][1] == 3
    assert write_score(same).parts == write_score(plan).parts


@pytest.mark.parametrize("genre", ["lofi hip hop", "folk", "chiptune", "rock", "synthwave", "pop", "funk"])
def test_a_chorus_brings_a_layer_that_its_verse_has_not(genre):
    piece = score(genre, 1, duration_seconds=120)
    beats = piece.frame.beats_per_bar
    playing = {
        place.name: {
            part.instrument
            for part in piece.parts
            if any(place.bar <= note.start // beats < place.bar + place.bars for note in part.notes)
        }
        for place in stretches(piece.frame)
    }
    assert playing["chorus"] - playing["verse"]


@pytest.mark.parametrize("genre", [name for name, genre in GENRES.items() if genre.form != "head"])
@pytest.mark.parametrize("key", ["A minor", "C major"])
def test_a_piece_opens_on_its_tonic(genre, key):
    assert {score(genre, seed, key=key).chords[0].degree for seed in range(1, 7)} == {0}


@pytest.mark.parametrize("genre", ["blues", "jazz", "bossa nova"])
def test_an_outro_after_a_head_is_left_to_held_chords(genre):
    piece = score(genre, 3, duration_seconds=30)
    outro = list(stretches(piece.frame))[-1]
    assert outro.name == "outro"
    low, high = (bar * piece.frame.beats_per_bar for bar in (outro.bar, outro.bar + outro.bars))
    for part in piece.parts:
        notes = [note for note in part.notes if low <= note.start < high]
        if part.role == "lead":
            assert not notes
        if part.role == "bass":
            assert min(note.beats for note in notes) > 1


@pytest.mark.parametrize("genre", ["rock", "pop", "synthwave", "funk", "reggae"])
def test_the_cymbals_of_a_verse_are_half_those_of_its_chorus(genre):
    piece = score(genre, 1, duration_seconds=60)
    beats = piece.frame.beats_per_bar
    strokes = {}
    for place in stretches(piece.frame):
        last = (place.bar + place.bars - 1) * beats  # a fill has its own
        struck = [
            note
            for part in piece.parts
            if part.role == "drums"
            for note in part.notes
            if place.bar * beats <= note.start < last
            and note.pitch in (PIECES["hat"], PIECES["open"], PIECES["ride"], PIECES["tambourine"])
        ]
        strokes.setdefault(place.name, len(struck) / (place.bars - 1))
    assert strokes["verse"] <= 0.67 * strokes["chorus"]


def test_quiet_chords_are_held_so_that_no_silence_lies_between_them():
    piece = score("jazz", 3, duration_seconds=30)
    intro = next(iter(stretches(piece.frame)))
    end = intro.bars * piece.frame.beats_per_bar
    chords = [n for p in piece.parts if p.role == "chords" for n in p.notes if n.start < end]
    assert chords
    assert min(note.beats for note in chords) > 0.9 * piece.frame.beats_per_bar


def test_machines_lean_on_other_sixteenths_for_another_seed():
    def weights(seed):
        piece = score("synthwave", seed, tempo_bpm=109, key="A minor")
        notes = next(part.notes for part in piece.parts if part.role == "bass")
        by_place = {}
        for note in notes:
            by_place.setdefault(round(note.start % 1 * 4), []).append(note.velocity)
        return tuple(round(sum(v) / len(v), 1) for _, v in sorted(by_place.items()))

    assert len({weights(seed) for seed in range(1, 7)}) >= 3


def test_a_build_may_hold_its_breath_before_the_drop():
    silent = []
    for seed in range(1, 9):
        piece = score("house", seed, duration_seconds=120)
        drums = next(part for part in piece.parts if part.role == "drums")
        for place in stretches(piece.frame):
            if place.name == "build":
                end = (place.bar + place.bars) * piece.frame.beats_per_bar
                silent.append(not any(end - 1 <= note.start < end for note in drums.notes))
    assert True in silent
    assert False in silent
