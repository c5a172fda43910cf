"""The mixing desk: a channel for each part, played a block at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aimusicverse.engines.studio.perform import Event
from aimusicverse.engines.studio.score import PIECES, Frame, Score
from aimusicverse.engines.studio.synth.cache import Notes, NoteSource
from aimusicverse.engines.studio.synth.drums import STAGE
from aimusicverse.engines.studio.synth.partials import F32, RATE
from aimusicverse.engines.studio.synth.voices import ROLE_LEVELS, VOICES, Voice
from aimusicverse.engines.studio.track import Tap, Track

BLOCK = 1 << 15
#: Roles whose channels are stereo from the start, and never ducked.
STRUCK = ("drums", "percussion")
_DYNAMIC_DB = 22.0  # between the softest and the loudest velocity
_DUCK_SECONDS = 0.13
_PIECE_STAGE = {PIECES[name]: place for name, place in STAGE.items()}
_TEXTURE = Voice(VOICES["pad"].tone, width=0.7, low_cut=150.0)


class Desk:
    """The parts of a score as channels.

    `source` sounds what it can, the studio the rest.
    """

    def __init__(
        self,
        score: Score,
        events: Sequence[Event],
        source: NoteSource | None = None,
    ) -> None:
        frame = score.frame
        self._score, self._events = score, events
        self._tracks = [_track(frame, part.instrument, part.role) for part in score.parts]
        self._notes = Notes(frame.genre.kit, frame.mood.brightness, frame.key.tonic, source)
        kicks = [e.start for e in events if e.pitch == PIECES["kick"] and _struck(score, e)]
        self._kicks = np.array(kicks, np.float32)
        self._next = 0

    def block(self, start: int) -> list[tuple[F32, F32]]:
        """The block at sample `start`: for each part its (2, BLOCK) and what it sends to the room (BLOCK,).

        Blocks are asked for in their order.
        """
        while self._next < len(self._events) and self._events[self._next].start * RATE < start + BLOCK:
            event = self._events[self._next]
            part = self._score.parts[event.part]
            sound = self._notes.sound(part.instrument, event.pitch, event.seconds, event.velocity, self._next)
            at = max(0, int(event.start * RATE) - start)
            self._tracks[event.part].add(sound, at, _gains(event, part.role))
            self._next += 1
        depth = self._score.frame.genre.duck
        duck = _duck(self._kicks, start, depth) if depth and len(self._kicks) else None
        channels = []
        for track, part in zip(self._tracks, self._score.parts, strict=True):
            dry, mono = track.take(None if part.role in STRUCK else duck)
            channels.append((dry, mono * track.room))
        return channels


def _track(frame: Frame, instrument: str, role: str) -> Track:
    level = ROLE_LEVELS[role] + frame.genre.levels.get(role, 0.0)
    if role in STRUCK:
        room = -9.0 if instrument == "orchestral percussion" else -17.0
        return Track(BLOCK, 2, _linear(level), _linear(room), 28.0, [])
    voice = VOICES.get(instrument, _TEXTURE)
    level += voice.level_db
    angle = (voice.pan + 1) * np.pi / 4
    taps: list[Tap] = [(0, float(np.cos(angle)) * 1.41, float(np.sin(angle)) * 1.41)]
    if voice.width:
        taps.append(
            (int((0.009 + 0.006 * (len(instrument) % 3) / 2) * RATE), voice.width * 0.7, -voice.width * 0.7)
        )
    if frame.genre.echo_beats and role in frame.genre.echo_roles:
        gap = int(frame.genre.echo_beats * 60 / frame.beats_per_minute * RATE)
        taps += [(gap * turn, *gains) for turn, gains in enumerate(frame.genre.echo_taps, 1)]
    return Track(BLOCK, 1, _linear(level), _linear(voice.room_db), voice.low_cut, taps, voice.chorus)


def _linear(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def _gains(event: Event, role: str) -> tuple[float, ...]:
    level = event.level_db + _DYNAMIC_DB * (event.velocity - 0.8)
    if role not in STRUCK:
        return (_linear(level),)
    piece, pan = _PIECE_STAGE[event.pitch]
    angle = (pan + 1) * np.pi / 4
    gain = _linear(level + piece) * 1.41
    return gain * float(np.cos(angle)), gain * float(np.sin(angle))


def _struck(score: Score, event: Event) -> bool:
    return score.parts[event.part].role == "drums"


def _duck(kicks: F32, start: int, depth: float) -> F32:
    """How far the rest steps back after each kick: down at once, back within an eighth or so."""
    frames = (start + np.arange(0, BLOCK + 64, 64)) / RATE
    last = np.searchsorted(kicks, frames, side="right") - 1
    since = np.where(last >= 0, frames - kicks[np.maximum(last, 0)], 10.0)
    gain = 1 - depth * np.exp(-since / _DUCK_SECONDS)
    return np.interp(np.arange(BLOCK) / 64, np.arange(len(frames)), gain).astype(np.float32)
