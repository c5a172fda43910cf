"""What a machine made, as ERN 4.3.2 says it: for each resource, and for each who had a part in it.

The schema's own definitions: `All` on a resource allows none but generative contributors, `None` allows none
that had a part made by a machine, and a person's part is `None` or `Partly` (`ContainsAI`, `AiContribution`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from aimusicverse.release.ern.credits import Credit
from aimusicverse.release.package_error import Obstacle
from aimusicverse.release.rules.case import Track
from aimusicverse.types.release import AiPart

Contains = Literal["All", "Partly", "None"]
_NAMES: Final[dict[AiPart, Contains]] = {"all": "All", "partly": "Partly", "none": "None"}

#: What a person's role has to do with an aspect. Others have to do with none.
_ASPECTS: Final[dict[str, tuple[str, ...]]] = {
    "Composer": ("composition",),
    "ComposerLyricist": ("composition", "lyrics"),
    "Arranger": ("composition",),
    "Lyricist": ("lyrics",),
    "Author": ("lyrics",),
    "Librettist": ("lyrics",),
    "Vocalist": ("vocals",),
    "LeadVocalist": ("vocals",),
    "BackgroundVocalist": ("vocals",),
    "Musician": ("instruments",),
    "StudioMusician": ("instruments",),
    "PrimaryMusician": ("instruments",),
    "Programmer": ("instruments",),
}
#: The role of a generator that made all of an aspect.
_MACHINE_ROLES: Final = {
    "composition": "Composer",
    "lyrics": "Lyricist",
    "vocals": "Vocalist",
    "instruments": "Musician",
}


def aspects_of(track: Track) -> dict[str, AiPart | None]:
    """What was answered for each aspect that the recording has: words and voices where somebody sings."""
    names = ("composition", "instruments") + (() if track.is_instrumental else ("lyrics", "vocals"))
    return {name: getattr(track.ai, name) for name in names}


def together(parts: Iterable[AiPart]) -> Contains:
    """Of several parts, what holds for the whole."""
    said = set(parts)
    return _NAMES[said.pop()] if len(said) == 1 else "Partly"


def contains_ai(track: Track) -> Contains:
    """Of a recording; aspects without an answer are left aside."""
    return together(part for part in aspects_of(track).values() if part) if _any(track) else "None"


def machine_roles(track: Track, generated: Iterable[str] = ()) -> list[str]:
    """The roles of the generator: of what it made all of, and of credits that are marked so."""
    roles = [role for aspect, role in _MACHINE_ROLES.items() if aspects_of(track).get(aspect) == "all"]
    return [*roles, *sorted(set(generated) - set(roles))]


def contribution(track: Track, credit: Credit) -> Contains | None:
    """Of a person: as it is said, else as the aspects say that the roles have to do with."""
    if credit.ai is not None:
        return _NAMES[credit.ai]
    answered = aspects_of(track)
    parts = [
        part for role in credit.roles for aspect in _ASPECTS.get(role, ()) if (part := answered.get(aspect))
    ]
    if not parts or set(parts) == {"all"}:
        return None
    return together(parts)


def contradictions(track: Track, people: Iterable[Credit]) -> list[Obstacle]:
    """Where the answers and the credits of a recording cannot both be right."""
    whole = contains_ai(track)
    if whole == "None":
        return [
            Obstacle(
                f"{credit.field}.ai",
                f"{credit.name!r} is marked `{credit.ai}`, and all of track {track.number} is `none`.",
                "Change one of the two.",
            )
            for credit in people
            if credit.ai in ("partly", "all")
        ]
    if whole != "All":
        return []
    return [
        Obstacle(
            f"{credit.field}.ai",
            f"all of track {track.number} is made by a machine, so ERN 4.3.2 takes no credit of a person, "
            f"and {credit.name!r} has one.",
            "Say `ai = 'all'` there, if a machine did that part; or `partly` for what they had a part in.",
        )
        for credit in people
        if credit.roles and credit.ai != "all"
    ]


def unanswered(track: Track) -> list[Obstacle]:
    """Aspects of which nothing is said."""
    return [
        Obstacle(
            f"tracks[{track.index}].ai.{aspect}" if track.recording.ai else f"ai.{aspect}",
            "it is not said how much of it a machine made.",
            "Answer none, partly or all.",
        )
        for aspect, part in aspects_of(track).items()
        if part is None
    ]


def _any(track: Track) -> bool:
    return any(aspects_of(track).values())
