"""Notes as they are played: none begins with a step, the same one is made once."""

import numpy as np
import pytest

from aimusicverse.engines.studio.score import PIECES
from aimusicverse.engines.studio.synth.cache import Notes
from aimusicverse.engines.studio.synth.voices import VOICES


@pytest.mark.parametrize("instrument", VOICES)
def test_no_note_begins_with_a_step(instrument):
    sound = Notes("acoustic", 0.0, 0).sound(instrument, 57, 0.4, 0.8, 0)
    assert sound[0] == 0
    assert np.abs(np.diff(sound[:24])).max() < 0.5 * np.abs(sound).max()


@pytest.mark.parametrize("kit", ["acoustic", "chip", "808"])
@pytest.mark.parametrize("piece", ["kick", "snare", "hat"])
def test_no_stroke_begins_with_a_step(kit, piece):
    assert Notes(kit, 0.0, 0).sound("drums", PIECES[piece], 0.1, 0.8, 0)[0] == 0


def test_a_note_that_comes_again_is_the_one_that_was_made():
    notes = Notes("acoustic", 0.0, 0)
    assert notes.sound("piano", 60, 0.5, 0.6, 0) is notes.sound("piano", 60, 0.5, 0.6, 7)
