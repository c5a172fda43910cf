"""Three genres held to every gate of the studio, by a judge that shares no line with it.

`python -m benchmarks.studio_gates` holds all of them, for five seeds and three durations.
"""

import pytest

from benchmarks.judge.gates import misses
from benchmarks.studio_takes import Order, take


@pytest.mark.timeout(600)  # the render child gives way to everything else that runs
@pytest.mark.parametrize("genre", ["house", "jazz", "classical"])
def test_a_piece_holds_its_gates(genre):
    assert misses(genre, take(Order(genre, 2, 30.0))["figures"]) == {}
