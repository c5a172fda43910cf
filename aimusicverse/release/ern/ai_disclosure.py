"""What a machine made, as ERN 4.3.2 says it: for each resource, and for each who had a part in it.

The schema's own definitions: `All` on a resource allows none but generative contributors, `None` allows none
that had a part made by a machine, and a person's part is `None` or `Partly` (`ContainsAI`, `AiContribution`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from aimusicverse.release.ai_parts import contained, recorded_parts, together
from aimusicverse.release.ern.credits import Credit
from aimusicverse.release.package_error import Obstacle
from aimusicverse.release.rules.case import Track
from aimusicverse.types.release import AiPart

Contains = Literal["All", "Partly", "None"]
#: Its values, by ours.
NAMES: Final[dict[AiPart, Contains]] = {"all": "All", "partly": "Partly", "none": "None"}

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


def machine_roles(track: Track, generated: Iterable[str] = ()) -> list[str]:
    """The roles of the generator: of what it made all of, and of credits that are marked so."""
    roles = [role for aspect, role in _MACHINE_ROLES.items() if recorded_parts(track).get(aspect) == "all"]
    return [*roles, *sorted(set(generated) - set(roles))]


def contribution(track: Track, credit: Credit) -> Contains | None:
    """Of a person: as it is said, else as the aspects say that the roles have to do with."""
    if credit.ai is not None:
        return NAMES[credit.ai]
    answered = recorded_parts(track)
    parts = [
        part for role in credit.roles for aspect in _ASPECTS.get(role, ()) if (part := answered.get(aspect))
    ]
    whole = together(parts) if parts else None
    # Where a machine made all, nothing is known of what this person did.
    return None if whole in (None, "all") else NAMES[whole]


def contradictions(track: Track, people: Iterable[Credit]) -> list[Obstacle]:
    """Where the answers and the credits of a recording cannot both be right."""
    whole = contained(track)
    if whole == "none":
        return [
            Obstacle(
                f"{credit.field}.ai",
                f"{credit.name!r} is marked `{credit.ai}`, and all of track {track.number} is `none`.",
                "Change one of the two.",
            )
            for credit in people
            if credit.ai in ("partly", "all")
        ]
    if whole != "all":
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
        for aspect, part in recorded_parts(track).items()
        if part is None
    ]
