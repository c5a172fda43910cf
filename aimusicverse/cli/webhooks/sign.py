"""`amv webhooks sign`: what a sender does. No server, no sign-in."""

from __future__ import annotations

import os
from typing import Annotated, Final

import typer

from aimusicverse import webhooks
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.input_files import one_reader_of_stdin
from aimusicverse.cli.webhooks import body as bodies
from aimusicverse.cli.webhooks import secret_options, unix_time

app: Final = CommandSet()


@app.command()
def sign(
    ctx: Context,
    body: bodies.Body = None,
    secret_env: secret_options.Env = None,
    secret_file: secret_options.File = None,
    secret_stdin: secret_options.Stdin = False,
    message_id: Annotated[
        str | None,
        typer.Option(
            "--id", metavar="ID", help="The message's; the same for each try. A new one by default."
        ),
    ] = None,
    timestamp: Annotated[
        str | None,
        typer.Option(
            "--timestamp", metavar="TIME", help="Unix seconds or 2027-01-15T08:00Z; now by default."
        ),
    ] = None,
) -> None:
    """Sign a body: print the three headers that go with it.

    With several secrets there is a signature of each, as while one replaces the other.

    Example:
        amv webhooks sign --secret-env WEBHOOK_SECRET < body.json > headers.txt
        curl -H @headers.txt --data-binary @body.json http://127.0.0.1:8000/hook
    """
    one_reader_of_stdin(
        {"the body": bodies.from_stdin(body), "the secret": secret_stdin}, hint="Name a file: --body FILE."
    )
    seconds = None if timestamp is None else unix_time.parse(timestamp, "--timestamp")
    secrets = secret_options.usable(secret_options.read(secret_env, secret_file, secret_stdin))
    if message_id is None:
        message_id = f"msg_{os.urandom(16).hex()}"
    data = bodies.read(ctx, body)
    try:
        headers = webhooks.sign(data, secrets, message_id=message_id, timestamp=seconds)
    except ValueError as error:
        raise UsageProblem(f"--id: {error}") from None
    if ctx.output.json:
        ctx.output.object(headers)
        return
    for name, value in headers.items():
        ctx.output.line(f"{name}: {value}")
