"""Deals of a message: for every release, of models and uses that go together, in time and place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from aimusicverse.release.ern.deals import MODELS
from aimusicverse.release.ern.fault import Fault, error, warning
from aimusicverse.release.ern.reading import Element, Message, text_of

_ZONE: Final = re.compile(r"(?:Z|[+-][0-9]{2}:[0-9]{2})$", re.ASCII)
#: Uses that only some models are for. Other models and uses are the partners' own agreement.
_JUDGED: Final = frozenset(use for uses in MODELS.values() for use in uses)


def check_deals(message: Message) -> Iterator[Fault]:
    """All of them, and whether a release has none."""
    dealt = {text_of(it) for deal in message.deals for it in deal.findall("DealReleaseReference")}
    for release in message.releases():
        reference = text_of(release.find("ReleaseReference"))
        if reference and reference not in dealt:
            yield error(
                "DX-DEAL", release, f"{reference} has no deal.", "Write one, or name it in another's."
            )
    for group in message.deals:
        for deal in group.findall("Deal"):
            if deal.find("IsCommunicatedOutOfBand") is None:
                yield from _deal(deal)
    for element in message.root.iter("StartDateTime", "EndDateTime", "MessageCreatedDateTime"):
        if not _ZONE.search(text_of(element)):
            yield warning(
                "DX-DATE", element, f"{text_of(element)} says no time zone.", "Add one, like +00:00."
            )


def _deal(deal: Element) -> Iterator[Fault]:
    terms = deal.find("DealTerms")
    if terms is None:
        yield error("DX-DEAL", deal, "It has no terms.", "Write its DealTerms.")
        return
    models = [text_of(it) for it in terms.findall("CommercialModelType")]
    uses = [text_of(it) for it in terms.findall("UseType")]
    for found, name in ((models, "CommercialModelType"), (uses, "UseType")):
        if not found:
            yield error("DX-DEAL", terms, f"It has no {name}.", "Write one.")
    for model in models:
        if model in MODELS:
            for use in uses:
                if use in _JUDGED and use not in MODELS[model]:
                    allowed = ", ".join(MODELS[model])
                    yield error("DX-COMM", terms, f"{use} does not go with {model}.", f"It is for {allowed}.")
    places = [text_of(it) for it in terms.findall("TerritoryCode")]
    if "Worldwide" in places and len(places) > 1:
        yield error(
            "DX-TERRITORY", terms, "It names Worldwide and single countries.", "Leave one of the two out."
        )
    periods = terms.findall("ValidityPeriod")
    if not any(
        period.find(name) is not None for period in periods for name in ("StartDate", "StartDateTime")
    ):
        yield error("DX-DEAL", terms, "It does not say when it begins.", "Write its StartDateTime.")
    for period in periods:
        yield from _period(period)
    is_preorder = text_of(terms.find("IsPreOrderDeal")) in ("true", "1")
    if is_preorder and not any(
        it.find("EndDate") is not None or it.find("EndDateTime") is not None for it in periods
    ):
        yield error("DX-DATE", terms, "A pre-order has no end.", "It ends as the release begins.")


def _period(period: Element) -> Iterator[Fault]:
    for start, end in (("StartDate", "EndDate"), ("StartDateTime", "EndDateTime")):
        begins, ends = period.find(start), period.find(end)
        first, last = _moment(begins), _moment(ends)
        for element, found in ((begins, first), (ends, last)):
            if element is not None and found is None:
                yield error(
                    "DX-DATE", element, f"{text_of(element)!r} is no date.", "Write it as ISO 8601 has it."
                )
        if ends is not None and first is not None and last is not None and last < first:
            message = f"It ends at {text_of(ends)}, before it begins at {text_of(begins)}."
            yield error("DX-DATE", ends, message, "Let it end later, or begin earlier.")


def _moment(element: Element | None) -> datetime | None:
    """For comparison alone: without a zone, as if in UTC."""
    try:
        found = datetime.fromisoformat(text_of(element))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
