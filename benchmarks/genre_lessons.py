"""What a listener learns the genres from: prompts as people write them, none of them a labelled one.

Each genre by its name alone, and with whatever a fixed seed draws: a mood, a tempo, a key, a metre, an
instrument more or less. The labelled prompts had no part in what is drawn from or how often.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from aimusicverse.engines.studio.general_midi import PROGRAMS
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.moods import MOODS
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.types import GenerationCreate
from benchmarks.prompt_labels import SECONDS, labels

#: Seeds of the pieces that are by name alone, and of those with more. A page of notes costs a fiftieth of a
#: recording, so there are more of them.
NAMED, VARIED = range(11, 15), range(101, 107)
NAMED_PAGES, VARIED_PAGES = range(11, 21), range(101, 141)
_TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_KEYS = [f"{tonic} {mode}" for tonic in _TONICS for mode in ("major", "minor")]
#: How often a prompt has each of these.
_MOOD, _TEMPO, _KEY, _METRE, _ADDED, _MISSING = 0.6, 0.4, 0.4, 0.08, 0.35, 0.25


@dataclass(frozen=True, slots=True)
class Prompted:
    """A piece of 30 s: its whole prompt, and its seed."""

    prompt: str
    seed: int


def lessons(named: range, varied: range) -> list[tuple[str, Prompted]]:
    """Genre and piece, for each of these seeds by name alone and with more."""
    plain = [(genre, Prompted(genre, seed)) for seed in named for genre in GENRES]
    return plain + [(genre, Prompted(_prompt(genre, seed), seed)) for seed in varied for genre in GENRES]


def _prompt(genre: str, seed: int) -> str:
    draw, labelled = random.Random(f"{genre} {seed}"), {label.prompt.lower() for label in labels()}
    while (prompt := ", ".join(_said(genre, seed, draw))).lower() in labelled:
        pass  # what is asked later is not learnt from
    return prompt


def _said(genre: str, seed: int, draw: random.Random) -> Iterator[str]:
    usual = make_plan(GenerationCreate(prompt=genre, duration_seconds=SECONDS), seed)
    mood = f"{draw.choice(sorted(MOODS))} " if draw.random() < _MOOD else ""
    yield mood + genre
    if draw.random() < _ADDED:
        yield f"with {draw.choice(sorted(PROGRAMS.keys() - set(usual.instruments)))}"
    if draw.random() < _MISSING:
        # Of all instruments, people leave out the drums most.
        drums = "drums" in usual.instruments and draw.random() < 0.5
        yield f"no {'drums' if drums else draw.choice(usual.instruments)}"
    if draw.random() < _TEMPO:
        yield f"{usual.tempo_bpm * draw.uniform(0.88, 1.12):.0f} bpm"
    if draw.random() < _KEY:
        yield f"in {draw.choice(_KEYS)}"
    if draw.random() < _METRE:
        yield draw.choice(("3/4", "6/8"))
