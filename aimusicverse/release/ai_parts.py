"""How much of a recording a machine made, from the answers aspect by aspect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from aimusicverse.release.rules.case import Track
from aimusicverse.types.release import AiPart

_OF_WORDS: Final = frozenset({"lyrics", "vocals"})
#: What a recording consists of; the picture and the film are none of it.
RECORDED: Final = ("lyrics", "composition", "vocals", "instruments")
#: What of it is written, and what is heard.
WRITTEN: Final = ("lyrics", "composition")
HEARD: Final = ("vocals", "instruments")


def recorded_parts(track: Track, aspects: Sequence[str] = RECORDED) -> dict[str, AiPart | None]:
    """The answer for each of these aspects; `None`: not answered.

    Where nobody sings, words and voices are not asked for, and count only if a machine made some.
    """
    parts: dict[str, AiPart | None] = {}
    for aspect in aspects:
        answer = getattr(track.ai, aspect)
        if track.is_instrumental and aspect in _OF_WORDS and answer in (None, "none"):
            continue
        parts[aspect] = answer
    return parts


def contained(track: Track, aspects: Sequence[str] = RECORDED) -> AiPart | None:
    """How much of these aspects together; of all of them, what ERN 4.3.2 calls `ContainsAI`."""
    return together(recorded_parts(track, aspects).values())


def together(parts: Iterable[AiPart | None]) -> AiPart | None:
    """Of several parts, what holds for the whole.

    `all` when every part is, `none` when none has any, `None` when an answer is missing and could matter.
    """
    said = set(parts)
    if "partly" in said or {"all", "none"} <= said:
        return "partly"
    if None in said:
        return None
    return "all" if said == {"all"} else "none"
