"""One piece of the studio: rendered by the real child, judged by `benchmarks.judge`, as plain JSON values."""

from __future__ import annotations

import base64
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.score import Frame
from aimusicverse.types import GenerationCreate, Plan
from benchmarks.judge.likeness import signature
from benchmarks.judge.notes import Note, melody_bars
from benchmarks.judge.verdict import Asked, compare, hear, of_notes
from benchmarks.render_child import run_child

#: What a part is there for; all others are harmony.
_VOICES = {"drums": "drums", "percussion": "drums", "texture": "texture", "lead": "melody"}


@dataclass(frozen=True, slots=True)
class Order:
    """Which piece: the genre's name is the whole prompt."""

    genre: str
    seed: int
    seconds: float


def asked_of(plan: Plan) -> Asked:
    """What the plan promises, as plain numbers."""
    frame = Frame.of(plan)
    return Asked(
        plan.genre,
        plan.duration_seconds,
        plan.tempo_bpm,
        plan.key,
        frame.beats_per_bar * 60 / frame.beats_per_minute,
        tuple(section.start_seconds for section in plan.sections[1:]),
    )


def notes_of(plan: Plan) -> list[Note]:
    """What is played, as plain numbers."""
    score = write_score(plan)
    voices = [_VOICES.get(part.role, "harmony") for part in score.parts]
    return [
        Note(e.start, e.seconds, e.pitch, e.velocity, score.parts[e.part].instrument, voices[e.part])
        for e in perform(score)
    ]


def take(order: Order) -> dict[str, Any]:
    """Render and judge; the first seed twice, to see whether the bytes are the same."""
    plan = make_plan(GenerationCreate(prompt=order.genre, duration_seconds=order.seconds), order.seed)
    asked = asked_of(plan)
    with tempfile.TemporaryDirectory() as folder:
        done, cpu, _, rss = run_child(plan, Path(folder))
        heard, spectra = hear(Path(done["path"]))
        figures = compare(heard, spectra, asked) | {"cpu_s": cpu, "rss_mb": rss, "said_lufs": done["lufs"]}
        if order.seed == 1:
            figures["same_again"] = int(run_child(plan, Path(folder))[0]["sha256"] == done["sha256"])
    notes = notes_of(plan)
    figures |= of_notes(notes, asked) | {"asked_bpm": asked.bpm, "asked_key": asked.key}
    return {
        "borders_asked": [round(border, 2) for border in asked.borders],
        "figures": figures,
        "bars": sorted(melody_bars(notes, asked.bar_seconds, asked.key)),
        "chroma": _packed(spectra.chroma),
        "onsets": _packed(spectra.onsets[:, None]),
        "signature": _packed(signature(spectra, asked.bar_seconds, asked.key)[:, None]),
    }


def _packed(table: Any) -> dict[str, Any]:
    plain = np.asarray(table, np.float16)
    return {"shape": plain.shape, "data": base64.b64encode(plain.tobytes()).decode()}


def unpacked(packed: dict[str, Any]) -> Any:
    """The table again, or the line where it is but one column wide."""
    table = np.frombuffer(base64.b64decode(packed["data"]), np.float16).reshape(packed["shape"])
    return table.astype(np.float64).squeeze(axis=1) if table.shape[1] == 1 else table.astype(np.float64)
