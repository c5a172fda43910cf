"""MIDI files: right for a strict reader, for mido and for music21, and with the notes of the score."""

from __future__ import annotations

import io
import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.engines import registry
from aimusicverse.engines.midi_file import TrackChunk, simultaneous
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.chart import write_chart
from aimusicverse.engines.studio.general_midi import PROGRAMS
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.instruments import INSTRUMENTS
from aimusicverse.engines.studio.metre import METRES
from aimusicverse.engines.studio.midi import TICKS_PER_QUARTER, write_midi
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.score import Frame
from aimusicverse.engines.studio.spelling import sharps
from aimusicverse.types import GenerationCreate, PlanEdit
from tests.engines.studio.midi_reader import read

MODES = ("major", "minor")
KEYS = [f"{note}{sign} {mode}" for note in "CDEFGAB" for sign in ("", "#", "b") for mode in MODES]
NOT_PITCHED = ("drums", "percussion", "texture")


def planned(prompt="jazz", seed=1, **fields):
    return make_plan(GenerationCreate(prompt=prompt, **{"duration_seconds": 20, **fields}), seed)


def edited(plan, **fields):
    told = {**plan.model_dump(exclude={"understood", "not_understood", "warnings"}), **fields}
    return make_plan(GenerationCreate(prompt="as planned", plan=PlanEdit(**told)), plan.seed)


def written(plan, **options):
    return read(write_midi(plan, title="Rainy Night", made_by="a test", **options))


@settings(max_examples=60, deadline=None)
@given(
    genre=st.sampled_from(sorted(GENRES)),
    seed=st.integers(0, 10**6),
    duration=st.floats(5, 120),
    tempo=st.none() | st.floats(40, 240),
    key=st.sampled_from(KEYS),
    metre=st.sampled_from(sorted(METRES)),
    humanised=st.booleans(),
)
def test_any_plan_gives_a_file_that_a_strict_reader_takes(
    genre, seed, duration, tempo, key, metre, humanised
):
    plan = planned(f"{genre} {metre}", seed, duration_seconds=duration, tempo_bpm=tempo, key=key)
    file = written(plan, humanised=humanised)
    frame = Frame.of(plan)
    end = round(duration * frame.beats_per_minute / 60 * TICKS_PER_QUARTER)
    assert {track.end for track in file.tracks} == {end}
    assert file.tracks[0].notes == []
    pitched = [note for track in file.tracks[1:] for note in track.notes if note[2] != 9]
    struck = [note for track in file.tracks[1:] for note in track.notes if note[2] == 9]
    parts = [part for part in write_score(plan).parts if part.role not in NOT_PITCHED]
    assert {note[3] for note in pitched} <= {note.pitch for part in parts for note in part.notes}
    assert all(stop <= end and 1 <= velocity <= 127 for _, stop, _, _, velocity in pitched + struck)
    assert len({(track.notes[0][2], track.port) for track in file.tracks if track.notes}) == len(
        {"drums" if track.notes[0][2] == 9 else track.name for track in file.tracks if track.notes}
    )


def test_the_first_track_says_what_the_piece_is():
    plan = planned("folk 6/8 in Bb major", tempo_bpm=60)
    first = written(plan).tracks[0]
    assert first.name == "Rainy Night"
    assert first.texts[0] == (0, "a test")
    assert first.tempos == [(0, 666_667)]  # a dotted quarter is a second: a quarter is two thirds of one
    assert first.metres == [(0, bytes((6, 3, 36, 8)))]
    assert first.keys == [(0, -2, 0)]


@pytest.mark.parametrize("name", ["4/4", "3/4", "2/4"])
def test_a_metre_in_quarters_is_told_in_quarters(name):
    plan = edited(planned("house", tempo_bpm=120, duration_seconds=14), time_signature=name,
                  sections=[{"name": "drop", "bars": 24 // METRES[name].beats}])  # fmt: skip
    assert written(plan).tracks[0].metres == [(0, bytes((int(name[0]), 2, 24, 8)))]


def test_sections_are_markers_and_chords_are_text_where_the_chart_has_them():
    plan = planned("pop in Eb major", duration_seconds=40)
    chart, first = write_chart(plan), written(plan).tracks[0]
    ticks = 960 * plan.tempo_bpm / 60
    assert first.markers == [(round(one.start_seconds * ticks), one.name) for one in chart.sections]
    assert first.texts[1:] == [(round(one.start_seconds * ticks), one.symbol) for one in chart.chords]


def test_every_part_but_a_texture_has_a_track_with_its_sound():
    plan = planned("lofi hip hop with rain, electric guitar")
    score, file = write_score(plan), written(plan)
    parts = [part for part in score.parts if part.role != "texture"]
    assert len(parts) < len(score.parts)
    assert [track.name for track in file.tracks[1:]] == [part.instrument for part in parts]
    for part, track in zip(parts, file.tracks[1:], strict=True):
        (at, channel, program) = track.programs[0]
        assert (at, len(track.programs)) == (0, 1)
        if part.role in ("drums", "percussion"):
            assert channel == 9
        else:
            assert (channel != 9, program) == (True, PROGRAMS[part.instrument])


def test_the_notes_are_those_of_the_score():
    plan = planned("classical piano", seed=5)
    score, file = write_score(plan), written(plan)
    for part, track in zip(score.parts, file.tracks[1:], strict=True):
        on_grid = {(round(note.start * 960), note.pitch) for note in part.notes}
        assert {(start, pitch) for start, _, _, pitch, _ in track.notes} == on_grid


def test_a_genre_that_swings_swings_in_the_file():
    starts = [note[0] % 960 for track in written(planned("jazz", seed=2)).tracks[1:] for note in track.notes]
    late = round(960 * GENRES["jazz"].swing)
    assert starts.count(late) > 20
    assert 480 not in starts


def test_humanised_notes_begin_when_the_recording_plays_them():
    plan = planned("jazz")
    score = write_score(plan)
    seconds = 60 / (plan.tempo_bpm * 960)
    for index, track in enumerate(written(plan, humanised=True).tracks[1:]):
        played = {round(one.start / seconds) for one in perform(score) if one.part == index}
        assert {note[0] for note in track.notes} <= played


def test_a_note_is_struck_as_hard_as_it_is_loud_and_of_two_at_once_the_harder_stays():
    """The velocity of General MIDI: 40 log10 of it are decibels."""
    twice = 0
    for genre in ("folk", "rock", "house"):
        plan = planned(genre, seed=3, duration_seconds=40)
        score, file = write_score(plan), written(plan)
        levels = {}
        for event in perform(score):
            level = event.level_db + 22 * (event.velocity - 0.8)
            levels.setdefault((event.part, round(event.beat * 960), event.pitch), []).append(level)
        twice += sum(len(found) > 1 for found in levels.values())
        for part, track in enumerate(file.tracks[1:]):
            for start, _, _, pitch, velocity in track.notes:
                told = 40 * math.log10(velocity / 96)
                meant = min(max(levels[part, start, pitch]), 40 * math.log10(127 / 96))
                assert told == pytest.approx(meant, abs=0.6)
    assert twice


def test_sixteen_pitched_parts_have_a_place_each():
    pitched = [name for name, one in INSTRUMENTS.items() if one.role not in NOT_PITCHED]
    plan = edited(planned("cinematic"), instruments=pitched[:16])
    places = Counter((track.programs[0][1], track.port) for track in written(plan).tracks[1:])
    assert len(places) == 16
    assert (9, 0) not in places


def test_every_pitched_instrument_has_a_sound_of_its_own_choosing():
    for name, instrument in INSTRUMENTS.items():
        if instrument.role not in NOT_PITCHED:
            assert name in PROGRAMS


def test_the_same_plan_gives_the_same_bytes_and_another_seed_others():
    engine = registry.get()
    one, same, other = (engine.midi(planned("techno", seed), title="x") for seed in (1, 1, 2))
    assert one == same != other


def test_a_title_in_any_script_is_written_as_utf_8():
    title = "雨の夜 – ñandú 🎵"
    assert read(write_midi(planned(), title=title, made_by="x")).tracks[0].name == title


def test_a_time_that_the_format_cannot_hold_is_refused():
    track = TrackChunk()
    with pytest.raises(ValueError, match="does not fit"):
        simultaneous([track], ticks_per_quarter=960, end=2**28)


@settings(max_examples=200)
@given(end=st.integers(0, 2**28 - 1))
def test_every_length_that_fits_is_read_back(end):
    assert read(simultaneous([TrackChunk()], ticks_per_quarter=960, end=end)).tracks[0].end == end


@pytest.mark.parametrize("prompt", ["lofi in Bb major", "folk 6/8 in C# minor", "waltz in F major", "techno"])
def test_mido_reads_the_same(prompt):
    mido = pytest.importorskip("mido")
    plan = planned(prompt)
    data = write_midi(plan, title="Müde", made_by="x")
    theirs, ours = mido.MidiFile(file=io.BytesIO(data), charset="utf-8", clip=False), read(data)
    assert theirs.length == pytest.approx(plan.duration_seconds, abs=2e-3)
    assert theirs.tracks[0].name == "Müde"
    for their_track, our_track in zip(theirs.tracks, ours.tracks, strict=True):
        now, starts = 0, []
        for message in their_track:
            now += message.time
            if message.type == "note_on":
                starts.append((now, message.channel, message.note, message.velocity))
        assert sorted(starts) == sorted((s, c, p, v) for s, _, c, p, v in our_track.notes)


@pytest.mark.parametrize("prompt", ["classical in Eb major", "folk 6/8 in F# minor", "jazz waltz in D minor"])
def test_music21_reads_key_metre_parts_and_notes(prompt):
    music21 = pytest.importorskip("music21")
    plan = planned(prompt, duration_seconds=30)
    data = write_midi(plan, title="x", made_by="x")
    piece = music21.converter.parseData(data, format="midi")
    assert piece.recurse().getElementsByClass("TimeSignature").first().ratioString == plan.time_signature
    assert piece.recurse().getElementsByClass("KeySignature").first().sharps == sharps(plan.key)
    assert [part.partName for part in piece.parts] == [
        name for name in plan.instruments if INSTRUMENTS[name].role != "texture"
    ]
    pitched = [part for part in piece.parts if INSTRUMENTS[part.partName].role not in NOT_PITCHED]
    ours = {note[3] for track in read(data).tracks for note in track.notes if note[2] != 9}
    assert {pitch.midi for part in pitched for pitch in part.pitches} == ours


@settings(max_examples=40, deadline=None)
@given(
    genre=st.sampled_from(sorted(GENRES)),
    seed=st.integers(0, 2**53 - 1),
    tempo=st.floats(40, 240),
    key=st.sampled_from(KEYS),
    metre=st.sampled_from(sorted(METRES)),
    instruments=st.lists(st.sampled_from(sorted(INSTRUMENTS)), min_size=1, max_size=16, unique=True),
    sections=st.lists(
        st.tuples(st.sampled_from(["verse", "build", "solo", "Ünï"]), st.integers(1, 9), st.floats(0, 1)),
        min_size=1,
        max_size=6,
    ),
    humanised=st.booleans(),
)
def test_any_plan_that_somebody_edited_gives_a_file_and_a_chart(
    genre, seed, tempo, key, metre, instruments, sections, humanised
):
    form = [{"name": name, "bars": bars, "energy": energy} for name, bars, energy in sections]
    length = sum(one["bars"] for one in form) * METRES[metre].beats * 60 / tempo + 2
    if not 5 <= length <= 600:
        return
    plan = edited(
        planned(genre, seed),
        tempo_bpm=tempo,
        key=key,
        time_signature=metre,
        instruments=instruments,
        sections=form,
        duration_seconds=length,
    )
    file, chart = written(plan, humanised=humanised), write_chart(plan)
    assert len(file.tracks) == 1 + sum(INSTRUMENTS[name].role != "texture" for name in plan.instruments)
    assert len(chart.sections) == len(file.tracks[0].markers) == len(form)
