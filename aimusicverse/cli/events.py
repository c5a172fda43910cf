"""`amv events`: what happened, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.command import group
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import Interrupted
from aimusicverse.cli.moments import age, moment
from aimusicverse.cli.safe_text import one_line
from aimusicverse.cli.typed import Limit

if TYPE_CHECKING:
    from aimusicverse.types import Event

app: Final = group("What happened, in order.")

_HELD_SECONDS = 30


@app.command("list")
def list_events(
    ctx: Context,
    after: Annotated[int, typer.Option("--after", metavar="SEQ", help="Only what came after this one.")] = 0,
    type: Annotated[
        str | None, typer.Option("--type", metavar="NAME", help="Such as generation.completed.")
    ] = None,
    limit: Limit = 30,
    follow: Annotated[bool, typer.Option("--follow", help="Go on, one event a line, until Ctrl-C.")] = False,
) -> None:
    """List events in the order in which they happened.

    Example:
        amv events list --type generation.completed --follow --json
    """
    with ctx.client() as client:
        if follow:
            _follow(ctx, client, after, type, limit)
            return
        page = client.webhooks.events(after=after, limit=limit, type=type)
    ctx.show_page(
        page,
        {
            "seq": lambda event: str(event.seq),
            "time": lambda event: age(ctx, event.timestamp),
            "type": lambda event: event.type,
            "object": _subject,
            "id": lambda event: event.id,
        },
    )


@app.command()
def get(ctx: Context, event_id: Annotated[str, typer.Argument(metavar="ID", help="evt_…")]) -> None:
    """Show an event with all it carries, as JSON.

    Example:
        amv events get evt_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        ctx.output.object(client.webhooks.event(event_id))


def _follow(ctx: Context, client: Any, after: int, type: str | None, limit: int) -> None:
    try:
        while True:
            page = client.webhooks.events(after=after, limit=limit, type=type, wait=_HELD_SECONDS)
            for event in page.data:
                _print(ctx, event)
                after = event.seq
            after = max(after, page.last_seq)
    except KeyboardInterrupt as interrupt:
        kind = ["--type", type] if type else []
        raise Interrupted(
            "interrupted",
            exit_code=getattr(interrupt, "exit_code", exits.INTERRUPTED),
            hint=f"Resume: {ctx.line('events', 'list', '--after', str(after), *kind, '--follow')}",
        ) from None


def _print(ctx: Context, event: Event) -> None:
    if ctx.output.json:
        from aimusicverse.cli.output import to_json

        ctx.output.line(to_json(event))
    else:
        cells = [str(event.seq), moment(ctx, event.timestamp), event.type, _subject(event), event.id]
        ctx.output.line(("  " if ctx.output.to_terminal else "\t").join(one_line(cell) for cell in cells))


def _subject(event: Event) -> str:
    return str(event.data.get("id", ""))
