"""What must hold, and by how much it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

RANGE_GENRES = ("classical", "cinematic")


@dataclass(frozen=True, slots=True)
class Gate:
    """A figure must lie from `low` to `high`; `only`: the genres that are held to it (all, if empty)."""

    name: str
    figure: str
    low: float = -inf
    high: float = inf
    only: tuple[str, ...] = ()

    def missed_by(self, value: float) -> float:
        """0 where it holds."""
        if value != value:
            return inf
        return max(0.0, self.low - value, value - self.high)


GATES = (
    Gate("duration", "samples_off", 0, 0),
    Gate("tempo", "tempo_off", high=0.02),
    Gate("score: longest classes", "own_classes", low=1),
    Gate("score: outside the key", "outside_excess", high=0),
    Gate("key from audio", "key_related", low=1),
    Gate("loudness", "lufs", -14.2, -13.8),
    Gate("true peak", "dbtp", high=-1.0),
    Gate("clipping", "clipped", high=0),
    Gate("DC", "dc", high=1e-3),
    Gate("silence", "silence", high=0.02),
    Gate("rung out", "last_dbfs", high=-60),
    Gate("ends falling", "fall_db", low=6),
    Gate("pulse clarity", "pulse", low=0.25),
    Gate("key fit", "key_fit", low=0.5),
    Gate("flatness", "flatness", high=0.1),
    Gate("bar repetition", "repetition", 0.65, 0.97),
    Gate("section borders", "borders", low=0.75),
    Gate("novelty", "novelty", low=0.15),
    Gate("stereo", "width_db", -20, -3),
    Gate("crest", "crest_db", 9, 18),
    Gate("loudness range", "lra", low=5, only=RANGE_GENRES),
    Gate("determinism", "same_again", low=1),
    Gate("difference: chroma", "chroma_alike", high=0.8),
    Gate("difference: onsets", "onsets_alike", high=0.8),
    Gate("difference: melody", "shared_bars", high=0),
)

#: Share of the sounding time that may lie outside the asked key.
OUTSIDE_KEY = {"blues": 0.15}
OUTSIDE_KEY_ELSEWHERE = 0.08


def misses(genre: str, figures: Mapping[str, float]) -> dict[str, float]:
    """Gate → by how much it is missed; only of what was measured."""
    return {
        gate.name: by
        for gate in GATES
        if gate.figure in figures and (not gate.only or genre in gate.only)
        if (by := gate.missed_by(figures[gate.figure])) > 0
    }
