"""`amv webhooks listen`: the events of a server, on a machine that it cannot reach."""

from __future__ import annotations

import math
import time
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import CommandError, UsageProblem
from aimusicverse.cli.typed import seconds
from aimusicverse.cli.webhooks import env_file as env_files
from aimusicverse.cli.webhooks import patterns

if TYPE_CHECKING:
    from pathlib import Path

    from aimusicverse.cli.webhooks.event_log import EventLog
    from aimusicverse.cli.webhooks.forwarding import Forwarder
    from aimusicverse.cli.webhooks.listen_view import ListenView
    from aimusicverse.secret import Secret
    from aimusicverse.transport.deadline import Deadline
    from aimusicverse.types import DeliveryAttempt, Event

ABOUT: Final = """Receive the events of a running server here, and forward them to your program.

Each goes to URL as the server would send it, signed by a secret of this machine that stays the same. Nobody
else can see your machine: the events are fetched. It begins with what happens from now on. When the server
goes away, what happens meanwhile is forwarded when it is back.

What your program does not accept is shown, and not tried again unless --retries says so.

Example:
    {path} --forward-to http://127.0.0.1:8000/hook
    {path} --forward-to http://127.0.0.1:8000/hook --events 'generation.*' --exit-after 1 --json
    {path} --print-secret
"""

app: Final = CommandSet()


def listen(
    ctx: Context,
    forward_to: Annotated[
        str | None,
        typer.Option("--forward-to", metavar="URL", help="Your program, such as http://127.0.0.1:8000/hook"),
    ] = None,
    events: patterns.Events = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="TIME", help="Begin with what happened since: 2h ago, 2027-01-31T12:00Z."
        ),
    ] = None,
    after: Annotated[
        int | None,
        typer.Option("--after", metavar="SEQ", min=0, help="Begin with what came after this number."),
    ] = None,
    exit_after: Annotated[
        int | None,
        typer.Option(
            "--exit-after",
            metavar="N",
            min=1,
            help="End when so many were forwarded: with 0 if all were accepted, else with 1.",
        ),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", parser=seconds, metavar="TIME", help="End after so long, with 7."),
    ] = None,
    retries: Annotated[
        int,
        typer.Option(
            "--retries",
            metavar="N",
            min=0,
            max=5,
            help="Try so often again what was not accepted, as the server does: after 1, 2, 4, 8, 16 s.",
        ),
    ] = 0,
    print_secret: Annotated[
        bool, typer.Option("--print-secret", help="Print this machine's secret, and do nothing else.")
    ] = False,
    env_file: env_files.EnvFile = None,
) -> None:
    """The command; `ABOUT` is its help."""
    from aimusicverse import paths
    from aimusicverse.cli.webhooks.local_secret import local_secret

    if print_secret:
        if forward_to is not None or env_file is not None:
            raise UsageProblem("--print-secret does nothing else, so it stands alone")
        _print(ctx, local_secret(paths.data_dir()))
        return
    if forward_to is None:
        raise UsageProblem(
            "there is nobody to forward to",
            hint="Give --forward-to URL. Only to watch: amv events list --follow",
        )
    if since is not None and after is not None:
        raise UsageProblem("--since and --after are two beginnings; give one")
    if timeout is not None and timeout <= 0:
        raise UsageProblem("--timeout is more than 0")
    wanted = patterns.checked(events)
    place = env_files.place(env_file)

    from aimusicverse.cli import typed
    from aimusicverse.cli.connection import require_running
    from aimusicverse.cli.webhooks import receiver_options

    url = _address(forward_to)
    shown = receiver_options.shown(receiver_options.address(url))
    begin = typed.since(since)
    require_running(
        ctx.settings.base_url, hint="Start one in another terminal: amv serve. Or name one with --base-url."
    )
    secret = local_secret(paths.data_dir())
    _write(ctx, place, secret)

    from aimusicverse.cli.webhooks.event_log import EventLog
    from aimusicverse.cli.webhooks.forwarding import Forwarder
    from aimusicverse.cli.webhooks.listen_view import ListenView
    from aimusicverse.transport.deadline import Deadline
    from aimusicverse.types.webhook_request import covers

    deadline = Deadline(math.inf if timeout is None else timeout)
    view = ListenView(ctx.output)
    log = EventLog(
        ctx.settings.base_url,
        lambda type: any(covers(pattern, type) for pattern in wanted),
        deadline=deadline,
        watcher=view,
    )
    with closing(log), Forwarder(url, shown, secret) as forwarder:
        log.begin(after=after, since=begin)
        view.ready(log.url, shown, wanted, log.after)
        listening = _Listening(ctx, log, forwarder, view, deadline, url, wanted, retries, exit_after, timeout)
        listening.go_on(behind=after is not None or since is not None)


app.command(help=ABOUT.format(path="amv webhooks listen"))(listen)


class _Listening:
    """One run, from the moment it is ready."""

    def __init__(
        self,
        ctx: Context,
        log: EventLog,
        forwarder: Forwarder,
        view: ListenView,
        deadline: Deadline,
        url: str,
        wanted: list[str],
        retries: int,
        exit_after: int | None,
        timeout: float | None,
    ) -> None:
        self._ctx = ctx
        self._log = log
        self._forwarder = forwarder
        self._view = view
        self._deadline = deadline
        self._url = url
        self._wanted = wanted
        self._retries = retries
        self._exit_after = exit_after
        self._timeout = timeout
        self._forwarded = 0
        #: The numbers of those that were not accepted: the first, and how many.
        self._first_refused: int | None = None
        self._refused = 0

    def go_on(self, *, behind: bool) -> None:
        """Forward what comes, until enough did.

        Raises:
            Interrupted: by a person, or by the system.
            CommandError: the time is up, the server refuses, or not all were accepted.
        """
        from aimusicverse.cli.going_on import going_on
        from aimusicverse.cli.webhooks.event_log import TimeIsUp

        try:
            with going_on(self._line, lambda: f"{self._count()} forwarded"):
                self._all(behind=behind)
        except TimeIsUp:
            raise CommandError(
                f"the time is up after {self._timeout:g} s; {self._count()} forwarded",
                exit_code=exits.TIMED_OUT,
                code="timeout",
                hint=f"Go on: {self._line()}",
                retryable=True,
            ) from None
        self._view.done(self._forwarded, self._forwarded - self._refused, self._log.after)
        if self._first_refused is not None:
            raise CommandError(
                f"{self._refused} of {self._count()} not accepted",
                exit_code=exits.FAILED,
                code="not_accepted",
                hint=f"Send {'it' if self._refused == 1 else 'the first of them'} again: "
                f"{self._again(self._first_refused)}",
            )

    def _all(self, *, behind: bool) -> None:
        for event in self._log.follow(behind=behind):
            self._view.event(event)
            if not self._forward(event):
                self._refused += 1
                if self._first_refused is None:
                    self._first_refused = event.seq
                    self._ctx.output.next_step(f"{self._again(event.seq)}   # sends it again")
            self._forwarded += 1
            if self._forwarded == self._exit_after:
                return

    def _forward(self, event: Event) -> bool:
        """Whether it was accepted, at last."""
        from aimusicverse.cli.webhooks.forwarding import accepted
        from aimusicverse.webhooks.message import FAST

        for number, pause in enumerate((*FAST[: self._retries], None), 1):
            attempt = self._attempt(event, number)
            taken = accepted(attempt)
            if taken or pause is None:
                self._log.done(event)
                pause = None
            self._view.forwarded(event, attempt, next_in=pause)
            if pause is None:
                return taken
            time.sleep(min(pause, self._deadline.left()))
        raise AssertionError("the last try has no pause after it")

    def _attempt(self, event: Event, number: int) -> DeliveryAttempt:
        from aimusicverse.cli.webhooks.event_log import TimeIsUp
        from aimusicverse.webhooks.message import DEADLINE_SECONDS

        if self._deadline.passed:
            raise TimeIsUp
        left = min(DEADLINE_SECONDS, self._deadline.left())
        attempt = self._forwarder.forward(event, number=number, seconds=left)
        if attempt.error == "timeout" and self._deadline.passed:
            raise TimeIsUp  # it is our time that was up, not the receiver's
        return attempt

    def _count(self) -> str:
        return f"{self._forwarded} event{'' if self._forwarded == 1 else 's'}"

    def _line(self) -> str:
        """The command that goes on where this one stopped."""
        left = [] if self._exit_after is None else ["--exit-after", str(self._exit_after - self._forwarded)]
        timeout = [] if self._timeout is None else ["--timeout", f"{self._timeout:g}"]
        return self._ctx.line(*self._words(self._log.after), *left, *timeout)

    def _again(self, seq: int) -> str:
        """The command that forwards this event once more, and no other."""
        return self._ctx.line(*self._words(seq - 1), "--exit-after", "1")

    def _words(self, after: int) -> list[str]:
        retries = ["--retries", str(self._retries)] if self._retries else []
        return [
            *("webhooks", "listen", "--forward-to", self._url),
            *patterns.arguments(self._wanted),
            *("--after", str(after), *retries),
        ]


def _address(text: str) -> str:
    """As it was given; without a scheme it is http."""
    text = text.strip()
    return text if "://" in text else f"http://{text}"


def _print(ctx: Context, secret: Secret) -> None:
    text = secret.get_secret_value()
    if ctx.output.json:
        ctx.output.object({"secret": text})
    else:
        ctx.output.line(text)


def _write(ctx: Context, place: Path | None, secret: Secret) -> None:
    if place is not None:
        env_files.write(place, secret)
        ctx.output.note(f"{env_files.VARIABLE} is in {place}.")
