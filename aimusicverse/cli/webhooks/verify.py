"""`amv webhooks verify`: whether a message is to be trusted. No server, no sign-in."""

from __future__ import annotations

import time
from typing import Annotated, Any, Final

import typer

from aimusicverse import webhooks
from aimusicverse.cli import exits
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import CommandError, UsageProblem, exit_code_of_webhook
from aimusicverse.cli.input_files import STDIN, one_reader_of_stdin, read_bytes
from aimusicverse.cli.webhooks import body as bodies
from aimusicverse.cli.webhooks import header_lines, secret_options, unix_time
from aimusicverse.errors import WebhookVerificationError
from aimusicverse.webhooks.headers import of_message
from aimusicverse.webhooks.signature import TOLERANCE

app: Final = CommandSet()

_MOST_HEADERS = 2**20


class Untrusted(CommandError):
    """A message that is not to be trusted."""

    def __init__(self, message: str, *, reason: str, hint: str | None = None) -> None:
        super().__init__(message, exit_code=exit_code_of_webhook(reason), code=reason, hint=hint)


@app.command()
def verify(
    ctx: Context,
    headers: Annotated[
        str | None,
        typer.Option(
            "--headers", metavar="FILE", help="Name: value lines, raw HTTP, or what curl -D or -v showed."
        ),
    ] = None,
    message_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Instead of --headers: webhook-id,")
    ] = None,
    timestamp: Annotated[
        str | None, typer.Option("--timestamp", metavar="SECONDS", help="webhook-timestamp,")
    ] = None,
    signature: Annotated[
        str | None, typer.Option("--signature", metavar="TEXT", help="and webhook-signature.")
    ] = None,
    body: bodies.Body = None,
    secret_env: secret_options.Env = None,
    secret_file: secret_options.File = None,
    secret_stdin: secret_options.Stdin = False,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="Judge it as of then: unix seconds or 2027-01-15T08:00Z."),
    ] = None,
    tolerance: Annotated[
        str | None,
        typer.Option(
            "--tolerance", metavar="TIME", help="How much older or newer it may be; 5m, as the standard has."
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="If it is refused, look for the reason.")
    ] = False,
    other_secret_env: Annotated[
        list[str] | None,
        typer.Option(
            "--other-secret-env",
            metavar="NAME",
            help="With --explain: another endpoint's, which it may have been meant for; repeatable.",
        ),
    ] = None,
) -> None:
    """Judge a message: accepted (exit 0), forged (8) or stale (9).

    The body is taken as it comes, byte by byte. A secret that cannot be one is wrong usage (2).

    Example:
        amv webhooks verify --secret-env WEBHOOK_SECRET --headers headers.txt < body.json
        amv webhooks verify --secret-file secret.txt --headers headers.txt --body body.json --at 1800000000
    """
    three = {"--id": message_id, "--timestamp": timestamp, "--signature": signature}
    one_reader_of_stdin(
        {
            "the body": bodies.from_stdin(body),
            "the headers": headers == STDIN,
            "the secret": secret_stdin,
        },
        hint="Name a file for the others, such as --body FILE.",
    )
    now = time.time() if at is None else unix_time.parse(at, "--at")
    within = TOLERANCE if tolerance is None else _tolerance(tolerance)
    secrets = secret_options.read(secret_env, secret_file, secret_stdin)
    others = secret_options.read(other_secret_env, None, False) if other_secret_env else {}
    if not explain:
        secret_options.usable(secrets)
    message = _headers(headers, three)
    data = bodies.read(ctx, body)
    judged: Any = {"tolerance": within, "now": now}
    if explain:
        _explain(data, message, secrets, others, judged)
    try:
        found = webhooks.verify(data, message, secrets.values(), **judged)
    except WebhookVerificationError as error:
        raise Untrusted(error.message, reason=error.reason, hint=_hint(error.reason, message, at)) from None
    _show(ctx, found, int(of_message(message)[1]), now, len(data))


def _headers(name: str | None, three: dict[str, str | None]) -> list[tuple[str, str]]:
    """The headers of the message, from a file or from three options.

    Raises:
        UsageProblem: neither, both, or one of the three is missing.
    """
    given = {option: text for option, text in three.items() if text is not None}
    if name is not None:
        if given:
            raise UsageProblem(f"--headers and {next(iter(given))} contradict each other")
        return header_lines.read(read_bytes(name, "--headers", most=_MOST_HEADERS), name)
    missing = [option for option in three if option not in given]
    if missing:
        raise UsageProblem(
            "a message has three headers" + (f", and {', '.join(missing)} is missing" if given else ""),
            hint="Give --headers FILE, or --id, --timestamp and --signature.",
        )
    return [(option.replace("--", "webhook-"), text) for option, text in given.items()]


def _tolerance(text: str) -> float:
    from aimusicverse.cli import durations

    try:
        seconds = durations.parse(text)
    except ValueError as error:
        raise UsageProblem(f"--tolerance: {error}") from None
    if seconds < 0:
        raise UsageProblem("--tolerance is 0 or more")
    return seconds


def _explain(body: bytes, message: Any, secrets: Any, others: Any, judged: Any) -> None:
    """Tell what was found out about a message that is refused.

    Raises:
        CommandError: with what was found.
    """
    from aimusicverse.webhooks.explanation import explain

    told = explain(body, message, secrets.values(), others=others, **judged)
    if told.accepted:
        return
    refusal: CommandError
    if told.reason == "configuration":
        refusal = CommandError(told.message, exit_code=exits.USAGE, code="configuration_error")
    else:
        refusal = Untrusted(told.message, reason=str(told.reason))
    refusal.findings = [(finding.code, finding.text) for finding in told.findings]
    raise refusal


def _hint(reason: str, message: list[tuple[str, str]], at: str | None) -> str:
    if exit_code_of_webhook(reason) == exits.SIGNATURE_STALE and at is None:
        return f"To judge a message that was kept: --at {of_message(message)[1]}"
    return "--explain looks for the reason."


def _show(ctx: Context, message_id: str, timestamp: int, now: float, length: int) -> None:
    age = now - timestamp
    if ctx.output.json:
        ctx.output.object(
            {
                "accepted": True,
                "id": message_id,
                "timestamp": timestamp,
                "age_seconds": round(age, 3),
                "body_bytes": length,
            }
        )
        return
    when = f"{age:.0f} s old" if age >= 0 else f"{-age:.0f} s ahead of this clock"
    ctx.output.line(f"accepted: {message_id}, {when}, {length} bytes")
