"""A strict reader of Standard MIDI Files, written from the specification: it shares nothing with the writer.

What a lenient program would forgive (a note that never ends, a stray byte, a missing end) is an error here.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ReadTrack:
    """Everything on a track, times in ticks from the beginning."""

    name: str | None = None
    texts: list[tuple[int, str]] = field(default_factory=list)
    markers: list[tuple[int, str]] = field(default_factory=list)
    tempos: list[tuple[int, int]] = field(default_factory=list)
    metres: list[tuple[int, bytes]] = field(default_factory=list)
    keys: list[tuple[int, int, int]] = field(default_factory=list)
    programs: list[tuple[int, int, int]] = field(default_factory=list)
    port: int = 0
    #: start, end, channel, pitch, velocity
    notes: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    end: int | None = None


@dataclass
class ReadFile:
    """A file of format 1."""

    ticks_per_quarter: int
    tracks: list[ReadTrack]


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        assert self.at + count <= len(self.data), "the file ends early"
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "big")

    def variable(self) -> int:
        value = 0
        for _ in range(4):
            byte = self.number(1)
            value = value * 128 + byte % 128
            if byte < 128:
                return value
        raise AssertionError("a number of variable length has at most four bytes")

    @property
    def left(self) -> int:
        return len(self.data) - self.at


def read(data: bytes) -> ReadFile:
    """The file, or an assertion that fails."""
    source = _Bytes(data)
    assert source.take(4) == b"MThd"
    assert source.number(4) == 6
    assert source.number(2) == 1, "format 1"
    count, division = source.number(2), source.number(2)
    assert 0 < division < 0x8000
    tracks = []
    for _ in range(count):
        assert source.take(4) == b"MTrk"
        tracks.append(_track(_Bytes(source.take(source.number(4)))))
    assert source.left == 0, "bytes after the last track"
    return ReadFile(division, tracks)


def _track(source: _Bytes) -> ReadTrack:
    track, now = ReadTrack(), 0
    sounding: dict[tuple[int, int], tuple[int, int]] = {}
    while track.end is None:
        now += source.variable()
        status = source.number(1)
        assert status >= 0x80, "no running status here"
        if status == 0xFF:
            _meta(track, now, source.number(1), source.take(source.variable()))
            continue
        kind, channel = status >> 4, status % 16
        if kind == 0xC:
            track.programs.append((now, channel, _data(source)))
            continue
        assert kind in (0x8, 0x9), f"an event that no score has: {status:x}"
        pitch, velocity = _data(source), _data(source)
        if kind == 0x9:
            assert velocity > 0, "an end in disguise"
            assert (channel, pitch) not in sounding, "a key goes down that is down"
            sounding[channel, pitch] = (now, velocity)
        else:
            start, struck = sounding.pop((channel, pitch))
            assert start < now, "a note of no length"
            track.notes.append((start, now, channel, pitch, struck))
    assert not sounding, "notes that never end"
    assert source.left == 0, "events after the end"
    return track


def _data(source: _Bytes) -> int:
    value = source.number(1)
    assert value < 128
    return value


def _meta(track: ReadTrack, now: int, kind: int, data: bytes) -> None:
    if kind == 0x2F:
        assert data == b""
        track.end = now
    elif kind == 0x03:
        assert now == 0
        assert track.name is None
        track.name = data.decode()
    elif kind == 0x01:
        track.texts.append((now, data.decode()))
    elif kind == 0x06:
        track.markers.append((now, data.decode()))
    elif kind == 0x51:
        assert len(data) == 3
        track.tempos.append((now, int.from_bytes(data, "big")))
    elif kind == 0x58:
        assert len(data) == 4
        track.metres.append((now, data))
    elif kind == 0x59:
        assert len(data) == 2
        track.keys.append((now, int.from_bytes(data[:1], "big", signed=True), data[1]))
    elif kind == 0x21:
        assert len(data) == 1
        track.port = data[0]
    else:
        raise AssertionError(f"an unknown meta event: {kind:x}")
