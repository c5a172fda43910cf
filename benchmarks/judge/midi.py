"""The notes of a Standard MIDI File.

Source: MIDI Manufacturers Association, "Standard MIDI Files 1.0" (1996). Of what is written beside the notes
seconds need the tempos, and bars the metre and its programs; the key and the sections are never read, and
names only to tell tracks apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.judge.notes import Note

_PERCUSSION_CHANNEL = 9
_USUAL_TEMPO = 500_000  # microseconds to a quarter note
_NAME, _TEMPO, _METRE = 0x03, 0x51, 0x58
#: Data bytes that follow a status byte, by its upper half.
_LENGTHS = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}

_Event = tuple[int, int, bytes]  # tick, status byte (0xFF00 + type for meta events), data


@dataclass(frozen=True, slots=True)
class Stroke:
    """A note on the page: start and length in quarter notes, pitch, velocity 0–1, who plays it.

    `track` counts from 0; `program` is General MIDI's, counted from 0; `None` on the channel of percussion.
    """

    start: float
    quarters: float
    pitch: int
    velocity: float
    track: int
    program: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """A file as it is written: the first tempo, the quarter notes of a bar, the notes by their starts."""

    bpm: float
    bar: float
    strokes: tuple[Stroke, ...]


def notes_of_file(data: bytes) -> list[Note]:
    """All notes, in the order of their starts. What is on channel 10 is `drums`, all else `harmony`.

    Raises:
        ValueError: it is no MIDI file, or its times are those of a film.
    """
    division, tracks = _tracks(data)
    seconds = _Clock(division, [event for track in tracks for event in track if event[1] == 0xFF00 + _TEMPO])
    found = []
    for number, track in enumerate(tracks):
        names = [data.decode("latin-1") for _, status, data in track if status == 0xFF00 + _NAME]
        part = names[-1] if names else f"track {number}"
        for start, stop, pitch, velocity, program in _notes(track):
            voice = "drums" if program is None else "harmony"
            length = seconds(stop) - seconds(start)
            found.append(Note(seconds(start), length, pitch, velocity / 127, part, voice))
    return sorted(found, key=lambda note: (note.start, note.part, note.pitch))


def page_of_file(data: bytes) -> Page:
    """What stands in a file, without any of its words.

    Raises:
        ValueError: it is no MIDI file, or its times are those of a film.
    """
    division, tracks = _tracks(data)
    told = sorted((tick, status, body) for track in tracks for tick, status, body in track if status > 0xFF)
    tempos = [int.from_bytes(body, "big") for _, status, body in told if status == 0xFF00 + _TEMPO]
    metres = [4 * body[0] / 2 ** body[1] for _, status, body in told if status == 0xFF00 + _METRE]
    strokes = [
        Stroke(start / division, (stop - start) / division, pitch, velocity / 127, number, program)
        for number, track in enumerate(tracks)
        for start, stop, pitch, velocity, program in _notes(track)
    ]
    strokes.sort(key=lambda stroke: (stroke.start, stroke.track, stroke.pitch))
    return Page(6e7 / (tempos or [_USUAL_TEMPO])[0], (metres or [4.0])[0], tuple(strokes))


def _tracks(data: bytes) -> tuple[int, list[list[_Event]]]:
    """Ticks to a quarter note, and the events of each track."""
    if data[:4] != b"MThd":
        raise ValueError("no MIDI file")
    division = int.from_bytes(data[12:14], "big")
    if division & 0x8000:
        raise ValueError("times in frames of a film are not read")
    return division, [list(_events(chunk)) for chunk in _chunks(data)]


class _Clock:
    """Ticks to seconds, through all changes of tempo."""

    def __init__(self, division: int, tempos: list[_Event]) -> None:
        changes = [(0, _USUAL_TEMPO)]
        for tick, _, data in sorted(tempos):
            changes.append((tick, int.from_bytes(data, "big")))
        self._ticks = [tick for tick, _ in changes]
        self._each = [tempo / 1e6 / division for _, tempo in changes]
        self._at = [0.0]
        for (first, last), each in zip(pairwise(self._ticks), self._each, strict=False):
            self._at.append(self._at[-1] + (last - first) * each)

    def __call__(self, tick: int) -> float:
        index = bisect_right(self._ticks, tick) - 1
        return self._at[index] + (tick - self._ticks[index]) * self._each[index]


def _notes(track: list[_Event]) -> Iterator[tuple[int, int, int, int, int | None]]:
    """First tick, last tick, pitch, velocity and program of each."""
    sounding: dict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
    programs: dict[int, int] = {}
    for tick, status, data in track:
        kind, channel = status >> 4, status & 0xF
        if kind == 0xC:
            programs[channel] = data[0]
        if kind not in (0x8, 0x9):
            continue
        pitch, velocity = data
        if kind == 0x9 and velocity:
            sounding[channel, pitch].append((tick, velocity))
        elif sounding[channel, pitch]:
            start, struck = sounding[channel, pitch].popleft()
            program = None if channel == _PERCUSSION_CHANNEL else programs.get(channel, 0)
            yield start, tick, pitch, struck, program


def _chunks(data: bytes) -> Iterator[bytes]:
    at = 8 + int.from_bytes(data[4:8], "big")
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "big")
        if data[at : at + 4] == b"MTrk":
            yield data[at + 8 : at + 8 + size]
        at += 8 + size


def _events(chunk: bytes) -> Iterator[_Event]:
    at = tick = status = 0
    while at < len(chunk):
        wait, at = _number(chunk, at)
        tick += wait
        if chunk[at] & 0x80:
            status = chunk[at]
            at += 1
        if status in (0xF0, 0xF7, 0xFF):
            kind = status
            if status == 0xFF:
                kind = 0xFF00 + chunk[at]
                at += 1
            size, at = _number(chunk, at)
        else:
            kind, size = status, _LENGTHS[status >> 4]
        yield tick, kind, chunk[at : at + size]
        at += size


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where what follows begins."""
    value = 0
    while data[at] & 0x80:
        value = value << 7 | data[at] & 0x7F
        at += 1
    return value << 7 | data[at], at + 1
