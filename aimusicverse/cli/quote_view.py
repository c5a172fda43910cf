"""A quote as people and pipes read it: a row a price, then what they come to."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from aimusicverse.cli.context import Context

if TYPE_CHECKING:
    from aimusicverse.types.quote import Quote, QuoteLine

_DUE: Final = {
    "year": "a year",
    "release": "once",
    "release_year": "a release and year",
    "song": "a song",
    "song_year": "a song and year",
    "revenue": "of the revenue",
}
HEADINGS: Final = ("what", "due", "sum", "sure", "source")


def show(ctx: Context, quote: Quote) -> None:
    """Print it: as JSON when asked, else its lines, totals and notes."""
    if ctx.output.json:
        ctx.output.object(quote)
        return
    ctx.output.table(HEADINGS, rows(quote), gives_way="source")
    for note in quote.notes:
        ctx.output.note(note)
    if len(quote.plans) > 1:
        ctx.output.note(f"Plans: {', '.join(quote.plans)}; this is {quote.plan}.")
    if quote.extras:
        ctx.output.note(f"Extras: {', '.join(quote.extras)}.")


def rows(quote: Quote) -> list[tuple[str, str, str, str, str]]:
    """A row a price, and one for what they come to in each currency."""
    found = [_row(line) for line in quote.lines]
    for total in quote.totals:
        amount = _range(total.lowest, total.highest, total.currency)
        sure = "" if quote.verified else "not verified"
        found.append(("total", f"{quote.years} years" if quote.years > 1 else "1 year", amount, sure, ""))
    return found


def _row(line: QuoteLine) -> tuple[str, str, str, str, str]:
    due = _DUE.get(line.per, line.per)
    if line.per == "revenue":
        shares = [price.amount for price in line.sources if price.amount is not None]
        due = f"{' or '.join(f'{share} %' for share in dict.fromkeys(shares))} {due}".strip()
    elif line.times > 1:
        due = f"{due} × {line.times}"
    sources = "; ".join(
        dict.fromkeys(f"{price.source} ({price.as_of.isoformat()})" for price in line.sources)
    )
    sure = "" if line.verified else "not verified"
    note = f"{line.note} " if line.note else ""
    return line.label, due, _range(line.lowest, line.highest, line.currency), sure, f"{note}{sources}"


def _range(lowest: Decimal | None, highest: Decimal | None, currency: str) -> str:
    if lowest is None:
        return "not known"
    if highest is None:
        return f"from {lowest} {currency}"
    return f"{lowest} {currency}" if lowest == highest else f"{lowest} to {highest} {currency}"
