"""How much of a recording a machine made, from the answers aspect by aspect."""

from __future__ import annotations

from typing import Final

from aimusicverse.types.release import AiDisclosure, AiPart

_OF_WORDS: Final = frozenset({"lyrics", "vocals"})
#: What a recording consists of; the picture and the film are none of it.
RECORDED: Final = ("lyrics", "composition", "vocals", "instruments")


def recorded_parts(answers: AiDisclosure, *, instrumental: bool) -> dict[str, AiPart | None]:
    """The answer for each aspect of a recording; `None`: not answered.

    Args:
        answers: of the recording, with those of its release.
        instrumental: nobody sings: words and voices are not asked for, and count only if they are answered.
    """
    parts: dict[str, AiPart | None] = {}
    for aspect in RECORDED:
        answer = getattr(answers, aspect)
        if instrumental and aspect in _OF_WORDS and answer in (None, "none"):
            continue
        parts[aspect] = answer
    return parts


def contained(answers: AiDisclosure, *, instrumental: bool) -> AiPart | None:
    """How much of the whole recording: what ERN 4.3.2 calls `ContainsAI`.

    `all` when every aspect is, `none` when none has any, `None` when an answer is missing and could matter.
    """
    parts = set(recorded_parts(answers, instrumental=instrumental).values())
    if parts & {"partly"} or {"all", "none"} <= parts:
        return "partly"
    if None in parts:
        return None
    return "all" if parts == {"all"} else "none"
