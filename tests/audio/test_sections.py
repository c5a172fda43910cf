"""Sections of sounds that change where the test says."""

from itertools import pairwise

import numpy as np
import pytest

from aimusicverse.audio.sections import _labels, sections
from tests.audio.signals import RATE, cadence, clicks, noise, sine
from tests.audio.test_frames import heard


def of(sound):
    return sections(heard(sound), len(sound) / RATE)


def test_what_returns_has_the_same_letter_and_edges_are_found_to_a_second():
    quiet, full = cadence(57, times=4), cadence(57, times=4) + clicks(120, 16) + noise(16, 0.02)
    found = of(np.concatenate([quiet, full, quiet]))
    assert [section.label for section in found] == ["A", "B", "A"]
    assert [section.start_seconds for section in found] == pytest.approx([0, 16, 32], abs=1)


def test_they_follow_each_other_without_gaps_from_beginning_to_end():
    found = of(np.concatenate([cadence(57, times=3), noise(9), sine(14.3)]))
    assert found[0].start_seconds == 0
    assert found[-1].end_seconds == pytest.approx(12 + 9 + 14.3)
    assert all(a.end_seconds == b.start_seconds for a, b in pairwise(found))
    assert all(section.end_seconds - section.start_seconds >= 5.9 for section in found)


@pytest.mark.parametrize("sound", [noise(60), sine(60), clicks(120, 60)], ids=["noise", "sine", "clicks"])
def test_what_never_changes_is_one_section(sound):
    assert [(s.label, s.start_seconds, s.end_seconds) for s in of(sound)] == [("A", 0, 60)]


def test_silence_and_a_blink_have_none():
    assert of(np.zeros(RATE * 30)) == ()
    assert of(sine(0.1)) == ()


def test_after_z_the_letters_begin_again_with_a_number():
    kinds = list(np.eye(30))
    assert _labels([*kinds, kinds[27]])[-5:] == ["A2", "B2", "C2", "D2", "B2"]
