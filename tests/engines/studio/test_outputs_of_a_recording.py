"""From a prompt to notes, chart and outline, through the SDK: all tell of one recording."""

from __future__ import annotations

import io

import numpy as np
import pytest

from aimusicverse import LocalServer
from aimusicverse.audio import files
from aimusicverse.audio.frames import Listener
from tests.engines.studio.midi_reader import read


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A finished track of a minute's fifth, and what was fetched of it."""
    folder = tmp_path_factory.mktemp("recording")
    with LocalServer() as server, server.client() as client:
        track = client.generate(
            "house in Bb major, 120 bpm", duration_seconds=12, seed=4, title="Ámbar"
        ).tracks[0]
        client.tracks.download(track, folder / "song.wav")
        return {
            "track": track,
            "sound": files.read(folder / "song.wav"),
            "midi": client.tracks.midi(track),
            "played": client.tracks.midi(track, humanised=True),
            "structure": client.tracks.structure(track),
            "waveform": client.tracks.waveform(track, points=200),
        }


def test_the_title_and_the_plan_are_in_the_notes(made):
    file = read(made["midi"])
    assert file.tracks[0].name == "Ámbar"
    assert file.tracks[0].tempos == [(0, 500_000)]
    assert file.tracks[0].keys == [(0, -2, 0)]
    assert {track.end for track in file.tracks} == {(12 * 2 * 960)}


def test_the_strokes_of_the_notes_are_the_onsets_of_the_sound(made):
    """Where the bass drum of the MIDI file falls, the power of the recording rises."""
    sound, rate = made["sound"]
    listener = Listener(rate)
    listener.add(sound)
    frames = listener.finish()
    [drums] = [track for track in read(made["played"]).tracks if track.name == "drums"]
    kicks = [start / 960 / 2 for start, _, _, pitch, _ in drums.notes if pitch == 36]
    assert len(kicks) > 10
    around = [
        frames.onsets[max(0, round(at * frames.rate) - 3) :][:8].max(initial=0) for at in kicks if at > 0.1
    ]
    assert np.median(around) > 4 * np.median(frames.onsets)


def test_the_chart_covers_the_recording(made):
    chart, plan = made["structure"], made["track"].provenance.plan
    assert (chart.key, chart.tempo_bpm, chart.estimated) == ("Bb major", 120, False)
    assert [one.name for one in chart.sections] == [one.name for one in plan.sections]
    assert chart.sections[-1].end_seconds == pytest.approx(made["track"].duration_seconds)
    assert not any(chord.symbol[1:2] == "#" for chord in chart.chords)
    assert chart.chords[-1].symbol == "Bb"
    markers = [(tick / 1920, name) for tick, name in read(made["midi"]).tracks[0].markers]
    assert markers == [(pytest.approx(one.start_seconds, abs=1e-3), one.name) for one in chart.sections]


def test_the_outline_is_that_of_the_sound(made):
    sound, rate = made["sound"]
    outline = made["waveform"]
    assert (outline.sample_rate, outline.version, outline.channels) == (rate, 2, 1)
    data = np.array(outline.data).reshape(-1, 2)
    for index in range(outline.length):
        part = sound[:, index * outline.samples_per_pixel : (index + 1) * outline.samples_per_pixel]
        assert data[index] == pytest.approx(np.array([part.min(), part.max()]) * 32767, abs=1)


def test_mido_agrees_on_the_length(made):
    mido = pytest.importorskip("mido")
    assert mido.MidiFile(file=io.BytesIO(made["midi"])).length == pytest.approx(12, abs=2e-3)
