"""The highest true peak alone is the one that the whole track of them has, however the sound is cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.audio.true_peak import CHUNK, HighestPeak, PeakTrack


def both(samples, sizes):
    track, highest = PeakTrack(len(samples)), HighestPeak(len(samples))
    start = 0
    for size in sizes:
        track.add(samples[:, start : start + size])
        highest.add(samples[:, start : start + size])
        start += size
    track.finish()
    return track.highest, highest.finish()


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    channels=st.integers(1, 3),
    sizes=st.lists(st.integers(0, 5 * CHUNK), min_size=1, max_size=6),
    shape=st.sampled_from(["noise", "burst", "steady", "clipped", "tiny"]),
)
def test_it_is_the_highest_of_the_track(seed, channels, sizes, shape):
    random = np.random.default_rng(seed)
    samples = random.standard_normal((channels, sum(sizes))).astype(np.float32)
    if shape == "burst":
        samples *= np.exp(-np.arange(samples.shape[1]) / 20).astype(np.float32)
    elif shape == "steady":
        samples[:] = np.sin(np.pi / 2 * np.arange(samples.shape[1]) + np.pi / 4)
    elif shape == "clipped":
        samples = np.clip(samples * 3, -1, 1)
    elif shape == "tiny":
        samples *= 1e-6
    track, highest = both(samples, sizes)
    assert highest == pytest.approx(track, rel=1e-5, abs=1e-12)


@pytest.mark.parametrize("place", [0, 1, 15, 16, 31, 32, 47, 63, 64, 4_999])
def test_a_single_sample_anywhere_is_found(place):
    samples = np.full((1, 5_000), 1e-4, np.float32)
    samples[0, place] = 0.5
    track, highest = both(samples, [1_000] * 5)
    assert highest == pytest.approx(track, rel=1e-5)
    assert highest >= 0.5


def test_a_curve_that_is_higher_than_every_sample_is_drawn():
    samples = np.sin(np.pi / 2 * np.arange(4_000) + np.pi / 4)[None].astype(np.float32)
    _, highest = both(samples, [4_000])
    assert highest == pytest.approx(1, abs=0.02)  # it begins at once: a little more


def test_silence_and_nothing_have_no_peak():
    assert both(np.zeros((2, 0), np.float32), [0]) == (0, 0)
    assert both(np.zeros((2, 500), np.float32), [500]) == (0, 0)
