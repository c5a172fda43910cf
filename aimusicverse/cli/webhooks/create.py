"""`amv webhooks create`."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.typed import value
from aimusicverse.cli.webhooks import env_file as env_files
from aimusicverse.cli.webhooks import own_headers, patterns, schedules
from aimusicverse.cli.webhooks.webhook_view import show_new_secret

app: Final = CommandSet()

Description = Annotated[
    str | None, typer.Option("--description", metavar="TEXT", help="Up to 2,000 characters.")
]


@app.command()
def create(
    ctx: Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Where events are to be sent: https://…")],
    events: patterns.Events = None,
    description: Description = None,
    header: own_headers.Plain = None,
    header_env: own_headers.FromEnvironment = None,
    schedule: schedules.Option = None,
    env_file: env_files.EnvFile = None,
) -> None:
    """Make an endpoint, and print its secret once.

    It gets an event endpoint.test at once.

    Example:
        amv webhooks create https://app.example.com/hook --events 'generation.*' --env-file .env
    """
    wanted = patterns.checked(events)
    headers = own_headers.read(header, header_env)
    place = env_files.place(env_file)
    with ctx.client() as client:
        made = client.webhooks.create(
            url.strip(),
            events=wanted,
            description=description,
            headers=headers,
            retry_schedule=value(schedule) or "fast",
        )
    show_new_secret(ctx, made, place)
    ctx.output.next_step(f"amv webhooks deliveries {made.id}")
