"""Quotes: what it would cost to bring a release to its stores. Sums are decimal, never binary, fractions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer

#: How often a price is due.
Per = Literal["year", "release", "release_year", "song", "song_year", "revenue"]


class PriceTold(Answer):
    """A price as one source has it."""

    amount: Decimal | None = Field(
        description="A decimal string, of `currency`; percent where it is a part of the revenue. "
        "`null`: there is such a price, and nobody of ours knows it."
    )
    source: str
    as_of: date
    evidence: str
    verified: bool


class QuoteLine(Answer):
    """One thing that is to be paid."""

    label: str
    plan: str | None = Field(default=None, description="The plan that it belongs to.")
    extra: str | None = Field(default=None, description="The extra that it is.")
    per: Per | str = Field(description="`revenue`: a part of what comes in, in percent.")
    times: int = Field(description="How often it is due in all these years, for all these songs.")
    currency: str
    lowest: Decimal | None = Field(description="Of the whole line. `null`: not known.")
    highest: Decimal | None = Field(description="`null`: not known, or only where it begins is.")
    sources: list[PriceTold] = Field(description="Several: they do not agree, or it depends.")
    verified: bool = Field(description="Whether all of its sources are.")
    note: str | None = None


class QuoteTotal(Answer):
    """The lines of one currency together, without those whose sum is not known."""

    currency: str
    lowest: Decimal
    highest: Decimal | None = Field(description="`null`: there is no known end.")


class Quote(Answer):
    """What it would cost."""

    via: str | None = Field(description="The distributor; `null`: you deliver by yourself.")
    plan: str | None = None
    plans: list[str] = Field(default=[], description="All plans that there are.")
    extras: list[str] = Field(default=[], description="All extras that there are.")
    years: int
    tracks: int
    release_type: str = Field(description="`single`, `ep` or `album`: prices may depend on it.")
    lines: list[QuoteLine]
    totals: list[QuoteTotal] = Field(description="One for each currency; nothing is converted.")
    complete: bool = Field(description="Whether every line has a sum: else the totals are too low.")
    verified: bool = Field(description="Whether every price is: else look before you pay.")
    notes: list[str] = Field(default=[], description="What the figures leave out.")
    prices_as_of: date | None = Field(description="Of the oldest price in it.")
