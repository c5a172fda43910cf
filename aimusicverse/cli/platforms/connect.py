"""`amv platforms connect`: your account with a store."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.connection import require_running
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.view import mode_word
from aimusicverse.cli.errors import CommandError
from aimusicverse.cli.going_on import going_on
from aimusicverse.cli.platforms import account_settings
from aimusicverse.cli.release import destinations

if TYPE_CHECKING:
    from aimusicverse.client import Client
    from aimusicverse.types import Outlet, PlatformConnection

app: Final = CommandSet()

_SECONDS: Final = 600.0  # as long as an authorize_url is good
_SECONDS_BETWEEN_LOOKS: Final = 1.0

Live = Annotated[bool, typer.Option("--live", help="With the real store. Else with the stand-in.")]


@app.command()
def connect(
    ctx: Context,
    platform: Annotated[str, typer.Argument(metavar="STORE", help="soundcloud, spotify, …")],
    live: Live = False,
    plain: account_settings.Plain = None,
    from_file: account_settings.FromFile = None,
    from_environment: account_settings.FromEnvironment = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address, and open nothing.")
    ] = False,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Do not wait until the store has let you in.")
    ] = False,
) -> None:
    """Connect your account with a store.

    Where the store asks you itself, its page is opened, and the command waits until you have agreed. Secrets
    are never given on the command line: they come from a file, a variable, or are asked for.

    Example:
        amv platforms connect soundcloud
        amv platforms connect spotify --live --set host=sftp.example.com --secret-file private_key=id_ed25519
    """
    mode: Literal["sandbox", "live"] = "live" if live else "sandbox"
    settings = account_settings.given(plain, from_file, from_environment)
    if live:  # the store sends a browser back to the server, and the account is for deliveries to come
        require_running(ctx.settings.base_url, hint="Start one in another terminal: amv serve")
    with ctx.client() as client:
        known = _outlet(client, platform)
        platform = known.id
        settings = account_settings.completed(settings, known.connect_fields if live else [], ctx.output)
        made = client.distributions.connect(platform, settings=settings, mode=mode)
        if made.status == "pending" and made.authorize_url and not no_wait:
            made = _let_in(ctx, client, made, browser=not no_browser)
    _show(ctx, made)


def _outlet(client: Client, platform: str) -> Outlet:
    outlets = {one.id: one for one in client.distributions.platforms() if one.kind == "store"}
    return outlets[destinations.one_known(platform, outlets, "store", "STORE")]


def _let_in(ctx: Context, client: Client, made: PlatformConnection, *, browser: bool) -> PlatformConnection:
    """Have a person agree at the store, and wait for it."""
    import webbrowser

    assert made.authorize_url is not None  # noqa: S101 - for mypy
    words = ["platforms", "connect", made.platform, *(["--live"] if made.mode == "live" else [])]
    end = time.monotonic() + _SECONDS
    with going_on(lambda: ctx.line(*words), lambda: f"{made.platform} is not connected"):
        ctx.output.tell(f"Open this, and let the server in: {made.authorize_url}")
        if browser and ctx.output.with_person:
            webbrowser.open(made.authorize_url)
        while time.monotonic() < end:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
            mine = [one for one in _outlet(client, made.platform).connections if one.mode == made.mode]
            if mine and mine[0].status == "connected":
                # The secret of callbacks was told with the first answer, and never again.
                return mine[0].model_copy(update={"callback_secret": made.callback_secret})
            if mine and mine[0].problem:
                raise CommandError(
                    f"{made.platform} did not let the server in: {mine[0].problem}",
                    exit_code=exits.REFUSED,
                    code="not_connected",
                    hint=f"Once more: {ctx.line(*words)}",
                )
    raise CommandError(
        f"{made.platform} has not let the server in within ten minutes",
        exit_code=exits.TIMED_OUT,
        code="timeout",
        hint=f"Once more: {ctx.line(*words)}",
        retryable=True,
    )


def _show(ctx: Context, made: PlatformConnection) -> None:
    if ctx.output.json:
        ctx.output.object(made)
        return
    secret = made.callback_secret
    ctx.output.record(
        [
            ("platform", made.platform),
            ("mode", mode_word(made.mode)),
            ("status", made.status),
            ("account", made.account),
            *sorted(made.settings.items()),
            ("authorize", made.authorize_url if made.status == "pending" else None),
            ("callback", made.callback_url),
            ("secret", secret.get_secret_value() if secret else None),
            ("problem", made.problem),
        ]
    )
    if secret:
        ctx.output.note("The secret is shown this once: with it the store signs what it tells the callback.")
