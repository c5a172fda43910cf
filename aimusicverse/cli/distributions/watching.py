"""Looking on while a distribution is on its way: a table that moves, lines in a pipe, or JSON lines."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.distributions import view
from aimusicverse.cli.going_on import going_on
from aimusicverse.cli.safe_text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aimusicverse.cli.context import Context
    from aimusicverse.client import Client
    from aimusicverse.types import Distribution, StoreDelivery

#: Where a release is not, and somebody has to do something.
_NOT_THERE = frozenset({"failed", "rejected", "action_required"})


def watch(
    ctx: Context,
    client: Client,
    distribution: Distribution,
    *,
    until: Literal["live"] | None = None,
    timeout: float | None = None,
) -> None:
    """Look on until it has come to an end at each store.

    Args:
        ctx: of the command.
        client: of the server that brings it there.
        distribution: as it is now.
        until: `live`: what is scheduled is waited for, too.
        timeout: seconds; None is as long as it takes.

    Raises:
        Interrupted: Ctrl-C and the like; the distribution goes on.
        CommandError: the time is up, or the server is gone.
        Exit: 1: some store did not take it, or waits for a person.
    """
    words = ["distributions", "watch", distribution.id, *(["--until", "live"] if until else [])]
    with going_on(lambda: ctx.line(*words), lambda: f"{distribution.id} goes on"), _shown(ctx) as show:
        done = client.distributions.wait(distribution, timeout, until=until, on_progress=show)
    if not ctx.output.json:
        view.tell_next(ctx, done)
    if _NOT_THERE & {delivery.status for delivery in done.deliveries}:
        raise typer.Exit(exits.FAILED)


def _shown(ctx: Context) -> AbstractContextManager[Callable[[Distribution], None]]:
    if ctx.output.json:
        from aimusicverse.cli.output import to_json

        return nullcontext(lambda seen: ctx.output.line(to_json(seen)))
    if ctx.output.to_terminal:
        return _Moving(ctx)
    return nullcontext(_Lines(ctx))


class _Lines:
    """A line for each move of each store: time, mode, store, status, what there is to know."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._last: dict[str, tuple[str, ...]] = {}

    def __call__(self, seen: Distribution) -> None:
        from aimusicverse.types.base import rfc3339

        for delivery in seen.deliveries:
            cells = (
                delivery.mode,
                delivery.platform,
                view.status_word(delivery),
                view.what(self._ctx, delivery),
            )
            if self._last.get(delivery.platform) != cells:
                self._last[delivery.platform] = cells
                line = (rfc3339(delivery.updated_at), *cells)
                self._ctx.output.line("\t".join(one_line(cell) for cell in line))


class _Moving:
    """A table on a terminal. What it showed last stays there."""

    def __init__(self, ctx: Context) -> None:
        from rich.live import Live

        self._ctx = ctx
        self._live = Live(console=ctx.output.console(sys.stdout), auto_refresh=False)

    def __enter__(self) -> Callable[[Distribution], None]:
        self._live.start()
        return self.show

    def __exit__(self, *exc: object) -> None:
        with suppress(OSError):  # the terminal may be what has gone
            self._live.stop()

    def show(self, seen: Distribution) -> None:
        """The table as of now."""
        self._live.update(_table(self._ctx, seen), refresh=True)


def _table(ctx: Context, seen: Distribution) -> Any:
    from rich.table import Table
    from rich.text import Text

    now = f"{datetime.now().astimezone():%H:%M:%S %z}"
    table = Table(
        title=Text(f"{view.heading(seen)}  {seen.status}  {now}"),
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    for name in view.HEADINGS:
        table.add_column(
            name.upper(), overflow="fold" if name == "what" else "ellipsis", no_wrap=name != "what"
        )
    for delivery in seen.deliveries:
        table.add_row(*_cells(ctx, delivery))
    return table


def _cells(ctx: Context, delivery: StoreDelivery) -> Iterator[Any]:
    from rich.text import Text

    style = view.STYLES.get(view.COLOURS.get(delivery.status, ""), "")
    for name, cell in zip(view.HEADINGS, view.row(ctx, delivery), strict=True):
        yield Text(one_line(cell), style=style if name == "status" else "")
