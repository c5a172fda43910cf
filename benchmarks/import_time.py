"""`import aimusicverse`, over the bare interpreter."""

from __future__ import annotations

from benchmarks.processes import PYTHON, interleaved, median_wall
from benchmarks.table import Row

ROUNDS = 25
#: How much longer than httpx alone a usable client may take (with pydantic it has two such imports to do).
CLIENT = 2.4


def measure() -> list[Row]:
    """Medians of interleaved fresh processes."""
    taken = interleaved(
        {
            "bare": [*PYTHON, "-c", "pass"],
            "ours": [*PYTHON, "-c", "import aimusicverse"],
            "httpx": [*PYTHON, "-c", "import httpx"],
            "client": [
                *PYTHON,
                "-c",
                "from aimusicverse import Client; Client('key', 'http://127.0.0.1:9').close()",
            ],
        },
        rounds=ROUNDS,
    )
    wall = {name: median_wall(usages) for name, usages in taken.items()}
    bare = wall["bare"]
    httpx = wall["httpx"] - bare
    over = "over the bare interpreter, ms"
    return [
        Row(f"import aimusicverse {over}", wall["ours"] - bare, 20, ("bare interpreter", bare)),
        Row(f"import + Client() {over}", wall["client"] - bare, CLIENT * httpx, ("import httpx", httpx)),
    ]
