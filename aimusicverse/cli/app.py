"""`amv` itself: the table of its commands and the way in and out."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Final

import typer

from aimusicverse.cli import exits, interrupts, outcome
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.lazy import Entry, LazyGroup
from aimusicverse.cli.output import let_go_of_the_terminal

_START = "Start here"
_THINGS = "Look around"
_ACCOUNT = "Account"
_SERVER = "Server"


class Root(LazyGroup):
    """All commands of `amv`."""

    table: ClassVar[dict[str, Entry]] = {
        "generate": Entry("aimusicverse.cli.generate", "Make music from a prompt.", _START),
        "distribute": Entry("aimusicverse.cli.distribute", "Bring a release to stores.", _START),
        "tracks": Entry("aimusicverse.cli.tracks", "Your finished recordings.", _THINGS),
        "playlists": Entry("aimusicverse.cli.playlists", "Ordered lists of your tracks.", _THINGS),
        "artwork": Entry(
            "aimusicverse.cli.artwork", "Pictures for releases: drawn, brought, looked at.", _THINGS
        ),
        "generations": Entry("aimusicverse.cli.generations", "Work in progress and work done.", _THINGS),
        "engines": Entry("aimusicverse.cli.engines", "Show who can turn a prompt into music.", _THINGS),
        "events": Entry("aimusicverse.cli.events", "What happened, in order.", _THINGS),
        "webhooks": Entry(
            "aimusicverse.cli.webhooks", "Webhooks: sent, listened to, signed, judged.", _THINGS
        ),
        "listen": Entry(
            "aimusicverse.cli.listen",
            "Receive the events of a running server here, and forward them to your program.",
            _THINGS,
        ),
        "analyze": Entry(
            "aimusicverse.cli.analyze",
            "Measure sound files: tempo, key, loudness, peaks, sections, clipping, silence, tags.",
            _THINGS,
        ),
        "release": Entry(
            "aimusicverse.cli.release",
            "Releases: from a track to what a store would take, without a server.",
            _THINGS,
        ),
        "distributions": Entry(
            "aimusicverse.cli.distributions",
            "Releases on their way to stores. amv distribute sends one; amv release needs no server.",
            _THINGS,
        ),
        "platforms": Entry(
            "aimusicverse.cli.platforms", "Stores and distributors, and your accounts there.", _THINGS
        ),
        "whoami": Entry(
            "aimusicverse.cli.whoami",
            "Show who you are here, what is left of your allowance, and the key that says so.",
            _ACCOUNT,
        ),
        "profile": Entry("aimusicverse.cli.profile", "Your own account.", _ACCOUNT),
        "notifications": Entry(
            "aimusicverse.cli.notifications",
            "What you are told of on Telegram when something becomes of your releases.",
            _ACCOUNT,
        ),
        "keys": Entry("aimusicverse.cli.keys", "API keys: who may do what in your name.", _ACCOUNT),
        "usage": Entry(
            "aimusicverse.cli.usage", "Show what you asked, how quickly it went, and what failed.", _ACCOUNT
        ),
        "serve": Entry("aimusicverse.cli.serve", "Run the server on this machine.", _SERVER),
        "worker": Entry(
            "aimusicverse.cli.worker", "Do the jobs of servers that run with --no-jobs.", _SERVER
        ),
        "users": Entry(
            "aimusicverse.cli.users", "Who may use this server, and how much; for its admins.", _SERVER
        ),
        "admin": Entry(
            "aimusicverse.cli.admin", "How the server is, and what is asked of it; for its admins.", _SERVER
        ),
        "server": Entry(
            "aimusicverse.cli.server", "Keep the server's data: backup, restore, another database.", _SERVER
        ),
    }


_ABOUT = """AI music from the command line, on your own machine.

Example:
    amv generate "lofi hip hop, rainy night" --duration 60 -o song.flac
"""

app: Final = CommandSet(about=_ABOUT, cls=Root, add_completion=True)


def _version(asked: bool) -> None:
    if asked:
        from aimusicverse._version import __version__

        typer.echo(f"amv {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def command() -> Any:
    """The whole tree, ready to run; its leaves are still stubs."""
    root: Any = typer.main.get_command(app)
    root.adopt()  # Typer added the completion options after making it
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run `amv` and give its exit code.

    Args:
        argv: the words after `amv`; those of the process by default.
    """
    root = command()
    if argv is None and os.environ.get("_AMV_COMPLETE"):
        root.main(prog_name="amv")  # answers the shell and exits
    if argv is not None:
        return outcome.run(root, argv)
    code = outcome.run(root, sys.argv[1:])
    if code in (exits.HUNG_UP, exits.INTERRUPTED, exits.TERMINATED):
        interrupts.ignore_from_now_on()
    if code == exits.HUNG_UP:
        let_go_of_the_terminal()
    return code
