"""What stands in the way of a batch, as a problem of the delivery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.store_problems import general
from aimusicverse.release.package_error import CannotPackage

_MOST_TOLD: Final = 5


@contextmanager
def obstacles_told() -> Iterator[None]:
    """`CannotPackage` leaves as `DeliveryError`."""
    try:
        yield
    except CannotPackage as problem:
        first = problem.obstacles[0]
        # As `ern/message.py` says it of what was delivered.
        fixed = first.field in ("upc", "tracks") and first.message.startswith("the store has")
        told = "; ".join(f"{it.field}: {it.message}" for it in problem.obstacles[:_MOST_TOLD])
        raise DeliveryError(
            general(
                "identifiers_are_fixed" if fixed else "package_failed",
                told,
                field=first.field,
                hint=first.fix,
            )
        ) from problem
