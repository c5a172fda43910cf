"""A distribution as people and pipes read it: what it is, then a row a store."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from aimusicverse.cli import release_time
from aimusicverse.cli.moments import ahead, moment
from aimusicverse.cli.safe_text import one_line

if TYPE_CHECKING:
    from aimusicverse.cli.context import Context
    from aimusicverse.types import Distribution, StoreDelivery

HEADINGS: Final = ("store", "by", "mode", "status", "streams", "what")
#: SGR codes, where a status has a colour.
COLOURS: Final = {
    "live": "32",
    "scheduled": "36",
    "failed": "31",
    "rejected": "31",
    "action_required": "33",
    "paused": "33",
}
#: What rich calls them.
STYLES: Final = {"31": "red", "32": "green", "33": "yellow", "36": "cyan"}


def mode_word(mode: str) -> str:
    """The mode as it stands in headings: LIVE is not to be overlooked."""
    return "LIVE" if mode == "live" else mode


def row(ctx: Context, delivery: StoreDelivery) -> tuple[str, str, str, str, str, str]:
    """The cells of one store."""
    return (
        delivery.platform,
        delivery.connector,
        mode_word(delivery.mode),
        status_word(delivery),
        "" if delivery.streams is None else str(delivery.streams),
        what(ctx, delivery),
    )


def status_word(delivery: StoreDelivery) -> str:
    """The status, and how far an upload is."""
    if delivery.status == "uploading" and delivery.progress is not None:
        return f"uploading {delivery.progress:.0%}"
    return delivery.status


def what(ctx: Context, delivery: StoreDelivery) -> str:
    """What there is to know of it: why not, when again, where."""
    parts = []
    if delivery.problem is not None:
        field = f"{delivery.problem.field}: " if delivery.problem.field else ""
        parts.append(f"{field}{delivery.problem.message}")
        if delivery.problem.hint:
            parts.append(delivery.problem.hint)
    if delivery.next_attempt_at is not None and delivery.attempts > 0:
        parts.append(f"try {delivery.attempts + 1} {ahead(ctx, delivery.next_attempt_at)}")
    if delivery.status == "live" and delivery.external_url:
        parts.append(delivery.external_url)
    return " · ".join(parts)


def show(ctx: Context, distribution: Distribution, *, next_step: bool = True) -> None:
    """Print it: as JSON when asked, else its facts and a row a store, and what one would do next."""
    if ctx.output.json:
        ctx.output.object(distribution)
        return
    ctx.output.record(facts(ctx, distribution))
    if ctx.output.to_terminal:
        ctx.output.line("")
    ctx.output.table(HEADINGS, [row(ctx, one) for one in distribution.deliveries], gives_way="what")
    if next_step:
        tell_next(ctx, distribution)


def facts(ctx: Context, distribution: Distribution) -> list[tuple[str, str | None]]:
    """What concerns all of its stores."""
    at = release_time.of_metadata(distribution.release_at, distribution.metadata)
    return [
        ("id", distribution.id),
        ("title", distribution.title),
        ("mode", mode_word(distribution.mode)),
        ("status", distribution.status),
        ("by", distribution.via),
        ("release", _moment(ctx, at) if at is not None else "as soon as the stores are ready"),
        ("tracks", ", ".join(distribution.track_ids) or None),
        ("artwork", distribution.artwork_id),
        ("revision", str(distribution.revision)),
        ("etag", distribution.etag),
        ("submitted", None if distribution.submitted_at is None else moment(ctx, distribution.submitted_at)),
        ("created", moment(ctx, distribution.created_at)),
    ]


def heading(distribution: Distribution) -> str:
    """Title, id and mode in a line."""
    return f"{one_line(distribution.title)}  {distribution.id}  {mode_word(distribution.mode)}"


def tell_next(ctx: Context, distribution: Distribution) -> None:
    """What one would type now, to a person."""
    states = {one.status for one in distribution.deliveries}
    name = distribution.id
    if "draft" in states:
        ctx.output.next_step(f"amv distributions submit {name}")
    elif states & {"failed", "rejected"}:
        ctx.output.next_step(
            f"amv distributions update {name} --set FIELD=VALUE && amv distributions retry {name}"
        )
    elif "action_required" in states:
        kits = [one.platform for one in distribution.deliveries if one.package_url]
        if kits:
            ctx.output.next_step(f"amv distributions package {name} {kits[0]}")
        else:
            ctx.output.next_step(f"amv distributions confirm {name}, or retry {name}")
    elif "paused" in states:
        ctx.output.next_step(f"amv distributions resume {name}")
    elif states - {"live", "cancelled", "taken_down"}:
        ctx.output.next_step(f"amv distributions watch {name}")


def coloured(ctx: Context, delivery: StoreDelivery) -> str:
    """The status in its colour, where a terminal shows it."""
    code = COLOURS.get(delivery.status)
    word = status_word(delivery)
    return ctx.output.styled(word, code, sys.stdout) if code else word


def _moment(ctx: Context, at: object) -> str:
    from datetime import datetime

    from aimusicverse.types.base import rfc3339

    assert isinstance(at, datetime)  # noqa: S101 - for mypy
    return release_time.told(at) if ctx.output.to_terminal else f"{rfc3339(at)} ({release_time.told(at)})"
