"""The notes of a piece as a Standard MIDI File, for a sequencer or a notation program.

A first track with the title, tempo, metre, key, sections (as markers) and chord symbols (as text), then one
for each part, its drums on channel 10. Rain and crackle are no notes: they have no track.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from aimusicverse.engines import midi_file
from aimusicverse.engines.midi_file import TrackChunk
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.general_midi import PERCUSSION_CHANNEL, kit_program, program_of
from aimusicverse.engines.studio.perform import Event, perform
from aimusicverse.engines.studio.score import Part, Score, stretches
from aimusicverse.engines.studio.spelling import sharps, symbol
from aimusicverse.types import Plan

TICKS_PER_QUARTER = 960
_UNPITCHED = ("drums", "percussion")
#: The channels of pitched parts; a sixteenth one begins again on the next port.
_CHANNELS = tuple(channel for channel in range(16) if channel != PERCUSSION_CHANNEL)
#: The velocity of a note of middling strength in a section of middling energy, and the decibels from one
#: velocity to another (40 log₁₀, as the sounds of General MIDI are made to answer).
_MIDDLE_VELOCITY, _MIDDLE = 96, 0.8
_DYNAMIC_DB = 22.0
_DECIBELS_TO_TEN_TIMES = 40.0


def write_midi(plan: Plan, *, title: str, made_by: str, humanised: bool = False) -> bytes:
    """A piece as a file of format 1, 960 ticks to a quarter note. The same arguments, the same bytes.

    Args:
        plan: which piece.
        title: the name of the first track.
        made_by: a line of text in it.
        humanised: whether the notes begin when the recording's hands play them; else on the grid, swung where
            the genre swings. How hard they are struck is the same.
    """
    score = write_score(plan)
    frame = score.frame
    end = round(plan.duration_seconds * frame.beats_per_minute / 60 * TICKS_PER_QUARTER)
    ticks_per_second = frame.beats_per_minute / 60 * TICKS_PER_QUARTER
    played: dict[int, list[Event]] = {index: [] for index in range(len(score.parts))}
    for event in perform(score):
        played[event.part].append(event)
    tracks = [_conductor(score, title, made_by, end)]
    pitched = 0
    for index, part in enumerate(score.parts):
        if part.role == "texture":
            continue
        track, channel = TrackChunk(), PERCUSSION_CHANNEL
        track.text(0, midi_file.TRACK_NAME, part.instrument)
        if part.role not in _UNPITCHED:
            channel, port = _CHANNELS[pitched % len(_CHANNELS)], pitched // len(_CHANNELS)
            pitched += 1
            if port:
                track.port(port)
        track.program(0, channel, _program(score, part))
        times = _as_played(played[index], ticks_per_second) if humanised else _on_the_grid(played[index])
        for start, stop, event in _apart(times, end):
            track.note(channel, start, stop, event.pitch, _velocity(event))
        tracks.append(track)
    return midi_file.simultaneous(tracks, ticks_per_quarter=TICKS_PER_QUARTER, end=end)


def _conductor(score: Score, title: str, made_by: str, end: int) -> TrackChunk:
    frame, key_name = score.frame, score.frame.plan.key
    track = TrackChunk()
    track.text(0, midi_file.TRACK_NAME, title)
    track.text(0, midi_file.TEXT, made_by)
    track.tempo(0, frame.beats_per_minute)
    beats, unit = map(int, frame.plan.time_signature.split("/"))
    track.time_signature(0, beats, unit, clocks=36 if frame.compound else 24)
    track.key_signature(0, sharps(key_name), minor=frame.key.minor)
    for place in stretches(frame):
        track.text(_tick(place.bar * frame.beats_per_bar), midi_file.MARKER, place.name)
    for chord in score.chords:
        track.text(min(_tick(chord.start), end), midi_file.TEXT, symbol(chord, key_name))
    return track


def _program(score: Score, part: Part) -> int:
    if part.role in _UNPITCHED:
        return kit_program(score.frame.genre.kit)
    return program_of(part.instrument, part.role)


def _tick(beat: float) -> int:
    return round(beat * TICKS_PER_QUARTER)


_Time = tuple[int, int, Event]


def _on_the_grid(events: Sequence[Event]) -> list[_Time]:
    return [(_tick(event.beat), _tick(event.beat + event.beats), event) for event in events]


def _as_played(events: Sequence[Event], ticks_per_second: float) -> list[_Time]:
    return [
        (
            round(event.start * ticks_per_second),
            round((event.start + event.seconds) * ticks_per_second),
            event,
        )
        for event in events
    ]


def _apart(times: list[_Time], end: int) -> Iterable[_Time]:
    """The notes such that none of a pitch begins while another one sounds: a key is up before it goes down.

    Of two on one tick the harder stays. Nothing sounds after `end`, or for no time at all.
    """
    for _, group in groupby(sorted(times, key=_by_pitch), key=lambda time: time[2].pitch):
        line: list[_Time] = []
        for start, stop, event in group:
            if start >= end:
                continue
            if line and line[-1][0] == start:
                continue
            if line and line[-1][1] > start:
                line[-1] = (line[-1][0], start, line[-1][2])
            line.append((start, min(max(stop, start + 1), end), event))
        yield from line


def _by_pitch(time: _Time) -> tuple[int, int, float]:
    start, _, event = time
    return event.pitch, start, -event.velocity


def _velocity(event: Event) -> int:
    """How hard a note is struck, so that it is as loud beside the others as in the recording."""
    decibels = event.level_db + _DYNAMIC_DB * (event.velocity - _MIDDLE)
    return max(1, min(127, round(_MIDDLE_VELOCITY * 10 ** (decibels / _DECIBELS_TO_TEN_TIMES))))
