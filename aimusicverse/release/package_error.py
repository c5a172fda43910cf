"""What stands in the way of a package: every reason at once, each with its field and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason.

    Args:
        field: path of the value, like `tracks[1].isrc`; the first track is 0.
        message: what is wrong, in a sentence.
        fix: what to do.
    """

    field: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message} {self.fix}"


class CannotPackage(ValueError):
    """A release of which no package can be made as it is. Nothing was written.

    Args:
        obstacles: all that was found, in the order of the release.
    """

    def __init__(self, obstacles: Iterable[Obstacle]) -> None:
        self.obstacles = tuple(obstacles)
        super().__init__("\n".join(str(obstacle) for obstacle in self.obstacles))

    def __reduce__(self) -> tuple[type[CannotPackage], tuple[tuple[Obstacle, ...]]]:
        return type(self), (self.obstacles,)


def refuse(field: str, message: str, fix: str) -> CannotPackage:
    """The error of a single obstacle, to be raised."""
    return CannotPackage([Obstacle(field, message, fix)])
