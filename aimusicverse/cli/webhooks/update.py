"""`amv webhooks update`."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.typed import value
from aimusicverse.cli.webhooks import own_headers, patterns, schedules
from aimusicverse.cli.webhooks.create import Description
from aimusicverse.cli.webhooks.webhook_view import WebhookId, show_webhook

app: Final = CommandSet()

IfMatch = Annotated[
    str | None,
    typer.Option("--if-match", metavar="ETAG", help="Only if nobody changed it since: its etag then."),
]


@app.command()
def update(
    ctx: Context,
    webhook_id: WebhookId,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Where events go from now on.")
    ] = None,
    events: patterns.Events = None,
    description: Description = None,
    header: own_headers.Plain = None,
    header_env: own_headers.FromEnvironment = None,
    no_headers: Annotated[bool, typer.Option("--no-headers", help="No headers of its own any more.")] = False,
    schedule: schedules.Option = None,
    enabled: Annotated[
        bool | None, typer.Option("--enable/--disable", help="Send there, or nothing more for now.")
    ] = None,
    if_match: IfMatch = None,
) -> None:
    """Change an endpoint, enable or disable it. What waits for it goes where it is then.

    --events and --header name all of them from now on. What happened while it was disabled stays in the log:
    see `amv webhooks replay`.

    Example:
        amv webhooks update whk_0mYdJ1x0FzbcL5Vn4zQ --enable
        amv webhooks update whk_0mYdJ1x0FzbcL5Vn4zQ --events generation.completed,generation.failed
    """
    headers = own_headers.read(header, header_env)
    if no_headers and headers is not None:
        raise UsageProblem("--no-headers and --header contradict each other")
    if no_headers:
        headers = {}
    wanted = patterns.checked(events) if events else None
    if all(one is None for one in (url, wanted, description, headers, schedule, enabled)):
        raise UsageProblem(
            "nothing to change",
            hint="Give --url, --events, --description, --header, --schedule, --enable or --disable.",
        )
    with ctx.client() as client:
        changed = client.webhooks.update(
            webhook_id,
            url=None if url is None else url.strip(),
            events=wanted,
            description=description,
            headers=headers,
            retry_schedule=value(schedule),
            enabled=enabled,
            if_match=if_match,
        )
    show_webhook(ctx, changed)
