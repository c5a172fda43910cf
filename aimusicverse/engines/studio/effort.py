"""How much work a piece is, counted before it is done, so that progress (`shares`) tells shares of the time.

Milliseconds of one core of the machine where they were measured; only what they are to each other matters. A
note costs something when it is first heard, and next to nothing when it comes again.
"""

from __future__ import annotations

from collections.abc import Sequence

from aimusicverse.engines.studio.perform import Event
from aimusicverse.engines.studio.score import Score
from aimusicverse.engines.studio.synth.amp import Amplified
from aimusicverse.engines.studio.synth.cache import key_of
from aimusicverse.engines.studio.synth.fm import Operators
from aimusicverse.engines.studio.synth.string import String
from aimusicverse.engines.studio.synth.tone import Tone
from aimusicverse.engines.studio.synth.voices import VOICES

_AGAIN, _STROKE, _TEXTURE = 0.025, 0.7, 2.0
_CHANNEL, _CHORUS, _BUS, _TAPE = 0.30, 0.45, 3.4, 0.7  # for a block


def of_notes(score: Score, events: Sequence[Event]) -> list[float]:
    """What each event costs."""
    made: set[object] = set()
    costs = []
    for turn, event in enumerate(events):
        instrument = score.parts[event.part].instrument
        key = key_of(instrument, event.pitch, event.seconds, event.velocity, turn)
        costs.append(_AGAIN if key in made else _AGAIN + _of_note(instrument, event))
        made.add(key)
    return costs


def of_block(score: Score) -> float:
    """What a block costs beside its notes: channels, bus, readings."""
    voices = [VOICES[part.instrument] for part in score.parts if part.instrument in VOICES]
    return _BUS + _TAPE + _CHANNEL * len(score.parts) + _CHORUS * sum(bool(voice.chorus) for voice in voices)


def of_rendering(score: Score, events: Sequence[Event], blocks: int) -> float:
    """What all notes and blocks cost."""
    return sum(of_notes(score, events)) + of_block(score) * blocks


def _of_note(instrument: str, event: Event) -> float:
    voice = VOICES.get(instrument)
    if voice is None:
        return _STROKE if instrument not in ("vinyl crackle", "rain") else _TEXTURE * event.seconds
    tone = voice.tone
    if isinstance(tone, Tone):
        base = 440 * 2 ** ((event.pitch - 69) / 12)
        partials = len(tone.ratios) or min(tone.partials, int(tone.top / base))
        swaying = (tone.players if tone.section else 1) * bool(tone.vibrato[1])
        rate = 0.08 + 0.0065 * partials * tone.players + 0.45 * swaying
        return 0.1 + rate * (event.seconds + tone.release)
    if isinstance(tone, Operators):
        return 0.2 + 0.5 * (event.seconds + tone.release)
    if isinstance(tone, Amplified):
        return 0.5 + 5.0 * event.seconds
    return 0.2 + 0.4 * event.seconds if isinstance(tone, String) else 0.0
