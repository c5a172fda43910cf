"""From a wish to the design that is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aimusicverse.release.artwork import Design


def design_of(wish: dict[str, Any]) -> Design:
    """The design of a wish. A template has music of its own; of the wish it takes the words.

    Raises:
        ArtworkError: a design that cannot be.
    """
    from aimusicverse.release.artwork import Design, template

    if wish["template"] is not None:
        return template(wish["template"]).design(
            wish["title"], wish["artist"], lettering=wish["lettering"], seed=wish["seed"]
        )
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
