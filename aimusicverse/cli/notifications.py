"""`amv notifications`: what one is told of, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.command import group
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.moments import moment

if TYPE_CHECKING:
    from aimusicverse.types import NotificationSettings

_ABOUT = """What you are told of on Telegram when something becomes of your releases.

Example:
    amv notifications link
    amv notifications set --no-live
"""

app: Final = group(_ABOUT)


@app.command()
def show(ctx: Context) -> None:
    """Show what you are told of, and which chat is told.

    Example:
        amv notifications show --json
    """
    with ctx.client() as client:
        _show(ctx, client.account.notifications())


@app.command("set")
def choose(
    ctx: Context,
    live: Annotated[bool | None, typer.Option("--live/--no-live", help="A store has a release.")] = None,
    failed: Annotated[
        bool | None, typer.Option("--failed/--no-failed", help="A delivery failed for good.")
    ] = None,
    rejected: Annotated[
        bool | None, typer.Option("--rejected/--no-rejected", help="A store does not want a release.")
    ] = None,
    action_required: Annotated[
        bool | None,
        typer.Option("--action-required/--no-action-required", help="Something waits for you."),
    ] = None,
    complete: Annotated[
        bool | None,
        typer.Option("--complete/--no-complete", help="A release is everywhere where it was to go."),
    ] = None,
) -> None:
    """Choose what you are told of; what is not named stays.

    Example:
        amv notifications set --no-live --complete
    """
    if live is failed is rejected is action_required is complete is None:
        raise UsageProblem("nothing to change", hint="amv notifications set --help lists what there is.")
    with ctx.client() as client:
        changed = client.account.update_notifications(
            live=live, failed=failed, rejected=rejected, action_required=action_required, complete=complete
        )
    _show(ctx, changed)


@app.command()
def link(ctx: Context) -> None:
    """Get a code that links a Telegram chat with you: it is used once, within 10 minutes.

    Example:
        amv notifications link
    """
    with ctx.client() as client:
        found = client.account.update_notifications(telegram=True)
    if ctx.output.json:
        ctx.output.object(found)
        return
    telegram = found.telegram
    until = None if telegram.code_expires_at is None else moment(ctx, telegram.code_expires_at)
    ctx.output.record([("code", telegram.code), ("bot", telegram.bot), ("until", until)])
    ctx.output.note(f"Send the bot: /start {telegram.code}")
    if telegram.link_url is not None:
        ctx.output.note(f"Or open {telegram.link_url}")


@app.command()
def unlink(ctx: Context) -> None:
    """Forget the chat: it gets no more messages.

    Example:
        amv notifications unlink
    """
    with ctx.client() as client:
        _show(ctx, client.account.update_notifications(telegram=False))


def _show(ctx: Context, settings: NotificationSettings) -> None:
    if ctx.output.json:
        ctx.output.object(settings)
        return
    telegram = settings.telegram
    if not telegram.available:
        ctx.output.note("This server has no bot on Telegram: whoever runs it sets AMV_TELEGRAM_TOKEN.")
    elif telegram.problem is not None:
        ctx.output.note(telegram.problem)
    elif not telegram.linked:
        ctx.output.note("No chat is linked: amv notifications link gives a code.")
    ctx.output.record(
        [
            ("bot", telegram.bot),
            ("chat", telegram.chat),
            *(
                (kind.replace("_", " "), "yes" if getattr(settings, kind) else "no")
                for kind in ("live", "failed", "rejected", "action_required", "complete")
            ),
        ]
    )
