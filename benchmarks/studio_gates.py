"""Hold every genre of the studio to its gates.

    python -m benchmarks.studio_gates                              all genres, five seeds, 30, 60 and 180 s
    python -m benchmarks.studio_gates --genres jazz --seeds 2 --durations 30
    python -m benchmarks.studio_gates --write docs/engine.md       and writes the tables there

Pieces come from the real child process, and are judged by `benchmarks.judge`, which shares no line with the
engine. What has been measured of this very version is kept in `--results`, so that a run can be stopped and
gone on with. Prints tables in Markdown; exits with 1 when a gate is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aimusicverse.engines.studio.genres import GENRES
from benchmarks.gate_table import as_markdown, write_into
from benchmarks.judge.gates import misses
from benchmarks.judge.likeness import correlation, separation
from benchmarks.kept_results import results_of
from benchmarks.studio_takes import Order, take, unpacked

APART = 2.0


def main() -> int:
    """Render, judge, print; 0 when every gate holds."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--genres", nargs="*", default=list(GENRES), choices=list(GENRES), metavar="GENRE")
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--durations", type=float, nargs="*", default=[30.0, 60.0, 180.0])
    options.add_argument("--results", type=Path, default=Path(tempfile.gettempdir()) / "studio-gates.jsonl")
    options.add_argument("--write", type=Path, help="a page with the two marks between which the tables go")
    given = options.parse_args()
    orders = [
        Order(genre, seed, seconds)
        for seconds in given.durations
        for genre in given.genres
        for seed in range(1, given.seeds + 1)
    ]
    lines = measured(orders, given.results)
    apart = {seconds: distances(lines, seconds) for seconds in given.durations}
    text = as_markdown(lines, apart, APART)
    print(text)
    if given.write:
        write_into(given.write, text)
    return 1 if any(line["missed"] for line in lines) or too_near(apart) else 0


def measured(orders: list[Order], results: Path) -> list[dict[str, Any]]:
    """A line for each order, in their order, with what it missed under `missed`."""
    found: dict[Order, dict[str, Any]] = {}
    for order, result in results_of(orders, take, results):
        line = found[order] = asdict(order) | result
        line["missed"] = misses(line["genre"], line["figures"])
        told = ", ".join(f"{gate} by {by:.3g}" for gate, by in line["missed"].items()) or "all held"
        name = f"{order.genre}, seed {order.seed}, {order.seconds:g} s"
        print(f"{len(found)} of {len(orders)}: {name}: {told}", file=sys.stderr, flush=True)
    compare_seeds(found)
    return [found[order] for order in orders]


def compare_seeds(found: dict[Order, dict[str, Any]]) -> None:
    """Each seed against the one before it, and the first against the last."""
    groups: dict[tuple[str, float], list[dict[str, Any]]] = defaultdict(list)
    for order in sorted(found, key=lambda order: order.seed):
        groups[order.genre, order.seconds].append(found[order])
    for lines in groups.values():
        if len(lines) < 2:
            continue
        for line, other in zip(lines, [lines[-1], *lines[:-1]], strict=True):
            figures = line["figures"]
            for name in ("chroma", "onsets"):
                figures[f"{name}_alike"] = correlation(unpacked(line[name]), unpacked(other[name]))
            bars = [{tuple(map(tuple, bar)) for bar in one["bars"]} for one in (line, other)]
            figures["shared_bars"] = len(bars[0] & bars[1])
            line["missed"] = misses(line["genre"], figures)


def distances(lines: list[dict[str, Any]], seconds: float) -> dict[str, tuple[float, str, float]]:
    """How far each genre is from the others, in distances between its own seeds."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for line in lines:
        if line["seconds"] == seconds:
            groups[line["genre"]].append(unpacked(line["signature"]))
    if len(groups) < 2 or any(len(group) < 2 for group in groups.values()):
        return {}
    return separation(groups)


def too_near(apart: dict[float, dict[str, tuple[float, str, float]]]) -> list[str]:
    """Genres that are not twice as far from the others as their own seeds are from each other."""
    return [genre for found in apart.values() for genre, (mean, *_) in found.items() if mean < APART]


if __name__ == "__main__":
    sys.exit(main())
