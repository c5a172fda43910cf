"""`amv usage`: what you asked, how quickly it went, and what failed."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.typed import From, To, since
from aimusicverse.cli.usage_view import check_one_form, show_figures, write_csv

if TYPE_CHECKING:
    from aimusicverse.types.usage import UsageFigures, UsageGroup, UsageStats

app: Final = CommandSet()


class By(StrEnum):
    """By what requests are told apart."""

    ENDPOINT = "endpoint"
    KEY = "key"
    HOUR = "hour"
    DAY = "day"


@app.command()
def usage(
    ctx: Context,
    by: Annotated[By, typer.Option("--by", help="What a line is.")] = By.ENDPOINT,
    from_: From = None,
    to: To = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="ID", help="key_…: only what was asked with this one.")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="For a spreadsheet.")] = False,
) -> None:
    """Show what you asked, how quickly it went, and what failed.

    Requests of the last day, by the day of the last 30 days, of all your keys. Times of answers are those of
    the server, without what a long poll waits. Hours and days begin in UTC.

    Example:
        amv usage --by day --from 90d
    """
    check_one_form(ctx, csv)
    with ctx.client() as client:
        found = client.account.usage(from_=since(from_), to=since(to), group_by=by.value, api_key=key)
    if ctx.output.json:
        ctx.output.object(found)
    elif csv:
        names = (
            ("key_id", "key_name")
            if by is By.KEY
            else ("start", "seconds")
            if _is_time(by)
            else ("endpoint",)
        )
        write_csv(ctx, names, [(_exactly(by, group), group) for group in found.data])
    else:
        _show(ctx, by, found)


def _show(ctx: Context, by: By, found: UsageStats) -> None:
    groups: list[tuple[list[str], UsageFigures]] = [(_told(ctx, by, group), group) for group in found.data]
    if _is_time(by) and ctx.output.to_terminal:
        groups = _with_gaps(ctx, by, found.data)
    headings = ["id", "key"] if by is By.KEY else [by.value]
    show_figures(ctx, headings, groups)
    total = found.total
    if not total.requests:
        return
    share = "" if found.sdk_share is None else f", {found.sdk_share:.0%} with this SDK"
    latency = "" if total.latency_ms.p95 is None else f", p95 {total.latency_ms.p95:g} ms"
    ctx.output.note(
        f"{total.requests} requests, {total.errors} errors, {total.limit_hits} over a limit{latency}{share}"
    )


def _is_time(by: By) -> bool:
    return by in (By.HOUR, By.DAY)


def _told(ctx: Context, by: By, group: UsageGroup) -> list[str]:
    if by is By.KEY:
        return [group.key_id or "", group.key_name or ""]
    if by is By.ENDPOINT:
        return [group.endpoint or ""]
    return [_time(ctx, group.start, group.seconds)]


def _exactly(by: By, group: UsageGroup) -> list[str | int]:
    from aimusicverse.types.base import rfc3339

    if by is By.KEY:
        return [group.key_id or "", group.key_name or ""]
    if by is By.ENDPOINT:
        return [group.endpoint or ""]
    return ["" if group.start is None else rfc3339(group.start), group.seconds or 0]


def _time(ctx: Context, start: datetime | None, seconds: int | None) -> str:
    """An hour where one is; a day as UTC has it."""
    from aimusicverse.types.base import rfc3339

    if start is None:
        return ""
    if not ctx.output.to_terminal:
        return rfc3339(start)
    return f"{start:%Y-%m-%d}" if seconds == 86_400 else f"{start.astimezone():%Y-%m-%d %H:%M}"


def _with_gaps(ctx: Context, by: By, data: list[UsageGroup]) -> list[tuple[list[str], UsageFigures]]:
    """With a line for each hour or day from the first to the last: a gap should be seen to be one."""
    from aimusicverse.types.usage import Latency, UsageFigures

    nothing = UsageFigures(
        requests=0, errors=0, server_errors=0, limit_hits=0, bytes_sent=0, latency_ms=Latency()
    )
    rows: list[tuple[list[str], UsageFigures]] = []
    expected: datetime | None = None
    for group in data:
        step = timedelta(seconds=group.seconds or 3600)
        while expected is not None and group.start is not None and expected < group.start:
            rows.append(([_time(ctx, expected, group.seconds)], nothing))
            expected += step
        rows.append((_told(ctx, by, group), group))
        expected = None if group.start is None else group.start + step
    return rows
