"""The `DealList`: by which models, where and when a release may be had."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final

from aimusicverse.release.chosen_territories import chosen_territories
from aimusicverse.release.ern.draft import Draft
from aimusicverse.release.ern.tree import Element, branch, fixed
from aimusicverse.release.start_time import day_before

#: How a listener pays, and what they may do for it (release rule DX-COMM).
MODELS: Final[dict[str, tuple[str, ...]]] = {
    "SubscriptionModel": ("ConditionalDownload", "NonInteractiveStream", "OnDemandStream"),
    "AdvertisementSupportedModel": ("NonInteractiveStream", "OnDemandStream"),
    "PayAsYouGoModel": ("PermanentDownload",),
}


def write_deals(parent: Element, draft: Draft) -> None:
    """The same deals for the release and each of its tracks; and of its pre-order, for the release."""
    listed = branch(parent, "DealList")
    element = branch(listed, "ReleaseDeal")
    for number in range(len(draft.tracks) + 1):
        fixed(element, "DealReleaseReference", f"R{number}")
    for model, uses in MODELS.items():
        terms = _terms(element, draft)
        _period(terms, draft.begins, draft.ends)
        _uses(terms, model, uses)
    if draft.preorder is not None and draft.ends is None:
        _preorder(listed, draft, draft.preorder)


def _preorder(parent: Element, draft: Draft, opens: date | datetime) -> None:
    element = branch(parent, "ReleaseDeal")
    fixed(element, "DealReleaseReference", "R0")
    terms = _terms(element, draft)
    begins = draft.begins
    # The end of a period in dates is its last day; of one in moments, the moment when it is over.
    _period(terms, opens, begins if isinstance(begins, datetime) else day_before(begins))
    _uses(terms, "PayAsYouGoModel", MODELS["PayAsYouGoModel"])
    fixed(terms, "IsPreOrderDeal", "true")
    if draft.release.preorder_tracks:
        tracks = branch(terms, "InstantGratificationResourceList")
        for number in sorted(set(draft.release.preorder_tracks)):
            fixed(tracks, "DealResourceReference", f"A{number}")


def _terms(parent: Element, draft: Draft) -> Element:
    terms = branch(branch(parent, "Deal"), "DealTerms")
    release = draft.release
    territories, excluded, _ = chosen_territories(release.territories, release.excluded_territories)
    for code in territories:
        fixed(terms, "TerritoryCode", code)
    for code in excluded:
        fixed(terms, "ExcludedTerritoryCode", code)
    return terms


def _period(terms: Element, begins: date | datetime, ends: date | datetime | None) -> None:
    period = branch(terms, "ValidityPeriod")
    if isinstance(ends, datetime) and not isinstance(begins, datetime):
        # A deal that is taken down at a moment began at one: that of the date's midnight, in UTC.
        begins = datetime.combine(begins, time(), UTC)
    if isinstance(begins, datetime):
        begins = min(begins, ends) if isinstance(ends, datetime) else begins
        fixed(period, "StartDateTime", _written(begins))
        if ends is not None:
            fixed(period, "EndDateTime", _written(ends))
        return
    fixed(period, "StartDate", begins.isoformat())
    if ends is not None:
        fixed(period, "EndDate", ends.isoformat())


def _uses(terms: Element, model: str, uses: tuple[str, ...]) -> None:
    fixed(terms, "CommercialModelType", model)
    for use in uses:
        fixed(terms, "UseType", use)


def _written(when: date) -> str:
    return when.isoformat(timespec="seconds") if isinstance(when, datetime) else when.isoformat()
