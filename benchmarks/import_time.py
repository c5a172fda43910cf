"""`import aimusicverse`, over the bare interpreter."""

from __future__ import annotations

from benchmarks.processes import PYTHON, interleaved, median_wall
from benchmarks.table import Row

ROUNDS = 25


def measure() -> list[Row]:
    """Medians of interleaved fresh processes."""
    taken = interleaved(
        {
            "bare": [*PYTHON, "-c", "pass"],
            "ours": [*PYTHON, "-c", "import aimusicverse"],
        },
        rounds=ROUNDS,
    )
    wall = {name: median_wall(usages) for name, usages in taken.items()}
    bare = wall["bare"]
    over = "over the bare interpreter, ms"
    return [
        Row(f"import aimusicverse {over}", wall["ours"] - bare, 20, ("bare interpreter", bare)),
    ]
