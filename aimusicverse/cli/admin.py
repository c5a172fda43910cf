"""`amv admin`: how the server is, and what is asked of it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.command import group
from aimusicverse.cli.context import Context
from aimusicverse.cli.moments import age
from aimusicverse.cli.typed import From, To, since
from aimusicverse.cli.usage_view import check_one_form, show_figures, write_csv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimusicverse.types.admin_usage import AdminUsage
    from aimusicverse.types.alert import AlertReport
    from aimusicverse.types.usage import UsageFigures

app: Final = group("How the server is, and what is asked of it; for its admins.")

#: As much as the API tells at once.
_MOST: Final = 100


class By(StrEnum):
    """By what requests are told apart."""

    USER = "user"
    ENDPOINT = "endpoint"
    SLOW = "slow"
    TIME = "time"


@app.command()
def usage(
    ctx: Context,
    by: Annotated[
        By,
        typer.Option("--by", help="What a line is; slow: the slowest endpoints, time: hours or days."),
    ] = By.USER,
    from_: From = None,
    to: To = None,
    csv: Annotated[bool, typer.Option("--csv", help="For a spreadsheet.")] = False,
) -> None:
    """Show what everybody asked: by user, by endpoint, over time.

    Example:
        amv admin usage --by slow --from 7d
    """
    check_one_form(ctx, csv)
    with ctx.client() as client:
        found = client.admin.usage(from_=since(from_), to=since(to), limit=_MOST)
    headings, rows = _chosen(by, found)
    if ctx.output.json:
        ctx.output.object(found)
    elif csv:
        write_csv(ctx, headings, rows)
    else:
        show_figures(ctx, headings, rows)
        total = found.total
        share = "" if found.sdk_share is None else f", {found.sdk_share:.0%} with this SDK"
        ctx.output.note(
            f"{found.active_users} of {found.users} users, {total.requests} requests, {total.errors} errors "
            f"({total.server_errors} of the server), {total.limit_hits} over a limit{share}"
        )
        if found.keys:
            ctx.output.next_step("amv admin keys")


@app.command()
def health(ctx: Context) -> None:
    """Show how the server is: what was looked at, and what to do about it.

    Example:
        amv admin health
    """
    with ctx.client() as client:
        found = client.admin.health()
    if ctx.output.json:
        ctx.output.object(found)
        return
    ctx.output.table(
        ["check", "status", "detail"],
        ([check.name, check.status, check.detail] for check in found.checks),
        gives_way="detail",
    )
    if ctx.output.chatty:
        for process in found.processes:
            does = [
                *(["answers"] if process.answers else []),
                *([f"{process.slots} jobs"] * bool(process.slots)),
            ]
            ctx.output.note(
                f"{process.name} on {process.host} ({process.pid}), {', '.join(does) or 'idle'}, "
                f"seen {process.seen_seconds_ago:.0f} s ago"
            )


@app.command()
def alerts(
    ctx: Context,
    rules: Annotated[
        bool, typer.Option("--rules", help="What is watched instead, and what it measures now.")
    ] = False,
) -> None:
    """Show what is out of order, and what was.

    Example:
        amv admin alerts --json
    """
    with ctx.client() as client:
        found = client.admin.alerts()
    if rules and not ctx.output.json:
        _show_rules(ctx, found)
        return
    if ctx.output.json:
        ctx.output.object(found)
        return
    ctx.show_page(
        {"data": found.data, "next_cursor": None},
        {
            "id": lambda alert: alert.id,
            "status": lambda alert: alert.status,
            "raised": lambda alert: age(ctx, alert.raised_at),
            "cleared": lambda alert: "" if alert.cleared_at is None else age(ctx, alert.cleared_at),
            "rule": lambda alert: alert.rule,
            "message": lambda alert: alert.message,
        },
        gives_way="message",
    )


@app.command()
def keys(ctx: Context) -> None:
    """Show API keys that deserve a look: never used, old, or suddenly busy.

    Example:
        amv admin keys
    """
    with ctx.client() as client:
        found = client.admin.usage(limit=_MOST).keys
    ctx.show_page(
        {"data": found, "next_cursor": None},
        {
            "id": lambda key: key.key_id,
            "reason": lambda key: key.reason,
            "user": lambda key: key.user_name,
            "used": lambda key: "never" if key.last_used_at is None else age(ctx, key.last_used_at),
            "detail": lambda key: key.detail,
            "name": lambda key: key.key_name,
        },
        gives_way="name",
    )
    if found:
        ctx.output.next_step(f"amv users suspend {found[0].key_id}")


def _chosen(by: By, found: AdminUsage) -> tuple[list[str], Sequence[tuple[list[str], UsageFigures]]]:
    """Headings and rows of the table that is wanted."""
    from aimusicverse.types.base import rfc3339

    if by is By.USER:
        nobody = "(no valid key)"
        return ["id", "tier", "user"], [
            ([one.user_id or "", one.tier or "", one.user_name or ("" if one.user_id else nobody)], one)
            for one in found.by_user
        ]
    if by is By.TIME:
        return ["start"], [([rfc3339(one.start)], one) for one in found.volume]
    endpoints = found.slow_endpoints if by is By.SLOW else found.endpoints
    return ["endpoint"], [([one.endpoint], one) for one in endpoints]


def _show_rules(ctx: Context, found: AlertReport) -> None:
    rows: list[list[str]] = []
    for rule in found.rules:

        def told(value: float | None, unit: str = rule.unit) -> str:
            if value is None:
                return "-"
            return f"{value:.1%}" if unit == "share" else f"{value:.1f} s"

        limit = f"{'>' if rule.direction == 'above' else '<'} {told(rule.threshold)}"
        for reading in rule.readings:
            state = "raised" if reading.raised else "ok"
            rows.append(
                [rule.rule, reading.subject or "", told(reading.value), limit, state, rule.description]
            )
        if not rule.readings:
            rows.append([rule.rule, "", "-", limit, "ok", rule.description])
    ctx.output.table(
        ["rule", "subject", "now", "alert at", "state", "description"], rows, gives_way="description"
    )
