"""Everything about one recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.judge.form import borders_found, repetition
from benchmarks.judge.gates import OUTSIDE_KEY, OUTSIDE_KEY_ELSEWHERE
from benchmarks.judge.key import key, related
from benchmarks.judge.levels import levels
from benchmarks.judge.loudness import loudness
from benchmarks.judge.notes import Note, outside
from benchmarks.judge.sound import Sound
from benchmarks.judge.spectra import FRAMES_A_SECOND, Spectra, cut
from benchmarks.judge.tempo import tempo
from benchmarks.judge.true_peak import true_peak

#: A pulse may be heard at half or double speed; which of them, is shown.
OCTAVES = (1.0, 2.0, 0.5)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was ordered: length, tempo of the felt beat, key, length of a bar, section borders (seconds)."""

    genre: str
    seconds: float
    bpm: float
    key: str
    bar_seconds: float
    borders: tuple[float, ...]


def hear(path: Path) -> tuple[dict[str, Any], Spectra]:
    """What a recording tells by itself, without knowing what was asked."""
    sound = Sound.read(path)
    spectra = cut(sound)
    integrated, span = loudness(sound)
    bpm, pulse = tempo(spectra.onsets, FRAMES_A_SECOND)
    name, fit = key(spectra.chroma.sum(axis=0))
    figures = {
        "samples": sound.samples.shape[1],
        "rate": sound.rate,
        "lufs": integrated,
        "lra": span,
        "dbtp": true_peak(sound),
        "bpm": bpm,
        "pulse": pulse,
        "key": name,
        "key_fit": fit,
        "flatness": float(np.nanmean(spectra.flatness)),
        **levels(sound),
    }
    return figures, spectra


def compare(figures: dict[str, Any], spectra: Spectra, asked: Asked) -> dict[str, Any]:
    """The figures, and how they stand to what was asked."""
    octave = min(OCTAVES, key=lambda times: abs(np.log(max(figures["bpm"], 1) / asked.bpm / times)))
    share, novelty, heard = borders_found(spectra, asked.borders)
    return {
        **figures,
        "samples_off": figures["samples"] - round(asked.seconds * figures["rate"]),
        "octave": octave,
        "tempo_off": abs(figures["bpm"] / asked.bpm / octave - 1),
        "key_related": int(related(figures["key"], asked.key)),
        "repetition": repetition(spectra, asked.bar_seconds),
        "borders": share,
        "novelty": novelty,
        "changes_heard": heard,
    }


def of_notes(notes: Sequence[Note], asked: Asked) -> dict[str, Any]:
    """The score against the asked key."""
    share, own = outside(notes, asked.key)
    allowed = OUTSIDE_KEY.get(asked.genre, OUTSIDE_KEY_ELSEWHERE)
    return {"outside": share, "outside_excess": max(0.0, share - allowed), "own_classes": int(own)}
