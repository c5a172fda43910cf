"""150 prompts with what a person hears in them, and whether a plan has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.types import GenerationCreate, Plan

TABLE = Path(__file__).with_name("labelled_prompts.tsv")
SECONDS = 30
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
        found["instruments"] = all(has(name, plan.instruments) for name in label.instruments)
    return found


def has(wanted: str, instruments: Sequence[str]) -> bool:
    """Whether what the label names plays, or does not, where a minus stands behind its name."""
    name = wanted.removesuffix("-")
    return bool(set(_FITS.get(name, (name,))) & set(instruments)) != wanted.endswith("-")
