"""Peaks, offset, clipping and silence, to the sample."""

import numpy as np
import pytest

from aimusicverse.audio.levels import LevelMeter
from tests.audio.signals import RATE, noise, sine


def levels(sound, bit_depth=24, block=10_007, rate=RATE):
    sound = np.atleast_2d(sound).astype(np.float32)
    meter = LevelMeter(rate, len(sound), bit_depth)
    for at in range(0, sound.shape[1], block):
        meter.add(sound[:, at : at + block])
    return meter.finish()


def test_peak_offset_and_length():
    found = levels(np.stack([sine(1, level_dbfs=-6) + 0.01, sine(1, level_dbfs=-12) - 0.02]))
    assert found.frames == RATE
    assert found.sample_peak == pytest.approx(0.5012 + 0.01, abs=1e-4)
    assert found.dc_offset == pytest.approx(-0.02, abs=1e-5)


@pytest.mark.parametrize("block", [1, 2, 50, 100_000])
def test_clipping_is_found_to_the_sample_wherever_the_blocks_end(block):
    sound = np.zeros((2, 60_000))
    sound[0, 100:103] = 1  # a run
    sound[0, 110:112] = 1  # two are none
    sound[1, 104:109] = -1  # in the other channel, near
    sound[1, 50_000:50_010] = 1
    sound = sound[:, 50:120] if block == 1 else sound
    offset = 50 if block == 1 else 0
    found = levels(sound, block=block).clipped
    first = found[0]
    assert (round(first.start_seconds * RATE), round(first.end_seconds * RATE)) == (
        100 - offset,
        109 - offset,
    )
    assert (first.runs, first.samples, first.longest_run_samples) == (2, 8, 5)
    if block > 1:
        assert [round(stretch.start_seconds * RATE) for stretch in found] == [100, 50_000]


def test_a_clipped_sine_is_one_stretch_and_a_full_one_none():
    clipped = levels(np.clip(1.5 * sine(2, 440, 0), -1, 1)).clipped
    assert len(clipped) == 1
    assert clipped[0].runs == pytest.approx(2 * 2 * 440, abs=2)
    assert levels(0.999 * sine(2, 440, 0)).clipped == ()


def test_all_at_full_scale_is_one_run_in_bounded_memory():
    found = levels(np.ones(RATE * 20)).clipped
    assert [(stretch.runs, stretch.samples) for stretch in found] == [(1, RATE * 20)]


@pytest.mark.parametrize(("depth", "highest"), [(8, 127 / 128), (16, 32767 / 32768), (24, 1 - 2**-23)])
def test_full_scale_is_the_highest_value_of_the_coding(depth, highest):
    assert levels([0, highest, highest, highest, 0], depth).clipped[0].samples == 3


def test_silence_at_the_ends_and_inside():
    loud = noise(1, 0.3)
    loud[[0, -1]] = 0.3
    parts = [np.zeros(2000), loud, np.full(RATE, 0.0009), loud, np.zeros(RATE // 3), loud, np.zeros(3000)]
    found = levels(np.concatenate(parts))
    assert found.leading_silence_seconds == 2000 / RATE
    assert found.trailing_silence_seconds == 3000 / RATE
    assert [(s.start_seconds, s.end_seconds) for s in found.silences] == [
        pytest.approx(((2000 + RATE) / RATE, (2000 + 2 * RATE) / RATE), abs=0.001)
    ]


def test_a_silent_file_is_silent_from_its_beginning_and_nothing_more():
    found = levels(np.zeros(RATE))
    assert (found.leading_silence_seconds, found.trailing_silence_seconds, found.silences) == (1, 0, ())
    nothing = levels(np.zeros((2, 0)))
    assert (nothing.frames, nothing.leading_silence_seconds, nothing.dc_offset) == (0, 0, 0)


def test_what_is_no_number_is_counted_and_measured_as_nothing():
    sound = sine(1)
    sound[[10, 20_000]] = np.nan, np.inf
    found = levels(sound)
    assert found.non_finite_samples == 2
    assert found.sample_peak == pytest.approx(0.5012, abs=1e-3)
