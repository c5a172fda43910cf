"""Whether an engine still plays by the sounds with which a track was made."""

from __future__ import annotations

from aimusicverse.types import Engine as EngineCapabilities
from aimusicverse.types import Provenance, SoundfontInUse


def other_sounds(made: Provenance, now: EngineCapabilities) -> str | None:
    """Why what is played now would sound otherwise: another soundfont, or one where there was none.

    `None` where the sounds are the same.
    """
    if _samples(now.soundfont) == _samples(made.soundfont):
        return None
    by = f"the soundfont {made.soundfont.name}" if made.soundfont else f"the {made.engine}'s own sounds"
    return f"The track was played by {by}, which this server does not play by now."


def _samples(soundfont: SoundfontInUse | None) -> str | None:
    return None if soundfont is None else soundfont.sha256
