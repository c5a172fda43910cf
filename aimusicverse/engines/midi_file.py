"""Standard MIDI Files: events on tracks, as bytes. It knows nothing of music.

Source: *Standard MIDI Files 1.0* (RP-001, MIDI Manufacturers Association). Every event has its status byte
(no running status), so that a file is easy to read for people with a hex dump too. Text is UTF-8: the
standard says ASCII, and leaves the rest open.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

TEXT, TRACK_NAME, MARKER = 0x01, 0x03, 0x06
_PORT, _END, _TEMPO, _TIME_SIGNATURE, _KEY_SIGNATURE = 0x21, 0x2F, 0x51, 0x58, 0x59
#: What comes first of several events on one tick: what ends before what begins, a sound before its notes.
_META, _OFF, _PROGRAM, _ON = range(4)
_MOST_DELTA = 0x0FFF_FFFF


class TrackChunk:
    """One track: events by their ticks from the beginning, in any order."""

    def __init__(self) -> None:
        self._events: list[tuple[int, int, int, bytes]] = []

    def text(self, tick: int, kind: int, words: str) -> None:
        """Words of a kind: `TEXT`, `TRACK_NAME`, `MARKER`…"""
        self._meta(tick, kind, words.encode("utf-8", "replace"))

    def tempo(self, tick: int, quarters_per_minute: float) -> None:
        """How fast quarter notes go, to a microsecond each."""
        self._meta(tick, _TEMPO, round(60_000_000 / quarters_per_minute).to_bytes(3, "big"))

    def time_signature(self, tick: int, beats: int, unit: int, *, clocks: int) -> None:
        """`beats` over `unit` (a power of two); a metronome clicks every `clocks`, 24 to a quarter note."""
        self._meta(tick, _TIME_SIGNATURE, bytes((beats, unit.bit_length() - 1, clocks, 8)))

    def key_signature(self, tick: int, sharps: int, *, minor: bool) -> None:
        """Sharps (7 to 0), or flats (-1 to -7)."""
        self._meta(tick, _KEY_SIGNATURE, struct.pack(">bB", sharps, minor))

    def port(self, number: int) -> None:
        """The output that the track plays on, where sixteen channels are not enough.

        Not in the standard, but read everywhere.
        """
        self._meta(0, _PORT, bytes((number,)))

    def program(self, tick: int, channel: int, program: int) -> None:
        """The sound of a channel (both from 0)."""
        self._add(tick, _PROGRAM, bytes((0xC0 | channel, program)))

    def note(self, channel: int, start: int, end: int, pitch: int, velocity: int) -> None:
        """A note from a tick to a later one; `velocity` 1–127."""
        self._add(start, _ON, bytes((0x90 | channel, pitch, velocity)))
        self._add(end, _OFF, bytes((0x80 | channel, pitch, 64)))

    def to_bytes(self, end: int) -> bytes:
        """The chunk, which ends at tick `end`: no event is later."""
        body, at = bytearray(), 0
        for tick, _, _, data in sorted(self._events):
            body += _variable_length(tick - at) + data
            at = tick
        body += _variable_length(end - at) + bytes((0xFF, _END, 0))
        return b"MTrk" + struct.pack(">I", len(body)) + bytes(body)

    def _meta(self, tick: int, kind: int, data: bytes) -> None:
        self._add(tick, _META, bytes((0xFF, kind)) + _variable_length(len(data)) + data)

    def _add(self, tick: int, rank: int, data: bytes) -> None:
        self._events.append((tick, rank, len(self._events), data))


def simultaneous(tracks: Sequence[TrackChunk], *, ticks_per_quarter: int, end: int) -> bytes:
    """A file of format 1: tracks that sound together, the first with tempo, metre and markers."""
    header = b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), ticks_per_quarter)
    return header + b"".join(track.to_bytes(end) for track in tracks)


def _variable_length(number: int) -> bytes:
    """Seven bits a byte, the highest first; all but the last byte have their top bit set."""
    if not 0 <= number <= _MOST_DELTA:
        raise ValueError(f"{number} does not fit into a Standard MIDI File")
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(0x80 | number & 0x7F)
    return bytes(reversed(digits))
