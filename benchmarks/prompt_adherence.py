"""Does the studio do what a prompt says? 150 prompts with what a person hears in them, judged three times.

    python -m benchmarks --only prompts             the plans and notes of all, the sound of every sixth
    python -m benchmarks.prompt_adherence --all     the sound of all; about five minutes of CPU

- From the **plan**: what the engine says that it understood.
- From the **notes**: when each sounds, how high and how strong, as in a MIDI file; tempo from their onsets,
  key from their pitch classes, metre from what returns after how many beats.
- From the **sound**: tempo and key by `aimusicverse.audio`.

The last two never see the plan. No genre can be heard without a model that has learnt genres, and there is
none here: genres are judged from the plan alone. Prompts whose genre the studio does not play count as wrong,
and the share among those that it plays stands beside.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aimusicverse.audio import files, tempo
from aimusicverse.audio import key as keys
from aimusicverse.audio.frames import Frames, listen
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.perform import Event, perform
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.theory import Key
from aimusicverse.types import GenerationCreate, Plan
from benchmarks.table import Row

TABLE = Path(__file__).with_name("labelled_prompts.tsv")
SECONDS = 30
EVERY = 6
LEAST_GENRES, LEAST_TEMPO_AND_KEY = 95.0, 100.0
SLOWEST_MS = 20.0
_UNPITCHED = ("drums", "percussion", "texture")
_RHYTHM = ("drums", "percussion")
#: What a pulse may be heard as instead: half, double, and the dotted or the undotted one.
_LEVELS = (1.0, 2.0, 0.5, 1.5, 3.0, 2 / 3, 1 / 3)
_ENVELOPE_RATE = 200
#: The label's word, where several instruments fit it.
_FITS = {
    "guitar": ("acoustic guitar", "nylon guitar", "electric guitar", "distorted guitar"),
    "bass": ("electric bass", "upright bass", "synth bass", "sub bass", "triangle bass"),
    "drums": ("drums", "percussion", "orchestral percussion"),
    "vocals": (),
}


@dataclass(frozen=True, slots=True)
class Label:
    """A prompt, and what a person hears in it; `None` and empty where it says nothing."""

    prompt: str
    genre: str
    tempo_bpm: float | None
    key: str | None
    time_signature: str | None
    instruments: tuple[str, ...]


def labels() -> list[Label]:
    """All of the table."""
    found = []
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            prompt, genre, bpm, key, metre, played = (line.split("\t") + [""] * 5)[:6]
            found.append(
                Label(
                    prompt,
                    genre,
                    float(bpm) if bpm else None,
                    key or None,
                    metre or None,
                    tuple(name for name in played.split(",") if name),
                )
            )
    return found


def planned(label: Label, seed: int = 1) -> Plan:
    """What the studio plans for a prompt."""
    return make_plan(GenerationCreate(prompt=label.prompt, duration_seconds=SECONDS), seed)


def kept(label: Label, plan: Plan) -> dict[str, bool]:
    """For everything that the label says, whether the plan has it."""
    found = {"genre": plan.genre == label.genre}
    if label.tempo_bpm is not None:
        found["tempo_bpm"] = plan.tempo_bpm == label.tempo_bpm
    if label.key is not None:
        found["key"] = plan.key == label.key
    if label.time_signature is not None:
        found["time_signature"] = plan.time_signature == label.time_signature
    if label.instruments:
        found["instruments"] = all(_has(name, plan.instruments) for name in label.instruments)
    return found


def _has(wanted: str, instruments: Sequence[str]) -> bool:
    name = wanted.removesuffix("-")
    return bool(set(_FITS.get(name, (name,))) & set(instruments)) != wanted.endswith("-")


# -- judges that never see the plan -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """What is in notes or in sound: tempo, key, and (of notes alone) the metre and the parts that play."""

    bpm: float
    key: str
    metre: str | None = None
    classes: frozenset[int] = frozenset()
    parts: frozenset[str] = frozenset()


def from_notes(plan: Plan) -> Heard:
    """The notes as a MIDI file would have them, and what they say by themselves."""
    score = write_score(plan)
    events = perform(score)
    roles = [part.role for part in score.parts]
    pitched = [event for event in events if roles[event.part] not in _UNPITCHED]
    heard = np.zeros(12)
    for event in pitched:
        heard[event.pitch % 12] += event.velocity * min(event.seconds, 2.0)
    onsets = _envelope(event for event in events if roles[event.part] != "texture")
    bpm, _ = tempo.estimate(_frames(onsets))
    return Heard(
        bpm,
        keys.estimate(heard)[0],
        _metre(onsets, bpm),
        frozenset(event.pitch % 12 for event in pitched),
        frozenset(part.instrument for part in score.parts if part.notes),
    )


def _envelope(events: Iterable[Event]) -> Any:
    """How strong what begins at each two-hundredth of a second is."""
    found = list(events)
    size = int(max((event.start for event in found), default=0) * _ENVELOPE_RATE) + 2
    onsets = np.zeros(size)
    for event in found:
        onsets[round(event.start * _ENVELOPE_RATE)] += event.velocity
    return np.sqrt(onsets)


def _frames(onsets: Any) -> Frames:
    nothing = np.zeros((1, 12))
    values = dict.fromkeys(Frames.__dataclass_fields__, nothing)
    return Frames(**values | {"onsets": onsets, "rate": float(_ENVELOPE_RATE)})  # type: ignore[arg-type]


def _metre(onsets: Any, bpm: float) -> str:
    """Into how many a beat divides, and after how many beats the bar returns."""
    if bpm <= 0:
        return "none"
    soft = np.convolve(onsets, np.hanning(13), "same")
    beat = _ENVELOPE_RATE * 60 / bpm
    soft = soft - soft.mean()
    size = 1 << (2 * len(soft)).bit_length()
    returns = np.fft.irfft(np.abs(np.fft.rfft(soft, size)) ** 2)[: len(soft)]

    def after(beats: float) -> float:
        at = beats * beat
        return float(np.interp(at, np.arange(len(returns)), returns)) if at < len(returns) else 0.0

    thirds, halves = after(1 / 3) + after(2 / 3), 2 * after(1 / 2)
    if thirds > halves:
        return "6/8"
    return "3/4" if after(3) + after(6) > after(2) + after(4) else "4/4"


def from_sound(plan: Plan, folder: Path) -> Heard:
    """The recording, made by a process of its own, and what is heard in it."""
    from benchmarks.render_child import run_child

    done, *_ = run_child(plan, folder)
    path = Path(done["path"])
    frames = listen(files.blocks(path), done["sample_rate"])
    bpm, _ = tempo.estimate(frames)
    return Heard(bpm, keys.estimate(frames.chroma.sum(axis=0))[0])


def _near(bpm: float, asked: float, levels: Sequence[float]) -> bool:
    return any(abs(bpm / (asked * level) - 1) <= 0.02 for level in levels)


def _related(heard: str, asked: str) -> bool:
    """The same seven notes, or those of a fifth above or below."""
    classes = Key.named(asked).pitch_classes
    return Key.named(heard).pitch_classes in {
        frozenset((pitch + move) % 12 for pitch in classes) for move in (0, 5, 7)
    }


# -- the table ----------------------------------------------------------------------------------------


def measure(every: int = EVERY) -> list[Row]:
    """All rows; the sound of every `every`th prompt."""
    all_of_them = labels()
    began = time.process_time()
    plans = [planned(label) for label in all_of_them]
    each_ms = (time.process_time() - began) * 1000 / len(plans)
    return [
        *_of_plans(all_of_them, plans),
        *_of_notes(all_of_them, plans),
        *_of_sound(all_of_them[::every], plans[::every]),
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
    heard = [(label, from_notes(plan)) for label, plan in zip(asked, plans, strict=True)]
    tempos = [(label.tempo_bpm, one.bpm) for label, one in heard if label.tempo_bpm]
    with_key = [(label.key, one) for label, one in heard if label.key]
    metres = [(label.time_signature, one.metre) for label, one in heard if label.time_signature]
    return [
        _row(
            "tempo of the notes, ±2 %, at any level of the pulse", [_near(b, a, _LEVELS) for a, b in tempos]
        ),
        _row("tempo of the notes, ±2 %, as asked", [_near(b, a, (1.0,)) for a, b in tempos]),
        _row(
            "notes all of the asked key", [one.classes <= Key.named(a).pitch_classes for a, one in with_key]
        ),
        _row(
            "key by pitch classes of the notes, the asked one or a fifth off",
            [_related(o.key, a) for a, o in with_key],
        ),
        _row("metre of the notes", [a == b for a, b in metres], note="where one is asked for"),
        _row(
            "instruments that have notes",
            [
                all(_has(name, sorted(o.parts)) for name in label.instruments)
                for label, o in heard
                if label.instruments
            ],
        ),
    ]


def _of_sound(asked: Sequence[Label], plans: Sequence[Plan]) -> list[Row]:
    tempos, with_key = [], []
    with tempfile.TemporaryDirectory() as name:
        for label, plan in zip(asked, plans, strict=True):
            if not (label.tempo_bpm or label.key):
                continue
            heard = from_sound(plan, Path(name))
            if label.tempo_bpm:
                tempos.append((label.tempo_bpm, heard.bpm))
            if label.key:
                with_key.append((label.key, heard.key))
    return [
        _row("tempo heard, ±2 %, at any level of the pulse", [_near(b, a, _LEVELS) for a, b in tempos]),
        _row("tempo heard, ±2 %, as asked", [_near(b, a, (1.0,)) for a, b in tempos]),
        _row("key heard, the asked one or a fifth off", [_related(b, a) for a, b in with_key]),
    ]


if __name__ == "__main__":
    from benchmarks.table import as_table

    print(as_table(measure(1 if "--all" in sys.argv else EVERY)))
