"""One piece of the studio: rendered by the real child, judged by `benchmarks.judge`, kept as a line of JSON."""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import aimusicverse
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.perform import perform
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.score import Frame
from aimusicverse.types import GenerationCreate, Plan
from benchmarks.judge.likeness import signature
from benchmarks.judge.notes import Note, melody_bars
from benchmarks.judge.verdict import Asked, compare, hear, of_notes
from benchmarks.render_child import run_child

_DRUMS = ("drums", "percussion", "texture")


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
    voices = ["drums" if p.role in _DRUMS else "melody" if p.role == "lead" else "harmony" for p in score.parts]
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
        "genre": order.genre,
        "seed": order.seed,
        "seconds": order.seconds,
        "version": version(),
        "borders_asked": [round(border, 2) for border in asked.borders],
        "figures": figures,
        "bars": sorted(melody_bars(notes, asked.bar_seconds, asked.key)),
        "chroma": _packed(spectra.chroma),
        "onsets": _packed(spectra.onsets[:, None]),
        "signature": _packed(signature(spectra, asked.bar_seconds, asked.key)[:, None]),
    }


def takes(orders: Iterable[Order], results: Path) -> Iterator[dict[str, Any]]:
    """All of them, two at a time; what `results` already has of this version is not made again."""
    known = {(line["genre"], line["seed"], line["seconds"]): line for line in _lines(results)}
    missing = []
    for order in orders:
        if line := known.get((order.genre, order.seed, order.seconds)):
            yield line
        else:
            missing.append(order)
    with ThreadPoolExecutor(2) as pool, results.open("a", encoding="utf-8") as file:
        for finished in as_completed([pool.submit(take, order) for order in missing]):
            line = json.loads(json.dumps(finished.result()))
            file.write(json.dumps(line) + "\n")
            file.flush()
            yield line


def _lines(results: Path) -> Iterator[dict[str, Any]]:
    if not results.exists():
        return
    for text in results.read_text("utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:  # a run that was stopped in the middle of a line
            continue
        if line["version"] == version():
            yield line


def version() -> str:
    """A hash of everything that decides how a piece sounds or is judged."""
    rooms = [Path(aimusicverse.__file__).parent / room for room in ("engines", "audio")]
    rooms.append(Path(__file__).with_name("judge"))
    digest = hashlib.sha256()
    for path in sorted(path for room in rooms for path in room.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _packed(table: Any) -> dict[str, Any]:
    plain = np.asarray(table, np.float16)
    return {"shape": plain.shape, "data": base64.b64encode(plain.tobytes()).decode()}


def unpacked(packed: dict[str, Any]) -> Any:
    """The table again, or the line where it is but one column wide."""
    table = np.frombuffer(base64.b64decode(packed["data"]), np.float16).reshape(packed["shape"])
    return table.astype(np.float64).squeeze(axis=1) if table.shape[1] == 1 else table.astype(np.float64)
