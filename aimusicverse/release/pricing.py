"""What it would cost to bring a release to its stores: prices × years × songs, and a part of the revenue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from aimusicverse.release.ai_parts import recorded_parts
from aimusicverse.release.price_table import Price, Prices, known
from aimusicverse.release.release_type import release_type
from aimusicverse.release.rules.case import Track
from aimusicverse.release.targets import DISTRIBUTORS, STORES
from aimusicverse.types.quote import PriceTold, Quote, QuoteLine, QuoteTotal
from aimusicverse.types.release import Release

_CENT: Final = Decimal("0.01")
#: What a quote can be for: a lifetime.
MOST_YEARS: Final = 100
_MOST_REVENUE: Final = Decimal(10) ** 13


class Unpriced(ValueError):
    """A quote that cannot be made as asked.

    Args:
        field: what is wrong: `via`, `plan`, `extras[0]`, `years`, `expected_revenue`, `platforms[0]`.
        message: why, and what there is.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def quote(
    release: Release,
    via: str | None,
    *,
    stores: Sequence[str] = (),
    plan: str | None = None,
    years: int = 1,
    extras: Sequence[str] = (),
    expected_revenue: Decimal | str | int | None = None,
    prices: Prices | None = None,
) -> Quote:
    """What it would cost.

    Sources that do not agree give a range. What is not known is a line without a sum, never nothing.

    Args:
        release: how many songs it has, of which type it is, and whether a machine made some of it.
        via: the distributor; `None`: you deliver by yourself, to `stores`.
        stores: where it is to go.
        plan: of the distributor; its first by default.
        years: for so many.
        extras: by name, like `youtube_content_id`.
        expected_revenue: in all these years, in the currency of the prices. Never a float.
        prices: the table; the one that `price_table.known()` gives by default.

    Raises:
        Unpriced: no such distributor, store, plan or extra; years or a revenue that cannot be.
        PriceFileError: the user's own table cannot be used.
    """
    table = known() if prices is None else prices
    revenue = _revenue(expected_revenue)
    if isinstance(years, bool) or not isinstance(years, int) or not 1 <= years <= MOST_YEARS:
        raise Unpriced("years", f"a whole number from 1 to {MOST_YEARS}")
    payees = _payees(via, stores, table)
    rows = [row for payee in payees for row in table.of(payee)]
    plans = list(dict.fromkeys(row.plan for row in rows if row.plan))
    chosen = _plan(plan, plans, via)
    offered = list(dict.fromkeys(row.extra for row in rows if row.extra))
    for place, extra in enumerate(extras):
        if extra not in offered:
            raise Unpriced(f"extras[{place}]", _there_is(extra, "extra", offered, via))
    kind = release_type(release, [track.duration_seconds for track in release.tracks])
    with_ai = made_with_ai(release)
    due = [
        row
        for row in rows
        if (row.plan in (None, chosen))
        and (row.extra is None or row.extra in extras)
        and (not row.only or kind in row.only)
        and (row.ai is None or with_ai is None or row.ai == with_ai)
    ]
    lines = [_line(group, years=years, songs=len(release.tracks), revenue=revenue) for group in _same(due)]
    notes = _notes(via, payees, table, lines, revenue)
    complete = all(line.lowest is not None for line in lines) and all(table.of(payee) for payee in payees)
    return Quote(
        via=via,
        plan=chosen,
        plans=plans,
        extras=offered,
        years=years,
        tracks=len(release.tracks),
        release_type=kind,
        lines=lines,
        totals=_totals(lines),
        complete=complete and bool(payees),
        verified=all(line.verified for line in lines) and bool(lines),
        notes=notes,
        prices_as_of=min((row.as_of for row in due), default=None),
    )


def made_with_ai(release: Release) -> bool | None:
    """Whether a machine made some of it; `None`: the answers do not say."""
    tracks = (Track(index, recording, release) for index, recording in enumerate(release.tracks))
    parts = {part for track in tracks for part in recorded_parts(track).values()}
    if parts & {"partly", "all"}:
        return True
    return None if None in parts else False


def _revenue(given: Decimal | str | int | None) -> Decimal | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, Decimal | str | int):
        raise Unpriced("expected_revenue", 'decimal text, like "1200.00", and no binary fraction')
    try:
        amount = Decimal(given)
    except InvalidOperation:
        raise Unpriced("expected_revenue", 'decimal text, like "1200.00"') from None
    if not amount.is_finite() or not 0 <= amount < _MOST_REVENUE:
        raise Unpriced("expected_revenue", "from 0 to less than ten trillion")
    return amount


def _payees(via: str | None, stores: Sequence[str], table: Prices) -> list[str]:
    priced = {row.via for row in table.rows}
    for place, store in enumerate(stores):
        if store not in STORES and store not in priced:
            message = f"no store is called {store!r}; there are: {', '.join(STORES)}"
            raise Unpriced(f"platforms[{place}]", message)
    if via is None:
        return list(dict.fromkeys(stores))
    if via not in DISTRIBUTORS and via not in priced:
        message = f"no distributor is called {via!r}; there are: {', '.join(DISTRIBUTORS)}"
        raise Unpriced("via", message)
    return [via]


def _plan(asked: str | None, plans: list[str], via: str | None) -> str | None:
    if asked is None:
        return plans[0] if plans else None
    if asked not in plans:
        raise Unpriced("plan", _there_is(asked, "plan", plans, via))
    return asked


def _there_is(asked: str, what: str, known_ones: list[str], via: str | None) -> str:
    known_ones = known_ones or ["none"]
    return f"no {what} of {via or 'these stores'} is called {asked!r}; there are: {', '.join(known_ones)}"


def _same(rows: Iterable[Price]) -> Iterable[list[Price]]:
    """Rows that are the same price by several sources, or in several cases, each with its likes."""
    groups: dict[tuple[object, ...], list[Price]] = defaultdict(list)
    for row in rows:
        by_ai = () if row.ai is None else ("ai",)
        label = row.per if row.ai is not None else row.label
        groups[row.via, row.plan, row.extra, row.per, row.currency, label, by_ai].append(row)
    return groups.values()


def _line(rows: list[Price], *, years: int, songs: int, revenue: Decimal | None) -> QuoteLine:
    first = rows[0]
    times = {"year": years, "release_year": years, "song": songs, "song_year": songs * years}.get(
        first.per, 1
    )
    sums: list[Decimal] = []
    for row in rows:
        if row.amount is not None and row.per == "revenue":
            if revenue is not None:
                sums.append(_money(revenue * row.amount / 100))
        elif row.amount is not None:
            sums.append(_money(row.amount * times))
    known_all = len(sums) == len(rows)
    return QuoteLine(
        label=" or ".join(dict.fromkeys(row.label for row in rows)),
        plan=first.plan,
        extra=first.extra,
        per=first.per,
        times=times,
        currency=first.currency,
        lowest=min(sums) if sums else None,
        highest=max(sums) if known_all and not any(row.at_least for row in rows) else None,
        sources=[
            PriceTold(
                amount=row.amount,
                source=row.source,
                as_of=row.as_of,
                evidence=row.evidence,
                verified=row.verified,
            )
            for row in rows
        ],
        verified=all(row.verified for row in rows),
        note=next((row.note for row in rows if row.note), None),
    )


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _totals(lines: list[QuoteLine]) -> list[QuoteTotal]:
    totals = []
    for currency in dict.fromkeys(line.currency for line in lines):
        mine = [line for line in lines if line.currency == currency]
        highest = [line.highest for line in mine if line.highest is not None]
        totals.append(
            QuoteTotal(
                currency=currency,
                lowest=sum((line.lowest for line in mine if line.lowest is not None), Decimal("0.00")),
                highest=sum(highest, Decimal("0.00")) if len(highest) == len(mine) else None,
            )
        )
    return totals


def _notes(
    via: str | None, payees: list[str], table: Prices, lines: list[QuoteLine], revenue: Decimal | None
) -> list[str]:
    notes = []
    if not payees:
        notes.append("Without a distributor and without stores there is nothing to pay.")
    for payee in payees:
        if not table.of(payee):
            notes.append(
                f"No price of {payee} is known: ask there, or write it into a prices.toml of your own."
            )
    if any(line.per == "revenue" for line in lines) and revenue is None:
        notes.append("A part of what comes in is kept; say what you expect to see how much.")
    if any(line.lowest is None for line in lines if line.per != "revenue"):
        notes.append("Some of it is not known, and in no total.")
    if any(not line.verified for line in lines):
        notes.append("Prices that are not verified come from third parties: look before you pay.")
    return notes
