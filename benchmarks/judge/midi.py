"""The notes of a Standard MIDI File.

Source: MIDI Manufacturers Association, "Standard MIDI Files 1.0" (1996). Of what is written beside the notes
only tempos are read, because without them there are no seconds: not the key, the metre or the sections.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator
from itertools import pairwise

from benchmarks.judge.notes import Note

_PERCUSSION_CHANNEL = 9
_USUAL_TEMPO = 500_000  # microseconds to a quarter note
_NAME, _TEMPO = 0x03, 0x51
#: Data bytes that follow a status byte, by its upper half.
_LENGTHS = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}

_Event = tuple[int, int, bytes]  # tick, status byte (0xFF00 + type for meta events), data


def notes_of_file(data: bytes) -> list[Note]:
    """All notes, in the order of their starts. What is on channel 10 is `drums`, all else `harmony`.

    Raises:
        ValueError: it is no MIDI file, or its times are those of a film.
    """
    if data[:4] != b"MThd":
        raise ValueError("no MIDI file")
    division = int.from_bytes(data[12:14], "big")
    if division & 0x8000:
        raise ValueError("times in frames of a film are not read")
    tracks = [list(_events(chunk)) for chunk in _chunks(data)]
    seconds = _Clock(division, [event for track in tracks for event in track if event[1] == 0xFF00 + _TEMPO])
    found = [
        note for number, track in enumerate(tracks) for note in _notes(track, f"track {number}", seconds)
    ]
    return sorted(found, key=lambda note: (note.start, note.part, note.pitch))


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


def _notes(track: list[_Event], name: str, seconds: _Clock) -> Iterator[Note]:
    sounding: dict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
    for tick, status, data in track:
        if status == 0xFF00 + _NAME:
            name = data.decode("latin-1")
        kind, channel = status >> 4, status & 0xF
        if kind not in (0x8, 0x9):
            continue
        pitch, velocity = data
        if kind == 0x9 and velocity:
            sounding[channel, pitch].append((tick, velocity))
        elif sounding[channel, pitch]:
            start, struck = sounding[channel, pitch].popleft()
            voice = "drums" if channel == _PERCUSSION_CHANNEL else "harmony"
            length = seconds(tick) - seconds(start)
            yield Note(seconds(start), length, pitch, struck / 127, name, voice)


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
