"""`amv webhooks rotate`."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.typed import seconds
from aimusicverse.cli.webhooks import env_file as env_files
from aimusicverse.cli.webhooks.webhook_view import WebhookId, show_new_secret

app: Final = CommandSet()


@app.command()
def rotate(
    ctx: Context,
    webhook_id: WebhookId,
    overlap: Annotated[
        float | None,
        typer.Option(
            "--overlap", parser=seconds, metavar="TIME", help="How long the old secret signs too; 24h."
        ),
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="The old secret ends at once.")] = False,
    env_file: env_files.EnvFile = None,
) -> None:
    """Make a new secret, and print it once; for a day messages are signed with the old one too.

    Example:
        amv webhooks rotate whk_0mYdJ1x0FzbcL5Vn4zQ --overlap 2h
    """
    if now and overlap is not None:
        raise UsageProblem("--now and --overlap contradict each other")
    place = env_files.place(env_file)
    with ctx.client() as client:
        made = client.webhooks.rotate_secret(webhook_id, overlap=0 if now else overlap)
    show_new_secret(ctx, made, place)
