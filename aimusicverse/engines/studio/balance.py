"""Whether colours from outside the key stay colours."""

from __future__ import annotations

from aimusicverse.engines.studio.score import Score

_UNPITCHED = ("drums", "percussion", "texture")
#: Share of the sounding time that may lie outside the key.
MOST_OUTSIDE, MOST_IN_BLUES = 0.08, 0.15
#: Room for the other takes of sections, which are not asked again.
_MARGIN = 0.85


def keeps_its_key(score: Score) -> bool:
    """Whether the notes that sound longest are those of the key, and the others sound for a small share.

    Each note outside the key sounds less than each of the seven.
    """
    beats = [0.0] * 12
    for part in score.parts:
        if part.role not in _UNPITCHED:
            for note in part.notes:
                beats[note.pitch % 12] += note.beats
    own = score.frame.key.pitch_classes
    outside = [beats[pitch_class] for pitch_class in range(12) if pitch_class not in own]
    if not any(outside):
        return True
    most = MOST_IN_BLUES if score.frame.genre.form == "twelve" else MOST_OUTSIDE
    rarest = min(beats[pitch_class] for pitch_class in own)
    return sum(outside) <= _MARGIN * most * sum(beats) and max(outside) < _MARGIN * rarest
