"""The block filter is the recursive filter, whatever the blocks."""

import numpy as np
import pytest

from aimusicverse.audio.filters import Cascade, Section, high_shelf, highpass, lowpass, peaking


def by_hand(section: Section, x):
    y, x1, x2, y1, y2 = np.zeros_like(x), 0.0, 0.0, 0.0, 0.0
    for i, value in enumerate(x):
        y[i] = section.b0 * value + section.b1 * x1 + section.b2 * x2 - section.a1 * y1 - section.a2 * y2
        x1, x2, y1, y2 = value, x1, y[i], y1
    return y


@pytest.mark.parametrize("block", [1, 7, 64, 1000, 5000])
def test_blocks_of_any_size_give_what_the_difference_equation_gives(block):
    sections = (
        highpass(30, 44_100),
        lowpass(9000, 44_100),
        peaking(1000, 44_100, 4),
        high_shelf(2000, 44_100, -3),
    )
    x = np.random.default_rng(0).standard_normal(5000)
    cascade = Cascade(sections, 1)
    ours = np.concatenate([cascade.process(x[None, i : i + block]) for i in range(0, 5000, block)], axis=1)[0]
    expected = x
    for section in sections:
        expected = by_hand(section, expected)
    np.testing.assert_allclose(ours, expected, atol=1e-9)


def test_a_high_pass_takes_the_constant_out():
    out = Cascade((highpass(30, 44_100),), 2).process(np.ones((2, 44_100)))
    assert np.abs(out[:, -100:]).max() < 1e-6
