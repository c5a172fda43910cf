"""How much work a note is, in the milliseconds of `effort`.

A sound costs something when it is first heard, next to nothing when it comes again, and the same once more if
it was forgotten in between: long pieces of long notes have more sounds than are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aimusicverse.engines.studio.perform import Event
from aimusicverse.engines.studio.score import PIECES
from aimusicverse.engines.studio.synth import cache, string
from aimusicverse.engines.studio.synth.amp import Amplified
from aimusicverse.engines.studio.synth.fm import Operators
from aimusicverse.engines.studio.synth.partials import RATE
from aimusicverse.engines.studio.synth.shelf import Shelf
from aimusicverse.engines.studio.synth.string import String
from aimusicverse.engines.studio.synth.tone import Tone
from aimusicverse.engines.studio.synth.voices import VOICES

AGAIN, _STRING_AGAIN = 0.025, 0.1
_TEXTURE = 2.0  # for a second
#: What a stroke costs, and how long it sounds.
_STROKES: Mapping[int, tuple[float, float]] = {
    PIECES[name]: cost
    for name, cost in {
        "crash": (8.0, 2.2), "swell": (7.0, 2.0), "timpani": (6.6, 1.6), "ride": (3.7, 0.9),
        "taiko": (3.2, 1.0), "open": (1.4, 0.4), "snare": (1.2, 0.3),
    }.items()
}  # fmt: skip
_OTHER_STROKE = 0.7, 0.3


@dataclass(frozen=True, slots=True)
class _Sound:
    """What stands for a sound: its work and its length in samples."""

    cost: float
    samples: int

    @property
    def nbytes(self) -> int:
        """As many as the sound has: four for a sample."""
        return 4 * self.samples


class Playing:
    """Notes in their order, and which sounds are at hand when each is played, as in `synth.cache`."""

    def __init__(self) -> None:
        self._sounds: Shelf[tuple[object, ...], _Sound] = Shelf(cache.LIMIT)
        self._rings: Shelf[tuple[object, ...], _Sound] = Shelf(string.RINGS)

    def cost(self, instrument: str, event: Event, turn: int) -> float:
        """What the next note costs, which is the `turn`-th."""
        key = cache.key_of(instrument, event.pitch, event.seconds, event.velocity, turn)
        spent = AGAIN

        def made() -> _Sound:
            nonlocal spent
            sound = self._made(instrument, event, key[3])
            spent += sound.cost
            return sound

        self._sounds.get(key, made)
        return spent

    def _made(self, instrument: str, event: Event, touch: int) -> _Sound:
        voice, seconds = VOICES.get(instrument), event.seconds
        if voice is None:
            if instrument in ("vinyl crackle", "rain"):
                return _Sound(_TEXTURE * seconds, round(seconds * RATE))
            cost, seconds = _STROKES.get(event.pitch, _OTHER_STROKE)
            return _Sound(cost, round(seconds * RATE))
        tone = voice.tone
        if isinstance(tone, String):
            return self._of_string(tone, event, touch)
        if isinstance(tone, Amplified):
            return _Sound(1.1 + 9.0 * seconds, round((seconds + tone.string.damping) * RATE))
        if isinstance(tone, Operators):
            seconds += tone.release
            return _Sound(0.2 + 0.43 * len(tone.pairs) * seconds, round(seconds * RATE))
        if isinstance(tone, Tone):
            seconds += tone.release
            return _Sound(0.4 + _rate(tone, event.pitch) * seconds, round(seconds * RATE))
        raise TypeError(f"nobody has measured what a {type(tone).__name__} costs")

    def _of_string(self, tone: String, event: Event, touch: int) -> _Sound:
        """Lengths in between share one sound, and are copies of its beginning."""
        size, cost = tone.ringing(event.seconds), _STRING_AGAIN

        def rung() -> _Sound:
            nonlocal cost
            cost += 2.6 * size / 2**16
            return _Sound(cost, size)

        self._rings.get((tone, event.pitch, touch, size), rung)
        return _Sound(cost, round((event.seconds + tone.damping) * RATE))


def _rate(tone: Tone, pitch: int) -> float:
    """What a second of a tone costs: partials, players who sway, breath."""
    base = 440 * 2 ** ((pitch - 69) / 12)
    partials = len(tone.ratios) or min(tone.partials, int(tone.top / base))
    swaying = (tone.players if tone.section else 1) * bool(tone.vibrato[1])
    breath = tone.noise is not None and not tone.noise.decay
    return (0.008 if tone.slow else 0.02) * partials * tone.players + 0.5 * swaying + 1.35 * breath
