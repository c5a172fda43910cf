"""What is judged on the notes alone, given as plain numbers, as a MIDI file holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.judge.key import scale, tonic

_LEAST_NOTES = 3


@dataclass(frozen=True, slots=True)
class Note:
    """Start and length (seconds), MIDI pitch, velocity 0–1; `part`: a name, `voice`: what it is there for.

    `voice` is `melody`, `harmony`, `drums` or `texture` (the pitches of the last two are none).
    """

    start: float
    seconds: float
    pitch: int
    velocity: float
    part: str
    voice: str

    @property
    def pitched(self) -> bool:
        """Whether its pitch is heard as one."""
        return self.voice in ("melody", "harmony")


def outside(notes: Iterable[Note], asked: str) -> tuple[float, bool]:
    """Share of the sounding time outside the asked key, and whether the seven longest classes are its own."""
    sounding = [0.0] * 12
    for note in notes:
        if note.pitched:
            sounding[note.pitch % 12] += note.seconds
    total = sum(sounding)
    classes = scale(asked)
    longest = sorted(range(12), key=lambda c: -sounding[c])[:7]
    own = all(c in classes for c in longest if sounding[c] > 0)
    return (sum(s for c, s in enumerate(sounding) if c not in classes) / total if total else 0.0), own


def melody_bars(notes: Sequence[Note], bar_seconds: float, asked: str) -> set[tuple[tuple[int, int], ...]]:
    """Bars of the melody with three or more notes: places in 48ths of the bar, intervals above the tonic."""
    bars: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for note in notes:
        if note.voice == "melody":
            bar, rest = divmod(round(note.start / bar_seconds * 48), 48)
            bars[bar].append((rest, note.pitch - tonic(asked)))
    return {tuple(sorted(bar)) for bar in bars.values() if len(bar) >= _LEAST_NOTES}
