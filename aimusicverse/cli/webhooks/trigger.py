"""`amv webhooks trigger`."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.moments import moment
from aimusicverse.cli.webhooks import assignments

app: Final = CommandSet()


def _types(incomplete: str) -> list[str]:
    from aimusicverse.types.event import EVENT_TYPES

    return [type for type in EVENT_TYPES if type.startswith(incomplete)]


@app.command()
def trigger(
    ctx: Context,
    type: Annotated[
        str, typer.Argument(metavar="EVENT", autocompletion=_types, help="Such as generation.completed.")
    ],
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            help="Change the sample: data.status=failed, data.tempo_bpm=80; JSON, else text; repeatable.",
        ),
    ] = None,
) -> None:
    """Make up an event, as if it had happened: to try out who receives it.

    It is marked by "test": true, and goes to your endpoints, and to `amv webhooks listen`. It needs a test
    key, so that nothing that was made up is taken for what happened.

    Example:
        amv webhooks trigger generation.completed --set data.title="Rainy night"
    """
    from aimusicverse.cli.connection import require_running

    data = assignments.read(set_ or ())
    require_running(
        ctx.settings.base_url,
        hint="An event that is made up should reach somebody: start one in another terminal, amv serve.",
    )
    with ctx.client() as client:
        event = client.webhooks.trigger(type, data=data)
    if ctx.output.json:
        ctx.output.object(event)
        return
    ctx.output.record(
        [
            ("id", event.id),
            ("seq", str(event.seq)),
            ("type", event.type),
            ("time", moment(ctx, event.timestamp)),
            ("object", str(event.data.get("id", ""))),
        ]
    )
    ctx.output.next_step(f"amv events get {event.id}")
