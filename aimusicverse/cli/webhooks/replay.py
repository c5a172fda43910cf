"""`amv webhooks replay`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli import typed
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.progress import progress
from aimusicverse.cli.webhooks.webhook_view import WebhookId

if TYPE_CHECKING:
    from datetime import datetime

    from aimusicverse.cli.progress import Progress
    from aimusicverse.client import Client
    from aimusicverse.types import WebhookReplay

app: Final = CommandSet()


@app.command()
def replay(
    ctx: Context,
    webhook_id: WebhookId,
    event_ids: Annotated[
        list[str] | None, typer.Argument(metavar="EVENT...", help="evt_…: these; else --since or --after.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="What happened since: 2h ago, 2027-01-31T12:00Z."),
    ] = None,
    after: Annotated[
        int | None, typer.Option("--after", metavar="SEQ", min=0, help="What came after this number; 0: all.")
    ] = None,
    delivered_too: Annotated[
        bool, typer.Option("--delivered-too", help="Also what the endpoint has accepted already.")
    ] = False,
) -> None:
    """Send events to an endpoint again: those named, or what the log has of what it asks for.

    What was delivered, or waits to be, is left out, so that it does no harm to do it again. Interrupted, it
    prints the command that goes on.

    Example:
        amv webhooks replay whk_0mYdJ1x0FzbcL5Vn4zQ --since 2h
        amv webhooks replay whk_0mYdJ1x0FzbcL5Vn4zQ evt_0mYdJ1x0FzbcL5Vn4zQ
    """
    if event_ids and (since is not None or after is not None):
        raise UsageProblem("name either events, or --since and --after")
    if not event_ids and since is None and after is None:
        raise UsageProblem("there is nothing to send", hint="Name events, or a part of the log: --since 2h")
    replay = _Replay(ctx, webhook_id, event_ids or [], typed.since(since), after, delivered_too)
    with ctx.client() as client, progress(ctx.output) as shown:
        done = replay.run(client, shown)
    if ctx.output.json:
        ctx.output.object(done)
        return
    ctx.output.record([("queued", str(done.queued)), ("skipped", str(done.skipped))])
    ctx.output.next_step(f"amv webhooks deliveries {webhook_id}")


class _Replay:
    """What is still to be sent."""

    def __init__(
        self,
        ctx: Context,
        webhook_id: str,
        event_ids: list[str],
        since: datetime | None,
        after: int | None,
        delivered_too: bool,
    ) -> None:
        self._ctx = ctx
        self._webhook_id = webhook_id
        self._event_ids = event_ids
        self._since = since
        self._after = after
        self._delivered_too = delivered_too
        self._queued = 0

    def run(self, client: Client, shown: Progress) -> WebhookReplay:
        """Send it.

        Raises:
            CommandError: with the command that goes on.
        """
        from aimusicverse.cli.going_on import going_on
        from aimusicverse.types.webhook import MOST_EVENTS

        named, first = bool(self._event_ids), self._after or 0
        whole = self._to_go(client)

        def went_on(so_far: WebhookReplay) -> None:
            self._queued = so_far.queued
            if named:
                self._event_ids = self._event_ids[MOST_EVENTS:]
                left = len(self._event_ids)
            else:
                left = whole - (so_far.last_seq - first)
                self._since, self._after = None, so_far.last_seq
            # The end of the log may be samples, which are not sent again.
            shown.show(f"{so_far.queued} queued", 1.0 if so_far.done else 1 - left / max(whole, left, 1))

        with going_on(self._line, lambda: f"{self._queued} queued", always=False):
            return client.webhooks.replay(
                self._webhook_id,
                self._event_ids or None,
                since=self._since,
                after=self._after,
                delivered_too=self._delivered_too,
                progress=went_on,
            )

    def _to_go(self, client: Client) -> int:
        """How many events, or numbers of events, are before us."""
        if self._event_ids:
            return len(self._event_ids)
        return client.webhooks.events(after="latest").last_seq - (self._after or 0)

    def _line(self) -> str:
        """The command that goes on."""
        since = ["--since", self._since.isoformat()] if self._since else []
        after = ["--after", str(self._after)] if self._after is not None else []
        more = ["--delivered-too"] if self._delivered_too else []
        return self._ctx.line("webhooks", "replay", self._webhook_id, *self._event_ids, *since, *after, *more)
