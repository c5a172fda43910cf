"""From when until when the deals of a message let people have its release."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from aimusicverse.release.ern.reading import Element, Message, text_of


def availability(message: Message) -> tuple[datetime | None, datetime | None]:
    """The first moment, and the one when it is over; `None`: never, or no end.

    A bare date is taken as midnight in UTC; a release is over when its last deal is. Pre-orders do not count.
    """
    begins: list[datetime] = []
    ends: list[datetime | None] = []
    for terms in message.root.iterfind("DealList/ReleaseDeal/Deal/DealTerms"):
        if text_of(terms.find("IsPreOrderDeal")) == "true":
            continue
        for period in terms.iterfind("ValidityPeriod"):
            started = _moment(period, "StartDateTime") or _moment(period, "StartDate")
            if started is not None:
                begins.append(started)
            ends.append(_moment(period, "EndDateTime") or _last_day(period))
    last = None if None in ends or not ends else max(end for end in ends if end is not None)
    return min(begins, default=None), last


def _moment(period: Element, name: str) -> datetime | None:
    told = text_of(period.find(name))
    try:
        if len(told) == len("2027-01-08"):
            return datetime.combine(date.fromisoformat(told), time(), UTC)
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _last_day(period: Element) -> datetime | None:
    """The last day of a period is part of it."""
    last = _moment(period, "EndDate")
    return None if last is None else last + timedelta(days=1)
