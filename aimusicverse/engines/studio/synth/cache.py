"""Notes already played. Music repeats itself, so most notes are looked up, not calculated."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol
from zlib import crc32

from aimusicverse.engines.studio.score import PIECES
from aimusicverse.engines.studio.synth.drums import KITS, strike
from aimusicverse.engines.studio.synth.partials import F32, begin
from aimusicverse.engines.studio.synth.shelf import Shelf
from aimusicverse.engines.studio.synth.textures import texture
from aimusicverse.engines.studio.synth.voices import VOICES

#: Bytes of sounds that are kept.
LIMIT = 40 << 20
_NAMES = {number: name for name, number in PIECES.items()}
_Key = tuple[str, int, int, int, int]


class NoteSource(Protocol):
    """Somebody else who can sound notes."""

    def note(self, instrument: str, pitch: int, seconds: float, velocity: float) -> F32 | None:
        """The note, mono, about as loud as the studio plays it; None for what it leaves to the studio."""
        ...


def key_of(instrument: str, pitch: int, seconds: float, velocity: float, turn: int) -> _Key:
    """Instrument, pitch, length in fiftieths of a second, velocity bucket, variant: what sounds alike."""
    bucket = 0 if velocity < 0.5 else 1 if velocity < 0.72 else 2
    if instrument in VOICES:
        return instrument, pitch, round(seconds * 50), bucket, 0
    struck = instrument in ("drums", "percussion", "orchestral percussion")
    return instrument, pitch, 0 if struck else round(seconds * 50), bucket, turn % 3


class Notes:
    """Sounds of notes by instrument, pitch, length and velocity bucket; the oldest are forgotten beyond 40
    MB.

    A sound depends on its key alone (its seed is made of it), so forgetting changes nothing.
    """

    def __init__(self, kit: str, brightness: float, tonic: int, source: NoteSource | None = None) -> None:
        self._source = source
        self._kit, self._root = kit, 27.5 * 2 ** ((tonic - 9) / 12)
        self._brightness = brightness
        self._sounds: Shelf[_Key, F32] = Shelf(LIMIT)

    def sound(self, instrument: str, pitch: int, seconds: float, velocity: float, turn: int) -> F32:
        """The note, mono. `turn` picks one of three variants of unpitched sounds."""
        key = key_of(instrument, pitch, seconds, velocity, turn)
        return self._sounds.get(key, lambda: self._begun(key))

    def _begun(self, key: _Key) -> F32:
        sound = self._make(key)
        begin(sound)
        return sound

    def _make(self, key: _Key) -> F32:
        instrument, pitch, length, bucket, _ = key
        seed = crc32(repr(key).encode())
        velocity = (0.4, 0.62, 0.85)[bucket]
        if self._source is not None:
            seconds = length / 50
            if (sound := self._source.note(instrument, pitch, seconds, velocity)) is not None:
                return sound
        if instrument in VOICES:
            return VOICES[instrument].tone.play(pitch, length / 50, velocity, self._brightness, seed)
        if instrument in ("vinyl crackle", "rain"):
            return texture(instrument, length / 50, seed)
        kit = "orchestral" if instrument == "orchestral percussion" else self._kit
        return strike(replace(KITS[kit], root=self._root), _NAMES[pitch], velocity, seed)
