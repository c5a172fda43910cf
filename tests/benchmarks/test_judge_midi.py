"""The judge reads notes from MIDI files as they are."""

import pytest

from benchmarks.judge.midi import notes_of_file
from benchmarks.judge.notes import Note


def chunk(name, body):
    return name + len(body).to_bytes(4, "big") + body


def file(*tracks, division=480):
    head = chunk(b"MThd", b"\0\1" + len(tracks).to_bytes(2, "big") + division.to_bytes(2, "big"))
    return head + b"".join(chunk(b"MTrk", bytes(track)) for track in tracks)


END = [0, 0xFF, 0x2F, 0]
TEMPO_120_THEN_60 = [0, 0xFF, 0x51, 3, 0x07, 0xA1, 0x20, 0x83, 0x60, 0xFF, 0x51, 3, 0x0F, 0x42, 0x40, *END]


def test_a_note_has_its_seconds_through_a_change_of_tempo():
    track = [0, 0x90, 60, 127, 0x87, 0x40, 0x80, 60, 0, *END]  # 960 ticks: one quarter at 120, one at 60
    assert notes_of_file(file(TEMPO_120_THEN_60, track)) == [Note(0.0, 1.5, 60, 1.0, "track 1", "harmony")]


def test_running_status_names_and_drums_are_read():
    named = [0, 0xFF, 3, 5, *b"piano", 0, 0x90, 60, 64, 0, 64, 64, 0x60, 60, 0, 0, 64, 0, *END]
    drums = [0, 0xC9, 0, 0, 0x99, 36, 100, 0x60, 36, 0, *END]
    found = notes_of_file(file(named, drums))
    assert [(note.pitch, note.part, note.voice) for note in found] == [
        (60, "piano", "harmony"),
        (64, "piano", "harmony"),
        (36, "track 1", "drums"),
    ]
    assert all(note.seconds == pytest.approx(0.1) for note in found)


def test_what_is_no_midi_file_is_refused():
    with pytest.raises(ValueError, match="no MIDI"):
        notes_of_file(b"RIFF....")
    with pytest.raises(ValueError, match="film"):
        notes_of_file(file(END, division=0xE728))
