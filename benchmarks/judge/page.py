"""What the notes of a MIDI file tell about genre: who plays, where in the bar, how high, how close together.

Sources: what is counted follows C. McKay and I. Fujinaga, "Automatic genre classification using large
high-level musical feature sets" (2004): instruments, rhythm, pitch, chords, texture, dynamics. The pieces of
percussion are those of *General MIDI System Level 1* (RP-003).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.judge.key import key, tonic
from benchmarks.judge.midi import Page, Stroke

SIXTEENTHS = 16
_FAMILIES = 16
_PIECES = {
    "kick": (35, 36),
    "snare": (38, 40),
    "clap": (39,),
    "rim": (37,),
    "hat": (42, 44),
    "open hat": (46,),
    "ride": (51, 53, 59),
    "crash": (49, 52, 55, 57),
    "toms": (41, 43, 45, 47, 48, 50),
    "by hand": (54, 56, 58, *range(60, 82)),
}
_WITHIN_A_BEAT = 12
_LARGEST_CHORD = 6
_WIDEST_STEP = 12
#: A track is the bass when most of its notes are below this, and the lowest of the tracks.
_BASS_BELOW = 52


def page_features(page: Page) -> dict[str, Any]:
    """What is counted, by name: each a line of numbers.

    Places are sixteenths of the bar (swung ones count as the straight ones that they stand for; bars with
    fewer leave the last of the sixteen empty), counted in strokes a bar.
    """
    drums = [stroke for stroke in page.strokes if stroke.program is None]
    pitched = [stroke for stroke in page.strokes if stroke.program is not None]
    end = max((stroke.start + stroke.quarters for stroke in page.strokes), default=page.bar)
    bars = max(end / page.bar, 1.0)
    tracks: dict[int, list[Stroke]] = defaultdict(list)
    for stroke in pitched:
        tracks[stroke.track].append(stroke)
    low = min(tracks.values(), key=_middle, default=[])
    bass = low if low and _middle(low) < _BASS_BELOW else []
    chords = _chords(pitched)
    by_piece = {name: _of(drums, pieces) for name, pieces in _PIECES.items()}
    found = {f"drums: {name}": _places(strokes, page.bar, bars) for name, strokes in by_piece.items()}
    found |= {
        "drums: each": [len(strokes) / bars for strokes in by_piece.values()],
        "drums: none": [float(not drums)],
        "within the beat: drums": _swing(drums),
        "within the beat: others": _swing(pitched),
        "families: notes": [count / bars for count in _by_family(pitched, lambda stroke: 1.0)],
        "families: time": [time / end for time in _by_family(pitched, lambda stroke: stroke.quarters)],
        "families: there": [float(count > 0) for count in _by_family(pitched, lambda stroke: 1.0)],
        "chords: sizes": _sizes(chords),
        "chords: intervals": _intervals(chords),
        "chords: places": _places([chord[0] for chord in chords if len(chord) > 2], page.bar, bars),
        "bass": _places(bass, page.bar, bars),
        "bass: register, length, steps": [*_spread([float(s.pitch) for s in bass]), *_line(bass)],
        "density": [len(drums) / bars, len(pitched) / bars, len(pitched) * page.bpm / 60 / end],
        "tempo": [float(np.log2(page.bpm)), page.bar],
        "register": _spread([float(stroke.pitch) for stroke in pitched]),
        "velocity": [*_spread([s.velocity for s in drums]), *_spread([s.velocity for s in pitched])],
        "length": _spread([float(np.log2(max(stroke.quarters, 1 / 64))) for stroke in pitched]),
        "voices": [float(len(tracks)), sum(stroke.quarters for stroke in pitched) / end],
        "top line": _steps(max(tracks.values(), key=_middle, default=[])),
        "pitch classes": _classes(pitched),
    }
    return {name: np.log1p(line) if _is_count(name) else np.array(line) for name, line in found.items()}


def thinned(page: Page, draw: random.Random) -> Page:
    """The same with some of its tracks, one at least: a genre is to be known by any of its players."""
    tracks = sorted({stroke.track for stroke in page.strokes})
    playing = set(draw.sample(tracks, draw.randint(1, len(tracks)))) if tracks else set()
    return replace(page, strokes=tuple(stroke for stroke in page.strokes if stroke.track in playing))


def _is_count(name: str) -> bool:
    """Strokes a bar: twice as many is as far at few as at many."""
    return name.startswith(("drums: ", "families: notes", "chords: places", "density")) or name == "bass"


def _of(drums: Sequence[Stroke], pieces: Sequence[int]) -> list[Stroke]:
    return [stroke for stroke in drums if stroke.pitch in pieces]


def _middle(track: Sequence[Stroke]) -> float:
    return float(np.median([stroke.pitch for stroke in track]))


def _places(strokes: Sequence[Stroke], bar: float, bars: float) -> Any:
    """(16,) strokes a bar in each sixteenth."""
    counts = np.zeros(SIXTEENTHS)
    for stroke in strokes:
        counts[min(round(stroke.start % bar * 4) % round(bar * 4), SIXTEENTHS - 1)] += 1
    return counts / bars


def _swing(strokes: Sequence[Stroke]) -> Any:
    """(12,) share of the strokes in each twelfth of the quarter: straight off-beats are 6, swung ones 8."""
    counts = np.zeros(_WITHIN_A_BEAT)
    for stroke in strokes:
        counts[round(stroke.start % 1 * _WITHIN_A_BEAT) % _WITHIN_A_BEAT] += 1
    return counts / max(len(strokes), 1)


def _by_family(strokes: Sequence[Stroke], worth: Any) -> Any:
    """(16,) sums for General MIDI's families of eight programs."""
    sums = np.zeros(_FAMILIES)
    for stroke in strokes:
        if stroke.program is not None:
            sums[stroke.program // 8] += worth(stroke)
    return sums


def _chords(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """What one track strikes at the same time."""
    found: dict[tuple[int, float], list[Stroke]] = defaultdict(list)
    for stroke in strokes:
        found[stroke.track, round(stroke.start, 2)].append(stroke)
    return list(found.values())


def _sizes(chords: Sequence[Sequence[Stroke]]) -> Any:
    """(6,) share of chords of one, two … six and more notes."""
    counts = np.zeros(_LARGEST_CHORD)
    for chord in chords:
        counts[min(len(chord), _LARGEST_CHORD) - 1] += 1
    return counts / max(len(chords), 1)


def _intervals(chords: Sequence[Sequence[Stroke]]) -> Any:
    """(12,) share of each interval, without octaves, above the lowest note of a chord."""
    counts = np.zeros(12)
    for chord in chords:
        lowest = min(stroke.pitch for stroke in chord)
        for stroke in chord:
            if stroke.pitch > lowest:
                counts[(stroke.pitch - lowest) % 12] += 1
    return counts / max(counts.sum(), 1)


def _spread(values: Sequence[float]) -> list[float]:
    """Mean, and how far values lie from it."""
    return [float(np.mean(values)), float(np.std(values))] if values else [0.0, 0.0]


def _line(track: Sequence[Stroke]) -> list[float]:
    """Mean length, and the share of notes that stay, and that leap an octave."""
    if len(track) < 2:
        return [0.0, 0.0, 0.0]
    steps = np.abs(np.diff([stroke.pitch for stroke in track]))
    lengths = float(np.mean([stroke.quarters for stroke in track]))
    return [lengths, float((steps == 0).mean()), float((steps == 12).mean())]


def _steps(track: Sequence[Stroke]) -> Any:
    """(13,) share of each step between neighbours, up or down, in semitones; an octave and more are one."""
    counts = np.zeros(_WIDEST_STEP + 1)
    for step in np.abs(np.diff([stroke.pitch for stroke in track])):
        counts[min(int(step), _WIDEST_STEP)] += 1
    return counts / max(counts.sum(), 1)


def _classes(strokes: Sequence[Stroke]) -> Any:
    """(12,) share of the sounding time of each pitch class above the tonic that they make likely."""
    sounding = np.zeros(12)
    for stroke in strokes:
        sounding[stroke.pitch % 12] += stroke.quarters
    return np.roll(sounding, -tonic(key(sounding)[0])) / max(sounding.sum(), 1e-9)
