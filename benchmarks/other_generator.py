"""The same twenty prompts, rendered by the studio and by another offline generator, judged alike.

    python -m venv /tmp/ark && /tmp/ark/bin/pip install ark-audio-agent
    python -m benchmarks.other_generator --python /tmp/ark/bin/python
    python -m benchmarks.other_generator --python … --write docs/engine.md

The other is ark-audio-agent (MIT), with its deterministic composer, as it works without an account. It is
given the prompt as its text and as its direction, because it reads a tempo from a direction alone; it
decides its own length, and the studio is then asked for the same one. Both get seed 1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.types import GenerationCreate
from benchmarks.gate_table import OTHER, write_into
from benchmarks.judge.gates import GATES, Gate
from benchmarks.judge.midi import notes_of_file
from benchmarks.judge.notes import outside
from benchmarks.judge.verdict import Asked, compare, hear
from benchmarks.prompt_labels import Label, labels
from benchmarks.render_child import run_child
from benchmarks.studio_takes import asked_of, notes_of

#: Lines of the table of prompts, from 1: at least one of every genre, all with a tempo, a key or both.
CHOSEN = (4, 14, 23, 27, 38, 43, 53, 62, 72, 77, 84, 92, 101, 107, 116, 123, 134, 139, 146, 126)

_COMPOSE = """
import json, sys, ark_audio_agent as ark
prompt, folder = sys.argv[1:]
ark.compose(prompt, folder, seed=1, direction=prompt, offline=True, make_mp3=False)
score = json.load(open(folder + "/score.json"))
bar = 60 / score["tempo_bpm"] * score["beats_per_bar"] * 4 / score["beat_unit"]
print(json.dumps({"version": ark.__version__, "bar": bar, "bars": [s["bars"] for s in score["sections"]]}))
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """What both made of a prompt."""

    label: Label
    other: dict[str, Any]
    ours: dict[str, Any]
    version: str


def main() -> int:
    """Render, judge, print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--python", required=True, help="an interpreter that has ark-audio-agent")
    options.add_argument("--write", type=Path, help="a page with the two marks between which the table goes")
    given = options.parse_args()
    every, pairs = labels(), []
    for number in CHOSEN:
        pairs.append(both(every[number - 1], given.python))
        print(f"{len(pairs)} of {len(CHOSEN)}: {pairs[-1].label.prompt}", file=sys.stderr, flush=True)
    text = as_markdown(pairs)
    print(text)
    if given.write:
        write_into(given.write, text, OTHER)
    return 0


def both(label: Label, python: str) -> Pair:
    """One prompt, twice."""
    with tempfile.TemporaryDirectory() as name:
        said = subprocess.run(
            [python, "-c", _COMPOSE, label.prompt, name], capture_output=True, text=True, check=True
        ).stdout
        made = json.loads(said.splitlines()[-1])
        other, spectra = hear(Path(name) / "song.wav")
        seconds = other["samples"] / other["rate"]
        borders = [made["bar"] * sum(made["bars"][:count]) for count in range(1, len(made["bars"]))]
        # What the prompt does not say, its own score says.
        asked = Asked(
            label.genre, seconds, label.tempo_bpm or other["bpm"], label.key or other["key"], made["bar"],
            tuple(borders),
        )  # fmt: skip
        other = compare(other, spectra, asked)
        other["outside"], _ = outside(notes_of_file((Path(name) / "song.mid").read_bytes()), asked.key)
        plan = make_plan(GenerationCreate(prompt=label.prompt, duration_seconds=round(seconds)), 1)
        done, *_ = run_child(plan, Path(name))
        heard, spectra = hear(Path(done["path"]))
        ours = asked_of(plan)
        ours = Asked(
            label.genre, ours.seconds, label.tempo_bpm or ours.bpm, label.key or ours.key, ours.bar_seconds,
            ours.borders,
        )  # fmt: skip
        figures = compare(heard, spectra, ours)
        figures["outside"], _ = outside(notes_of(plan), ours.key)
        return Pair(label, other, figures, made["version"])


_SHOWN = (
    "loudness", "true peak", "clipping", "DC", "silence", "rung out", "pulse clarity", "key fit", "flatness",
    "bar repetition", "section borders", "novelty", "stereo", "crest",
)  # fmt: skip


def as_markdown(pairs: list[Pair]) -> str:
    """Gates in rows: how many of the prompts hold them, and the mean figure."""
    sides = ([pair.other for pair in pairs], [pair.ours for pair in pairs])
    rows = ["| what | ark-audio-agent | studio |", "|---|---|---|"]
    for what, held in (
        ("asked tempo, ±2 % (or half, or double)", "tempo"),
        ("asked key, or a fifth off", "key"),
    ):
        cells = []
        for side in sides:
            some = [
                figures["tempo_off"] <= 0.02 if held == "tempo" else bool(figures["key_related"])
                for pair, figures in zip(pairs, side, strict=True)
                if (pair.label.tempo_bpm if held == "tempo" else pair.label.key)
            ]
            cells.append(f"{sum(some)} of {len(some)}")
        rows.append(f"| {what} | {' | '.join(cells)} |")
    shares = [
        mean(figures["outside"] for pair, figures in zip(pairs, side, strict=True) if pair.label.key)
        for side in sides
    ]
    rows.append(
        "| notes outside the asked key, of the time | " + " | ".join(f"{s:.0%}" for s in shares) + " |"
    )
    for gate in GATES:
        if gate.name in _SHOWN:
            rows.append(f"| {_what(gate)} | {' | '.join(_cell(gate, side) for side in sides)} |")
    spread = " | ".join(f"{mean(figures['lra'] for figures in side):.1f} LU" for side in sides)
    rows.append(f"| loudness range | {spread} |")
    version = f"{date.today():%Y-%m-%d}, ark-audio-agent {pairs[0].version}"
    head = f"{version}, {len(pairs)} prompts: how many hold the gate, and the mean figure."
    return f"{head}\n\n" + "\n".join(rows)


def _what(gate: Gate) -> str:
    low, high = (f"{value:g}".replace("-", "−") for value in (gate.low, gate.high))
    if gate.low == float("-inf"):
        return f"{gate.name}, ≤ {high}"
    return f"{gate.name}, ≥ {low}" if gate.high == float("inf") else f"{gate.name}, {low}…{high}"


def _cell(gate: Gate, side: list[dict[str, Any]]) -> str:
    values = [float(figures[gate.figure]) for figures in side]
    held = sum(gate.missed_by(value) == 0 for value in values)
    return f"{held} of {len(values)} ({mean(values):.3g})".replace("-", "−")


if __name__ == "__main__":
    sys.exit(main())
