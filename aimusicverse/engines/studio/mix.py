"""The mix: all events through their tracks and the room, block by block, whatever the length of the piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from aimusicverse.audio.filters import Cascade, high_shelf, highpass, lowpass
from aimusicverse.engines.studio.perform import Event
from aimusicverse.engines.studio.room import Room
from aimusicverse.engines.studio.score import PIECES, Frame, Score
from aimusicverse.engines.studio.synth.cache import Notes
from aimusicverse.engines.studio.synth.drums import STAGE
from aimusicverse.engines.studio.synth.partials import F32, RATE
from aimusicverse.engines.studio.synth.voices import ROLE_LEVELS, VOICES, Voice
from aimusicverse.engines.studio.track import Tap, Track
from aimusicverse.engines.studio.words.music import SOUNDS

BLOCK = 1 << 15
_DYNAMIC_DB = 22.0  # between the softest and the loudest velocity
_DUCK_SECONDS = 0.13
#: However many sounds are asked for, treble, room and width stay within these.
_LEAST_TILT_DB, _MOST_ROOM_DB = 0.0, 6.0
_NARROWEST = 0.7
_STRUCK = ("drums", "percussion")
_PIECE_STAGE = {PIECES[name]: place for name, place in STAGE.items()}
_TEXTURE = Voice(VOICES["pad"].tone, width=0.7, low_cut=150.0)


def mix(score: Score, events: Sequence[Event], samples: int, heard: Callable[[float], None]) -> Iterator[F32]:
    """The piece as (2, N) blocks, `samples` in all, not yet mastered.

    `heard` is told the share of events that have sounded, often.
    """
    frame = score.frame
    tracks = [_track(frame, part.instrument, part.role) for part in score.parts]
    notes = Notes(frame.genre.kit, frame.mood.brightness, frame.key.tonic)
    room = Room(frame.genre.space, BLOCK)
    sounds = [SOUNDS[name] for name in frame.plan.sounds]
    tilt = max(_LEAST_TILT_DB, frame.genre.tilt_db + sum(sound.tilt_db for sound in sounds))
    top = min([frame.genre.top_hz, *(sound.top_hz for sound in sounds)])
    width = _width(frame)
    polish = Cascade((highpass(24, RATE), high_shelf(1100, RATE, tilt), lowpass(top, RATE)), 2)
    wet = np.float32(_linear(max(-_MOST_ROOM_DB, min(_MOST_ROOM_DB, sum(sound.room_db for sound in sounds)))))
    kicks = np.array([e.start for e in events if e.pitch == PIECES["kick"] and _struck(score, e)])
    index = 0
    for start in range(0, samples, BLOCK):
        while index < len(events) and events[index].start * RATE < start + BLOCK:
            event = events[index]
            part = score.parts[event.part]
            sound = notes.sound(part.instrument, event.pitch, event.seconds, event.velocity, index)
            at = max(0, int(event.start * RATE) - start)
            tracks[event.part].add(sound, at, _gains(event, part.role))
            index += 1
            if index % 8 == 0:
                heard(index / len(events))
        duck = _duck(kicks, start, frame.genre.duck) if frame.genre.duck and len(kicks) else None
        out, send = np.zeros((2, BLOCK), np.float32), np.zeros(BLOCK, np.float32)
        for track, part in zip(tracks, score.parts, strict=True):
            dry, mono = track.take(None if part.role in _STRUCK else duck)
            out += dry
            send += mono * track.room
        out += room.process(send * wet)
        out = np.asarray(polish.process(out), np.float32)
        if width != 1:
            side = (out[0] - out[1]) * np.float32((width - 1) / 2)
            out += np.stack((side, -side))
        _fade(out, start, samples)
        yield out[:, : samples - start]
        heard(index / len(events))


def _track(frame: Frame, instrument: str, role: str) -> Track:
    level = ROLE_LEVELS[role] + frame.genre.levels.get(role, 0.0)
    if role in _STRUCK:
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
    return Track(BLOCK, 1, _linear(level), _linear(voice.room_db), voice.low_cut, taps)


def _width(frame: Frame) -> float:
    """What the difference of the sides is multiplied by; a genre whose room is wide already gets no wider."""
    factor = 1.0
    for name in frame.plan.sounds:
        factor *= SOUNDS[name].width
    open_room = max(0.0, min(1.0, (frame.genre.space.level_db + 14) / 4))
    return max(_NARROWEST, min(1.2 - 0.2 * open_room, factor))


def _linear(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def _gains(event: Event, role: str) -> tuple[float, ...]:
    level = event.level_db + _DYNAMIC_DB * (event.velocity - 0.8)
    if role not in _STRUCK:
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


def _fade(block: F32, start: int, samples: int) -> None:
    """The last second falls away, so that what still rings ends in silence and not in a cut."""
    length = min(RATE, samples // 6)
    first = samples - length
    if start + block.shape[1] <= first:
        return
    left = samples - (start + np.arange(block.shape[1]))
    shape = np.clip(left / length, 0, 1)
    block *= np.asarray(np.sin(shape * np.pi / 2) ** 2, np.float32)
