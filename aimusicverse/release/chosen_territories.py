"""Where a release is offered: the territories that it chose, those it left out, and what is no territory."""

from __future__ import annotations

from collections.abc import Sequence

from aimusicverse.release.package_error import Obstacle
from aimusicverse.release.territories import COUNTRIES, WORLDWIDE, meant


def _unknown(codes: Sequence[str], field: str, *, worldwide: bool) -> list[Obstacle]:
    """What of them is no country.

    Args:
        codes: as given.
        field: where they are from.
        worldwide: whether `Worldwide` is one of those that may stand there.
    """
    found = []
    for place, code in enumerate(codes):
        if code in COUNTRIES or (worldwide and code == WORLDWIDE):
            continue
        known = meant(code, worldwide=worldwide)
        fix = (
            f"Write {known}." if known else "Write two capital letters of ISO 3166-1, like DE, or Worldwide."
        )
        found.append(Obstacle(f"{field}[{place}]", f"{code!r} is no territory.", fix))
    return found


def chosen_territories(
    territories: Sequence[str], excluded: Sequence[str]
) -> tuple[list[str], list[str], list[Obstacle]]:
    """Where a release may be had: codes, or exclusions from all the world, and what is wrong with them.

    Either the first or the second list is empty, as a deal of ERN names one of the two.
    """
    wrong = _unknown(territories, "territories", worldwide=True)
    wrong += _unknown(excluded, "excluded_territories", worldwide=False)
    if WORLDWIDE in territories and set(territories) != {WORLDWIDE}:
        wrong.append(
            Obstacle(
                "territories",
                "`Worldwide` stands beside single countries.",
                "Leave one of them out; use `excluded_territories` for where it may not be had.",
            )
        )
    if not territories:
        wrong.append(Obstacle("territories", "there are none.", "Write Worldwide, or countries like DE."))
    if WORLDWIDE in territories:
        return ([], sorted(set(excluded)), wrong) if excluded else ([WORLDWIDE], [], wrong)
    remaining = sorted(set(territories) - set(excluded))
    if territories and not remaining:
        wrong.append(Obstacle("territories", "all of them are excluded.", "Leave one of them in."))
    return remaining, [], wrong
