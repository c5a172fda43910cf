"""What stores and distributors would say of a picture, each thing once with all who would say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aimusicverse.release.facts import FileProblem, ImageFacts
from aimusicverse.release.reports.told import told
from aimusicverse.release.targets import DISTRIBUTORS, STORES, Distributor, Store
from aimusicverse.release.validation import validate_picture
from aimusicverse.types.artwork import ArtworkCheck

#: Who is asked unless somebody says otherwise: those whose rules about pictures differ most.
TARGETS: Final[tuple[Store | Distributor, ...]] = (
    STORES["spotify"],
    STORES["apple_music"],
    STORES["soundcloud"],
    DISTRIBUTORS["distrokid"],
)


def looked_at(content: bytes, name: str) -> ImageFacts | FileProblem:
    """What a picture is and shows, or why that cannot be said. Blocks, as `image_check.look_into`."""
    from aimusicverse.release.image_check import ImageError, look_into  # numpy: only who has a picture pays

    try:
        return look_into(content, name)
    except ImageError as error:
        return FileProblem("cover.file", name, error.code, error.message)


def picture_checks(
    looked: ImageFacts | FileProblem, targets: Iterable[Store | Distributor] = TARGETS
) -> list[ArtworkCheck]:
    """What the rules say of a picture, worst first.

    What several of them would say in the same words is said once.
    """
    return [
        ArtworkCheck(
            rule=one.finding.rule,
            severity=one.finding.severity,
            blocking=one.finding.blocking,
            targets=list(one.targets),
            message=one.finding.message,
            passes=one.finding.passes,
            fix=one.finding.fix,
            docs_url=one.finding.docs_url,
        )
        for one in told(validate_picture(looked, targets))
    ]
