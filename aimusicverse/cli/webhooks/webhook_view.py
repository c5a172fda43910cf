"""How endpoints look: a row in a list, one by itself, and a new one with its secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from aimusicverse.cli.moments import age, moment
from aimusicverse.cli.webhooks import env_file as env_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aimusicverse.cli.context import Context
    from aimusicverse.secret import Secret
    from aimusicverse.types import Webhook

WebhookId = Annotated[str, typer.Argument(metavar="ID", help="whk_…")]


def columns(ctx: Context) -> dict[str, Callable[[Any], str]]:
    """The columns of a list of endpoints."""
    return {
        "id": lambda webhook: webhook.id,
        "url": lambda webhook: webhook.url,
        "status": lambda webhook: webhook.status,
        "failed": lambda webhook: str(webhook.failure_count),
        "created": lambda webhook: age(ctx, webhook.created_at),
        "events": lambda webhook: " ".join(webhook.events),
    }


def show_webhook(ctx: Context, webhook: Webhook) -> None:
    """One endpoint, without its secret."""
    if ctx.output.json:
        ctx.output.object(_plain(webhook))
    else:
        ctx.output.record(_fields(ctx, webhook))


def show_new_secret(ctx: Context, webhook: Webhook, place: Path | None) -> None:
    """An endpoint whose secret was just made: with it, or with the file in which it is now.

    Raises:
        CommandError: the file could not be written.
    """
    assert webhook.secret is not None  # noqa: S101 - the answers that make one have it
    secret = webhook.secret
    if place is not None:
        _write(ctx, webhook, secret, place)
        show_webhook(ctx, webhook)
        ctx.output.note(f"Its secret is {env_files.VARIABLE} in {place}. It is not shown again.")
    elif ctx.output.json:
        ctx.output.object({**_plain(webhook), "secret": secret.get_secret_value()})
    else:
        ctx.output.record([*_fields(ctx, webhook), ("secret", secret.get_secret_value())])
        ctx.output.note("Keep the secret now: it is not shown again.")


def _write(ctx: Context, webhook: Webhook, secret: Secret, place: Path) -> None:
    from aimusicverse.cli.errors import CommandError

    try:
        env_files.write(place, secret)
    except CommandError as error:
        error.hint = (
            f"The secret is lost; make another: {ctx.line('webhooks', 'rotate', webhook.id, '--now')}"
        )
        raise


def _plain(webhook: Webhook) -> dict[str, Any]:
    return {name: value for name, value in webhook.model_dump(mode="json").items() if name != "secret"}


def _fields(ctx: Context, webhook: Webhook) -> list[tuple[str, str | None]]:
    def at(time: Any) -> str | None:
        return None if time is None else moment(ctx, time)

    return [
        ("id", webhook.id),
        ("url", webhook.url),
        ("events", " ".join(webhook.events)),
        ("description", webhook.description),
        ("headers", " ".join(webhook.headers) or None),
        ("status", webhook.status),
        ("disabled", at(webhook.disabled_at)),
        ("disabled for", webhook.disabled_for),
        ("schedule", webhook.retry_schedule),
        ("failed in a row", str(webhook.failure_count)),
        ("last success", at(webhook.last_success_at)),
        ("secrets valid", str(webhook.secrets_valid)),
        ("etag", webhook.etag),
        ("created", at(webhook.created_at)),
        ("updated", at(webhook.updated_at)),
    ]
