"""The structure that is heard: what was played, and nothing where nothing was."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from aimusicverse.audio.hearing import heard_structure

RATE = 22_050


def beats(seconds, bpm, pitches):
    """Chords struck on each beat."""
    at = np.arange(round(seconds * RATE)) / RATE
    since = at % (60 / bpm)
    tone = sum(np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * at) for pitch in pitches)
    return 0.1 * tone * np.exp(-6 * since)


def heard(sound, folder):
    path = folder / "sound.wav"
    soundfile.write(path, sound, RATE)
    return heard_structure(path)


def test_sections_tempo_and_key_are_heard(tmp_path):
    noisy = np.random.default_rng(1).normal(0, 0.02, 20 * RATE)
    sound = np.concatenate(
        [beats(20, 120, (60, 62, 64, 65, 67, 69, 71, 72)), beats(20, 120, (48, 55)) + noisy]
    )
    found = heard(sound, tmp_path)
    assert found.estimated
    assert found.duration_seconds == 40
    assert found.tempo_bpm == pytest.approx(120, rel=0.02)
    assert [one.name for one in found.sections] == ["A", "B"]
    assert found.sections[0].end_seconds == found.sections[1].start_seconds == pytest.approx(20, abs=2)
    assert found.sections[1].end_seconds == 40
    assert found.chords == found.downbeats == []
    assert found.bars is found.time_signature is None


def test_silence_has_no_sections(tmp_path):
    found = heard(np.zeros(10 * RATE), tmp_path)
    assert (found.sections, found.tempo_bpm, found.key) == ([], None, None)
