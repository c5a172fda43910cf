"""Figures of melodies, on lines short enough to count by hand."""

import pytest

from benchmarks.melody_figures import figures, windows

#: Eight bars of C D E G, one quarter each.
TUNE = [(4.0 * bar + beat, 1.0, pitch) for bar in range(8) for beat, pitch in enumerate((60, 62, 64, 67))]


def test_intervals_and_density_are_those_one_counts():
    told = figures(TUNE, 4)
    assert told["steps"] == pytest.approx(16 / 31)
    assert told["thirds"] == pytest.approx(8 / 31)
    assert told["leaps"] == pytest.approx(7 / 31)
    assert told["range"] == 7
    assert told["pitch-class entropy"] == pytest.approx(2)
    assert told["rhythm entropy"] == pytest.approx(0)
    assert told["notes per quarter"] == 1


def test_a_loop_is_the_same_after_every_lag_and_its_leaps_turn_back():
    told = figures(TUNE, 4)
    assert told["notes again after 1"] == told["rhythm again after 4"] == 1
    assert "notes again after 8" not in told
    assert told["leaps turned back"] == 1


def test_a_phrase_ends_where_twice_the_usual_time_passes():
    line = [(0, 1, 60), (1, 1, 62), (2, 2, 64), (4, 1, 60), (5, 1, 62), (6, 2, 64), (8, 1, 60)]
    assert figures(line, 4)["phrase length"] == pytest.approx((4 + 4 + 1) / 3)


def test_windows_have_sixteen_bars_and_leave_out_what_is_nearly_silent():
    long = [(start + 32 * turn, beats, pitch) for turn in range(5) for start, beats, pitch in TUNE]
    assert [len(window) for window in windows(long, 4)] == [64, 64, 32]
    assert windows(TUNE[:12], 4) == []
    assert all(window[0][0] == 0 for window in windows(long, 4))
