"""From a wish to the design that is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aimusicverse.release.artwork import Design


def design_of(wish: dict[str, Any]) -> Design:
    """The design of a wish; a template gives what it has, and the wish its words.

    Raises:
        ArtworkError: a design that cannot be.
    """
    from aimusicverse.release.artwork import Design

    return Design(
        title=wish["title"],
        artist=wish["artist"],
        mood=wish["mood"],
        key=wish["key"],
        tempo_bpm=wish["tempo_bpm"],
        genre=wish["genre"],
        sections=tuple((label, start, end) for label, start, end in wish["sections"]),
        style=wish["style"],
        lettering=wish["lettering"],
        seed=wish["seed"],
    )
