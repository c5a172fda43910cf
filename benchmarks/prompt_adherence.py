"""Does the studio do what a prompt says? 150 prompts with what a person hears in them, judged three times.

    python -m benchmarks --only prompts             the plans and notes of all, the sound of every sixth
    python -m benchmarks.prompt_adherence --all     the sound of all, which genre_by_ear may have kept

- From the **plan**: what the engine says that it understood.
- From the **notes**: when each sounds, how high and how strong, as in a MIDI file; tempo from their onsets,
  key from their pitch classes, metre from what returns after how many beats; genre from the MIDI file.
- From the **sound**: tempo and key.

The last two are judged by `benchmarks.judge`, which shares no line with the engine and never sees the plan.
Genre from recording and MIDI together is asked by `benchmarks.genre_by_ear`, which takes many minutes.
Prompts whose genre the studio does not play count as wrong, and the share among those that it plays stands
beside.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.types import Plan
from benchmarks.genre_by_ear import LEAST_GENRES, far_by_page, sounds
from benchmarks.judge.gates import OUTSIDE_KEY, OUTSIDE_KEY_ELSEWHERE
from benchmarks.judge.genre import nearest
from benchmarks.judge.key import key, related
from benchmarks.judge.metre import ENVELOPE_RATE, metre, onsets
from benchmarks.judge.notes import Note, outside
from benchmarks.judge.tempo import tempo
from benchmarks.prompt_labels import Label, has, kept, labels, planned
from benchmarks.studio_takes import notes_of
from benchmarks.table import Row

EVERY = 6
LEAST_TEMPO_AND_KEY = 100.0
SLOWEST_MS = 20.0
#: What a pulse may be heard as instead: half, double, and the dotted or the undotted one.
_LEVELS = (1.0, 2.0, 0.5, 1.5, 3.0, 2 / 3, 1 / 3)


@dataclass(frozen=True, slots=True)
class Heard:
    """What is in notes: tempo, key, metre and the instruments that play."""

    notes: tuple[Note, ...]
    bpm: float
    key: str
    metre: str
    parts: frozenset[str]


def from_notes(notes: Sequence[Note]) -> Heard:
    """What notes say by themselves."""
    strengths = np.zeros(12)
    for note in notes:
        if note.pitched:
            strengths[note.pitch % 12] += note.velocity * min(note.seconds, 2.0)
    line = onsets(note for note in notes if note.voice != "texture")
    bpm, _ = tempo(line, ENVELOPE_RATE)
    parts = frozenset(note.part for note in notes)
    return Heard(tuple(notes), bpm, key(strengths)[0], metre(line, bpm), parts)


def _near(bpm: float, asked: float, levels: Sequence[float]) -> bool:
    return any(abs(bpm / (asked * level) - 1) <= 0.02 for level in levels)


def _in_key(heard: Heard, label: Label) -> bool:
    """The seven pitch classes that sound longest are the key's, and hardly any time is spent outside it."""
    share, own = outside(heard.notes, label.key or "")
    return own and share <= OUTSIDE_KEY.get(label.genre, OUTSIDE_KEY_ELSEWHERE)


def measure(every: int = EVERY, results: Path | None = None) -> list[Row]:
    """All rows; the sound of every `every`th prompt. What is rendered is kept in `results`."""
    all_of_them = labels()
    began = time.process_time()
    plans = [planned(label) for label in all_of_them]
    each_ms = (time.process_time() - began) * 1000 / len(plans)
    with tempfile.TemporaryDirectory() as folder:
        heard = _of_sound(all_of_them[::every], results or Path(folder) / "heard.jsonl")
    return [
        *_of_plans(all_of_them, plans),
        *_of_notes(all_of_them, plans),
        *heard,
        Row("prompts: a plan, CPU ms", each_ms, SLOWEST_MS),
    ]


def _share(answers: Sequence[bool]) -> float:
    return 100 * sum(answers) / len(answers) if answers else 0.0


def _row(what: str, answers: Sequence[bool], least: float | None = None, note: str = "") -> Row:
    counted = f"{sum(answers)} of {len(answers)}"
    return Row(
        f"prompts: {what}, %",
        _share(answers),
        least,
        at_least=True,
        note=f"{counted}; {note}" if note else counted,
    )


def _of_plans(asked: Sequence[Label], plans: Sequence[Plan]) -> list[Row]:
    answers = [kept(label, plan) for label, plan in zip(asked, plans, strict=True)]
    missing = Counter(label.genre for label in asked if label.genre not in GENRES)
    played = [answer["genre"] for label, answer in zip(asked, answers, strict=True) if label.genre in GENRES]
    note = f"not played: {', '.join(sorted(missing))}" if missing else ""
    return [
        _row("genre planned", [answer["genre"] for answer in answers], LEAST_GENRES, note),
        _row("genre planned, of those that are played", played, LEAST_GENRES),
        _row("tempo planned", [a["tempo_bpm"] for a in answers if "tempo_bpm" in a], LEAST_TEMPO_AND_KEY),
        _row("key planned", [a["key"] for a in answers if "key" in a], LEAST_TEMPO_AND_KEY),
        _row("metre planned", [a["time_signature"] for a in answers if "time_signature" in a]),
        _row("instruments planned", [a["instruments"] for a in answers if "instruments" in a]),
        Row(
            "prompts: words not understood, a prompt",
            sum(len(plan.not_understood) for plan in plans) / len(plans),
        ),
    ]


def _of_notes(asked: Sequence[Label], plans: Sequence[Plan]) -> list[Row]:
    heard = [(label, from_notes(notes_of(plan))) for label, plan in zip(asked, plans, strict=True)]
    tempos = [(label.tempo_bpm, one.bpm) for label, one in heard if label.tempo_bpm]
    with_key = [(label.key, one) for label, one in heard if label.key]
    metres = [(label.time_signature, one.metre) for label, one in heard if label.time_signature]
    by_page = zip(asked, far_by_page(asked), strict=True)
    return [
        _row("genre of the MIDI file", [nearest((1.0, far)) == a.genre for a, far in by_page], LEAST_GENRES),
        _row(
            "tempo of the notes, ±2 %, at any level of the pulse", [_near(b, a, _LEVELS) for a, b in tempos]
        ),
        _row("tempo of the notes, ±2 %, as asked", [_near(b, a, (1.0,)) for a, b in tempos]),
        _row("notes of the asked key", [_in_key(one, label) for label, one in heard if label.key]),
        _row(
            "key by pitch classes of the notes, the asked one or a fifth off",
            [related(o.key, a) for a, o in with_key],
        ),
        _row("metre of the notes", [a == b for a, b in metres], note="where one is asked for"),
        _row(
            "instruments that have notes",
            [
                all(has(name, sorted(o.parts)) for name in label.instruments)
                for label, o in heard
                if label.instruments
            ],
        ),
    ]


def _of_sound(asked: Sequence[Label], results: Path) -> list[Row]:
    heard = sounds([label for label in asked if label.tempo_bpm or label.key], results)
    tempos = [(label.tempo_bpm, heard[label.prompt]["bpm"]) for label in asked if label.tempo_bpm]
    with_key = [(label.key, heard[label.prompt]["key"]) for label in asked if label.key]
    return [
        _row("tempo heard, ±2 %, at any level of the pulse", [_near(b, a, _LEVELS) for a, b in tempos]),
        _row("tempo heard, ±2 %, as asked", [_near(b, a, (1.0,)) for a, b in tempos]),
        _row("key heard, the asked one or a fifth off", [related(b, a) for a, b in with_key]),
    ]


if __name__ == "__main__":
    from benchmarks.genre_by_ear import KEPT
    from benchmarks.table import as_table

    print(as_table(measure(1, KEPT) if "--all" in sys.argv else measure()))
