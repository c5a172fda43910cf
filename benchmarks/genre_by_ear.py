"""Which genre is heard in what the studio makes of the labelled prompts?

    python -m benchmarks.genre_by_ear                        renders 330 pieces of 30 s
    python -m benchmarks.genre_by_ear --write docs/engine.md

`benchmarks.judge.genre` learns each genre from the pieces of `benchmarks.genre_lessons`, and is then asked
about the 150 prompts (seed 1). It is given the recording and the notes of the MIDI file, without the words in
it, and nothing of the plan. Each lesson's page of notes is learnt twice, the second time with some of its
tracks only. Prints the share that is heard as labelled, by both, by the notes alone and by the sound alone,
and the pairs of labelled and heard genre. What is rendered is kept. Exits with 1 when both together hear
fewer than 95 % as labelled.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from aimusicverse.engines.base import Order
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.midi import write_midi
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.render import render
from aimusicverse.types import GenerationCreate, Plan
from benchmarks.gate_table import GENRES_HEARD, write_into
from benchmarks.genre_lessons import NAMED, NAMED_PAGES, VARIED, VARIED_PAGES, Prompted, lessons
from benchmarks.judge.genre import Listener, features, nearest
from benchmarks.judge.midi import Page, page_of_file
from benchmarks.judge.page import page_features, thinned
from benchmarks.judge.verdict import hear
from benchmarks.kept_results import results_of
from benchmarks.prompt_labels import SECONDS, Label, labels

BOTH = "recording and MIDI"
KEPT = Path(tempfile.gettempdir()) / "genre-by-ear.jsonl"
#: What the sound counts beside the notes, chosen on lessons that were held out.
SOUND_COUNTS = 0.25
#: Percent.
LEAST_GENRES = 95.0


def _planned(order: Prompted) -> Plan:
    return make_plan(GenerationCreate(prompt=order.prompt, duration_seconds=SECONDS), order.seed)


def heard(order: Prompted) -> dict[str, Any]:
    """Render it, and listen."""
    with tempfile.TemporaryDirectory() as folder:
        done = render(Order(_planned(order)), Path(folder), lambda *_: None, threads=1)
        figures, spectra = hear(done.path)
    return {
        "bpm": figures["bpm"],
        "key": figures["key"],
        "features": [round(float(value), 5) for value in features(figures, spectra)],
    }


def _all_heard(orders: Sequence[Prompted], results: Path) -> Iterator[tuple[Prompted, dict[str, Any]]]:
    with ProcessPoolExecutor(2) as pool:
        pieces = results_of(orders, lambda order: pool.submit(heard, order).result(), results)
        for done, (order, result) in enumerate(pieces, 1):
            print(f"listening: {done} of {len(orders)}", file=sys.stderr, end="\r", flush=True)
            yield order, result


def listener_to_sound(results: Path) -> Listener:
    """One that has heard recordings of every genre."""
    genres = {order: genre for genre, order in lessons(NAMED, VARIED)}
    known: dict[str, list[Any]] = defaultdict(list)
    for order, result in _all_heard(list(genres), results):
        known[genres[order]].append(result["features"])
    # As they are finished is no order: sums of floating point would differ from run to run.
    return Listener({genre: np.array(sorted(known[genre])) for genre in GENRES})


def sounds(asked: list[Label], results: Path) -> dict[str, dict[str, Any]]:
    """Prompt → what is heard in it."""
    orders = [Prompted(label.prompt, 1) for label in asked]
    return {order.prompt: result for order, result in _all_heard(orders, results)}


def page(order: Prompted) -> Page:
    """The notes of its MIDI file."""
    return page_of_file(write_midi(_planned(order), title="", made_by=""))


def _counted(notes: Page) -> Any:
    return np.concatenate(list(page_features(notes).values()))


def listener_to_pages() -> Listener:
    """One that has read pages of every genre."""
    known: dict[str, list[Any]] = defaultdict(list)
    for genre, order in lessons(NAMED_PAGES, VARIED_PAGES):
        notes = page(order)
        known[genre] += [_counted(notes), _counted(thinned(notes, random.Random(order.seed)))]
    return Listener({genre: np.array(table) for genre, table in known.items()})


def far_by_page(asked: Sequence[Label]) -> list[dict[str, float]]:
    """How far each prompt's notes are from each genre."""
    reading = listener_to_pages()
    return [reading.far(_counted(page(Prompted(label.prompt, 1)))) for label in asked]


def main() -> int:
    """Learn, listen, print; 0 when enough are heard as labelled."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--results", type=Path, default=KEPT)
    options.add_argument("--write", type=Path, help="a page with the two marks between which the list goes")
    given = options.parse_args()
    asked = [label for label in labels() if label.genre in GENRES]
    listening, found = listener_to_sound(given.results), sounds(asked, given.results)
    by_sound = [listening.far(np.array(found[label.prompt]["features"])) for label in asked]
    by_page = far_by_page(asked)
    answers = {
        BOTH: [
            nearest((SOUND_COUNTS, one), (1.0, other)) for one, other in zip(by_sound, by_page, strict=True)
        ],
        "MIDI alone": [nearest((1.0, far)) for far in by_page],
        "recording alone": [nearest((1.0, far)) for far in by_sound],
    }
    text = as_markdown(asked, answers)
    print("\n" + text)
    if given.write:
        write_into(given.write, text, GENRES_HEARD)
    right = sum(label.genre == name for label, name in zip(asked, answers[BOTH], strict=True))
    return 0 if 100 * right >= LEAST_GENRES * len(asked) else 1


def as_markdown(asked: Sequence[Label], answers: dict[str, list[str]]) -> str:
    """The shares, and what was heard instead."""
    lines = ["| judged from | heard as labelled | labelled: heard as |", "|---|---|---|"]
    for way, names in answers.items():
        pairs = [(label.genre, name) for label, name in zip(asked, names, strict=True)]
        wrong = Counter(f"{one}: {other}" for one, other in pairs if one != other)
        right = len(pairs) - wrong.total()
        told = ", ".join(pair if count == 1 else f"{pair} ({count})" for pair, count in wrong.most_common())
        lines.append(f"| {way} | {right} of {len(pairs)} ({100 * right / len(pairs):.0f} %) | {told} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
