"""Figures of usage as a table with bars, and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from aimusicverse.cli.errors import UsageProblem

if TYPE_CHECKING:
    from aimusicverse.cli.context import Context
    from aimusicverse.types.usage import UsageFigures

BAR_CELLS = 20
#: An eighth of a cell more each.
_EIGHTHS = " ▏▎▍▌▋▊▉█"
#: What a spreadsheet would run as a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_HEADINGS = ("requests", "", "errors", "limited", "p50 ms", "p95 ms", "p99 ms", "sent")


def check_one_form(ctx: Context, csv: bool) -> None:
    """Raises `UsageProblem` when two forms are asked for at once."""
    if csv and ctx.output.json:
        raise UsageProblem("--csv and --json are two different forms", hint="Choose one of them.")


def show_figures(
    ctx: Context, headings: Sequence[str], rows: Sequence[tuple[Sequence[str], UsageFigures]]
) -> None:
    """A line for each: what it is, its requests with a bar on a terminal, and the rest.

    Args:
        ctx: of the command.
        headings: of what it is; the last one gives way where a terminal ends.
        rows: what it is, and its figures.
    """
    with_bars = ctx.output.to_terminal
    most = max((figures.requests for _, figures in rows), default=0)
    shown = [heading for heading in _HEADINGS if heading or with_bars]
    ctx.output.table(
        [*headings, *shown],
        (
            [
                *what,
                str(figures.requests),
                *([bar(figures.requests, most)] if with_bars else []),
                str(figures.errors),
                str(figures.limit_hits),
                *(_milliseconds(ctx, part) for part in _percentiles(figures)),
                _size(ctx, figures.bytes_sent),
            ]
            for what, figures in rows
        ),
        gives_way=headings[-1],
    )


def write_csv(ctx: Context, names: Sequence[str], rows: Iterable[tuple[Sequence[Any], UsageFigures]]) -> None:
    """The same as CSV (RFC 4180) with a line of names; nothing in it can be taken for a formula."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    figures_names = ("requests", "errors", "server_errors", "limit_hits", "bytes_sent")
    writer.writerow([*names, *figures_names, "p50_ms", "p95_ms", "p99_ms", "mean_ms"])
    for what, figures in rows:
        numbers = [getattr(figures, name) for name in figures_names]
        latencies = (*_percentiles(figures), figures.latency_ms.mean)
        writer.writerow([*map(_harmless, what), *numbers, *("" if ms is None else ms for ms in latencies)])
    ctx.output.line(text.getvalue().removesuffix("\r\n"))


def bar(value: int, most: int) -> str:
    """`value` as a bar; what is above nothing can be seen."""
    eighths = round(value / most * BAR_CELLS * 8) if most else 0
    if value and not eighths:
        eighths = 1
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def _percentiles(figures: UsageFigures) -> tuple[float | None, ...]:
    return figures.latency_ms.p50, figures.latency_ms.p95, figures.latency_ms.p99


def _milliseconds(ctx: Context, value: float | None) -> str:
    if value is None:
        return "-" if ctx.output.to_terminal else ""
    return f"{value:.3g}" if value < 100 and ctx.output.to_terminal else f"{value:g}"


def _size(ctx: Context, count: float) -> str:
    if not ctx.output.to_terminal:
        return str(count)
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
