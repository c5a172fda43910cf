"""What is known of a picture by its file: found where that is at hand, kept as JSON, judged when asked."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from aimusicverse.release.facts import FileProblem, ImageFacts

if TYPE_CHECKING:
    from aimusicverse.types.artwork import ArtworkCheck

#: Pictures whose checks are remembered: a list of artworks asks for the same again and again.
_MOST: Final = 1_000


def looked_into(content: bytes, media_type: str) -> dict[str, Any]:
    """What the file of a picture is, as it is kept. Blocks, about half a second for 3000 × 3000.

    A picture that is larger than any cover is not looked into; then it is kept that this is so.

    Args:
        content: of the file.
        media_type: its kind.
    """
    from aimusicverse.release.one_at_a_time import one_at_a_time
    from aimusicverse.release.picture_checks import looked_at

    with one_at_a_time():
        return asdict(looked_at(content, f"cover.{media_type.removeprefix('image/')}"))


def known(facts: dict[str, Any] | None) -> ImageFacts | FileProblem | None:
    """What was kept; `None`: nothing was."""
    if facts is None:
        return None
    return FileProblem(**facts) if "code" in facts else ImageFacts(**facts)


def checks_of(facts: dict[str, Any] | None) -> list[ArtworkCheck] | None:
    """What stores and distributors would say, by the rules as they are now; `None`: nothing is known."""
    looked = known(facts)
    return None if looked is None else list(_checks(looked))


@lru_cache(_MOST)
def _checks(looked: ImageFacts | FileProblem) -> tuple[ArtworkCheck, ...]:
    from aimusicverse.release.picture_checks import picture_checks

    return tuple(picture_checks(looked))
