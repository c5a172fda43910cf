"""Which genre is heard in what the studio makes of the labelled prompts?

    python -m benchmarks.genre_by_ear                        renders 294 pieces of 30 s
    python -m benchmarks.genre_by_ear --write docs/engine.md

`benchmarks.judge.genre` learns each genre from eight pieces made by its name alone (seeds 11 to 18), and is
then asked about the recordings of the 150 prompts (seed 1). It is given nothing but the sound. Prints the
share that is heard as labelled, and all other pairs of labelled and heard genre. What is rendered is kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.types import GenerationCreate
from benchmarks.gate_table import GENRES_HEARD, write_into
from benchmarks.judge.genre import Listener, features
from benchmarks.judge.verdict import hear
from benchmarks.kept_results import results_of
from benchmarks.prompt_labels import SECONDS, Label, labels
from benchmarks.render_child import run_child

SEEDS = range(11, 19)
KEPT = Path(tempfile.gettempdir()) / "genre-by-ear.jsonl"


@dataclass(frozen=True, slots=True)
class Prompted:
    """A piece of 30 s: its whole prompt, and its seed."""

    prompt: str
    seed: int


def heard(order: Prompted) -> dict[str, Any]:
    """Render it by a process of its own, and listen."""
    plan = make_plan(GenerationCreate(prompt=order.prompt, duration_seconds=SECONDS), order.seed)
    with tempfile.TemporaryDirectory() as folder:
        done, *_ = run_child(plan, Path(folder))
        figures, spectra = hear(Path(done["path"]))
    return {
        "bpm": figures["bpm"],
        "key": figures["key"],
        "features": [round(float(value), 5) for value in features(figures, spectra)],
    }


def listener(results: Path) -> Listener:
    """One that has heard every genre."""
    known: dict[str, list[Any]] = defaultdict(list)
    orders = [Prompted(genre, seed) for genre in GENRES for seed in SEEDS]
    for done, (order, result) in enumerate(results_of(orders, heard, results), 1):
        known[order.prompt].append(result["features"])
        print(f"learning: {done} of {len(orders)}", file=sys.stderr, end="\r", flush=True)
    return Listener({genre: np.array(table) for genre, table in known.items()})


def sounds(asked: list[Label], results: Path) -> dict[str, dict[str, Any]]:
    """Prompt → what is heard in it."""
    found = {}
    for order, result in results_of([Prompted(label.prompt, 1) for label in asked], heard, results):
        found[order.prompt] = result
        print(f"prompts: {len(found)} of {len(asked)}", file=sys.stderr, end="\r", flush=True)
    return found


def main() -> int:
    """Learn, listen, print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--results", type=Path, default=KEPT)
    options.add_argument("--write", type=Path, help="a page with the two marks between which the list goes")
    given = options.parse_args()
    knowing = listener(given.results)
    asked = [label for label in labels() if label.genre in GENRES]
    found = sounds(asked, given.results)
    pairs = [(label, knowing.genre(np.array(found[label.prompt]["features"]))) for label in asked]
    text = as_markdown(pairs)
    print("\n" + text)
    if given.write:
        write_into(given.write, text, GENRES_HEARD)
    return 0


def as_markdown(pairs: list[tuple[Label, str]]) -> str:
    """The share, and what was heard instead."""
    right = sum(label.genre == name for label, name in pairs)
    wrong = Counter((label.genre, name) for label, name in pairs if label.genre != name)
    lines = [f"{right} of {len(pairs)} ({100 * right / len(pairs):.0f} %) are heard as labelled.", ""]
    lines += ["| labelled | heard as | how many |", "|---|---|---|"]
    lines += [f"| {one} | {other} | {count} |" for (one, other), count in wrong.most_common()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
