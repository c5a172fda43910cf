"""Notes from a soundfont, as loud as the studio's own: so levels, mix and gates stay as they are."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np

from aimusicverse.engines.base import EngineError, Order
from aimusicverse.engines.soundfont import UNREADABLE, Soundfont, SoundfontError, digest
from aimusicverse.engines.studio.score import Score
from aimusicverse.engines.studio.soundfont.font import Font
from aimusicverse.engines.studio.soundfont.programs import DRUM_BANK, KITS, PROGRAMS, STRUCK
from aimusicverse.engines.studio.soundfont.sampler import note
from aimusicverse.engines.studio.synth.cache import NoteSource
from aimusicverse.engines.studio.synth.partials import F32, loudest

_STROKE_SECONDS, _STROKE_PEAK = 3.0, 0.5


def source_of(order: Order, score: Score) -> AbstractContextManager[NoteSource | None]:
    """Who sounds the notes that it has, before the studio."""
    return SoundfontNotes(order.soundfont, score.frame.genre.kit) if order.soundfont else nullcontext()


class SoundfontNotes:
    """A `NoteSource` over a soundfont file, which it holds open: a context manager.

    Raises:
        EngineError: `soundfont_unreadable`: it is damaged, or not the one that the server knows.
    """

    def __init__(self, soundfont: Soundfont, kit: str) -> None:
        self._name, self._kit = soundfont.name, kit
        try:
            if digest(soundfont.path) != soundfont.sha256:
                raise SoundfontError(f"{self._name}: it has changed since the server started")
        except SoundfontError as error:
            raise EngineError(UNREADABLE, str(error)) from None
        self._font = self._opened(soundfont.path)

    def __enter__(self) -> SoundfontNotes:
        return self

    def __exit__(self, *_: object) -> None:
        self._font.close()

    def _opened(self, path: Path) -> Font:
        try:
            return Font(path)
        except SoundfontError as error:
            raise EngineError(UNREADABLE, f"{self._name}: {error}") from None

    def note(self, instrument: str, pitch: int, seconds: float, velocity: float) -> F32 | None:
        """The note, mono, about as loud as the studio plays it; None for what it leaves to the studio."""
        if instrument in STRUCK:
            kit = KITS.get(self._kit)
            if kit is None:
                return None
            program = kit if self._font.has(DRUM_BANK, kit) else 0
            sound = self._played(DRUM_BANK, program, pitch, _STROKE_SECONDS, velocity)
        elif instrument in PROGRAMS:
            sound = self._played(0, PROGRAMS[instrument], pitch, seconds, velocity)
        else:
            return None
        if sound is None:
            return None
        loud = np.abs(sound).max() / _STROKE_PEAK if instrument in STRUCK else loudest(sound) / 0.1
        sound = np.asarray(sound / np.float32(loud), np.float32)
        fade = min(len(sound), 256)
        sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        return sound

    def _played(self, bank: int, program: int, pitch: int, seconds: float, velocity: float) -> F32 | None:
        try:
            return note(self._font, bank, program, pitch, max(1, round(velocity * 127)), seconds)
        except SoundfontError as error:
            raise EngineError(UNREADABLE, f"{self._name}: {error}") from None
