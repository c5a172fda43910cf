"""When stores work little, so that they ask for releases about a week earlier: a dated table.

Their notices come year by year. The days here follow what they have been (the Sunday before Thanksgiving to
the Monday after it; 20 December to 4 January), until a notice of that year says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: How much earlier a release must be there.
EARLIER: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days on which little is reviewed.

    Args:
        name: for people.
        first: the first of them.
        last: the last of them.
    """

    name: str
    first: date
    last: date


HOLIDAYS: Final = (
    Holiday("Thanksgiving 2026", date(2026, 11, 22), date(2026, 11, 30)),
    Holiday("the end of 2026", date(2026, 12, 20), date(2027, 1, 4)),
    Holiday("Thanksgiving 2027", date(2027, 11, 21), date(2027, 11, 29)),
    Holiday("the end of 2027", date(2027, 12, 20), date(2028, 1, 4)),
    Holiday("Thanksgiving 2028", date(2028, 11, 19), date(2028, 11, 27)),
    Holiday("the end of 2028", date(2028, 12, 20), date(2029, 1, 4)),
)


def holiday_before(release: date) -> Holiday | None:
    """The holiday that a release on this day, or a week of review before it, falls into."""
    for holiday in HOLIDAYS:
        if holiday.first <= release <= holiday.last + EARLIER:
            return holiday
    return None
