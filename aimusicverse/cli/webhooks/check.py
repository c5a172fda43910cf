"""`amv webhooks check`: whether somebody's receiver can be trusted with webhooks. No server, no sign-in."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import CommandError, UsageProblem
from aimusicverse.cli.input_files import STDIN, one_reader_of_stdin
from aimusicverse.cli.typed import seconds
from aimusicverse.cli.webhooks import secret_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aimusicverse.cli.webhooks.trial import Receiver
    from aimusicverse.webhooks.receiver_cases import Case
    from aimusicverse.webhooks.receiver_messages import Sender
    from aimusicverse.webhooks.receiver_verdicts import Verdict

app: Final = CommandSet()

_TIMEOUT = 10.0
_TOTAL_TIMEOUT = 120.0
_SLOW = 2.0


def _names(incomplete: str) -> list[str]:
    from aimusicverse.webhooks.receiver_cases import CASES

    return [case.name for case in CASES if case.name.startswith(incomplete)]


@app.command()
def check(
    ctx: Context,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Of the receiver, such as http://127.0.0.1:8000/hook")
    ],
    secret_env: secret_options.Env = None,
    secret_file: secret_options.File = None,
    secret_stdin: Annotated[
        bool, typer.Option("--secret-stdin", help="Standard input has the secret.")
    ] = False,
    event: Annotated[
        str | None, typer.Option("--event", metavar="TYPE", help="Of the genuine messages; endpoint.test.")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option("--data", metavar="FILE", help="JSON that they carry as `data`; - is standard input."),
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(
            "--header", metavar="TEXT", help="To send with each: Name: value, or @FILE with such lines."
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CASE", autocompletion=_names, help="These cases; repeatable."),
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option("--skip", metavar="CASE", autocompletion=_names, help="All but these; repeatable."),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", parser=seconds, metavar="TIME", help="For the answer to a case; 10s."),
    ] = None,
    total_timeout: Annotated[
        float | None,
        typer.Option("--total-timeout", parser=seconds, metavar="TIME", help="For all cases together; 2m."),
    ] = None,
    slow: Annotated[
        float | None,
        typer.Option("--slow", parser=seconds, metavar="TIME", help="How long sending a slow one takes; 2s."),
    ] = None,
    junit: Annotated[
        str | None, typer.Option("--junit", metavar="FILE", help="Write a report for a CI system.")
    ] = None,
) -> None:
    """Try out a receiver with genuine and forged messages, and tell what it did wrong.

    The genuine ones are real: whatever the receiver does with an event, it does. Exits with 0 if all is
    right, with 1 if anything is wrong, with 6 if the receiver cannot be reached.

    Example:
        amv webhooks check http://127.0.0.1:8000/hook --secret-env WEBHOOK_SECRET
        amv webhooks check https://staging.example.com/hook --secret-file secret.txt --junit webhooks.xml
    """
    from aimusicverse.cli.webhooks import check_report, receiver_options
    from aimusicverse.cli.webhooks.trial import Receiver
    from aimusicverse.webhooks.receiver_messages import Sender

    url = url.strip()
    parts = receiver_options.address(url)
    cases = receiver_options.cases(only or (), skip or ())
    for_each = receiver_options.length(timeout, _TIMEOUT, "--timeout")
    for_all = receiver_options.length(total_timeout, _TOTAL_TIMEOUT, "--total-timeout")
    slowness = receiver_options.length(slow, _SLOW, "--slow")
    headers = receiver_options.headers(header or ())
    place = receiver_options.report(junit)
    one_reader_of_stdin(
        {"the secret": secret_stdin, "the data": data == STDIN}, hint="Name a file: --data FILE."
    )
    event = receiver_options.event_type("endpoint.test" if event is None else event)
    content = receiver_options.data(data)
    secrets = secret_options.usable(secret_options.read(secret_env, secret_file, secret_stdin))
    if len(secrets) > 1:
        raise UsageProblem("a receiver is tried out with one secret")

    def sender() -> Sender:
        return Sender(secrets[0], event=event, data=content, now=int(time.time()), slow_seconds=slowness)

    began, shown = datetime.now(UTC), receiver_options.shown(parts)
    verdicts: list[Verdict] = []
    with Receiver(url, headers) as receiver:
        for verdict in _tried_out(receiver, cases, sender, for_each=for_each, for_all=for_all):
            verdicts.append(verdict)
            if nobody_there := len(verdicts) == 1 and verdict.code == "unreachable":
                break
            check_report.show(ctx.output, verdict)
    if place is not None:
        from aimusicverse.cli.webhooks.junit import report

        place.write_bytes(report(verdicts, url=shown, began=began))
    if nobody_there:
        raise CommandError(
            f"{shown} {verdicts[0].did}",
            exit_code=exits.NETWORK,
            code="unreachable",
            retryable=True,
            hint="Is the receiver running?",
        )
    check_report.sum_up(ctx.output, verdicts, url=shown)
    if not all(verdict.right for verdict in verdicts):
        raise typer.Exit(exits.FAILED)


def _tried_out(
    receiver: Receiver,
    cases: Sequence[Case],
    sender: Callable[[], Sender],
    *,
    for_each: float,
    for_all: float,
) -> Iterator[Verdict]:
    """One case after another, until the time is over; those that are left are told, too."""
    from aimusicverse.webhooks.receiver_verdicts import judge

    end = time.monotonic() + for_all
    for case in cases:
        answers: Any = []
        if (left := end - time.monotonic()) > 0:
            messages = sender().messages(case.recipe)
            # What the sending takes is not the receiver's time.
            sending = sum(message.seconds for message in messages)
            answers = receiver.answers(messages, seconds=min(for_each + sending, left))
        yield judge(case, answers)
