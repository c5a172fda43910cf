"""A track that is heard: with a player until it has ended or is stopped, or in the browser."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aimusicverse.cli import exits
from aimusicverse.cli.destination import slug
from aimusicverse.cli.errors import CommandError, Interrupted, UsageProblem
from aimusicverse.cli.safe_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from aimusicverse.cli.context import Context
    from aimusicverse.cli.players import Player
    from aimusicverse.client import Client
    from aimusicverse.types import Track

_SECONDS_TO_END = 2.0


def play(ctx: Context, client: Client, track: Track, player: Player, format: str, *, again: str) -> None:
    """Fetch a track whole, and play it. The file goes when the player has ended.

    Args:
        ctx: of the command.
        client: of the server that has the track.
        track: what to play.
        player: with what.
        format: as what: one that the player knows.
        again: the command line that plays it once more, told when it is stopped.

    Raises:
        Interrupted: Ctrl-C, SIGTERM or SIGHUP; the player has ended with it.
        CommandError: the player cannot be started, or failed.
    """
    from aimusicverse.cli.durations import clock
    from aimusicverse.cli.progress import of_download, progress

    try:
        with tempfile.TemporaryDirectory(prefix="amv-", ignore_cleanup_errors=True) as folder:
            file = Path(folder, f"{slug(track.title)}.{format}")
            with progress(ctx.output) as shown:
                client.tracks.download(
                    track, file, format=format, progress=lambda done, total: of_download(shown, done, total)
                )
            length = clock(track.duration_seconds)
            ctx.output.note(
                f"Playing {one_line(track.title)} ({length}) with {player.name}; Ctrl-C stops it."
            )
            _run(ctx, player, file)
    except KeyboardInterrupt as interrupt:
        raise Interrupted(
            f"stopped playing {track.id}",
            exit_code=getattr(interrupt, "exit_code", exits.INTERRUPTED),
            hint=f"Again: {again}",
        ) from None


def open_in_browser(url: str) -> None:
    """Open a play link in the person's browser, which `BROWSER` may name.

    Raises:
        CommandError: there is none, or the link is none that a browser should be given.
    """
    import webbrowser

    if not url.startswith(("http://", "https://")):  # a server's word must not open files or programs
        raise CommandError(
            "the server gave a link that is no link", exit_code=exits.FAILED, code="link_invalid"
        )
    if not webbrowser.open(url):
        raise CommandError(
            "no browser could be opened",
            exit_code=exits.FAILED,
            code="browser_missing",
            hint="BROWSER names one; `amv tracks play-url` prints a link to open elsewhere.",
        )


def require_lasting_server(ctx: Context) -> None:
    """A browser goes on after the command, and so must the server that it plays from.

    Raises:
        UsageProblem: the server would be one that ends with the command.
    """
    from aimusicverse.cli.connection import is_named
    from aimusicverse.credentials.sources import running_local_server

    if not is_named(ctx.settings.base_url) and running_local_server() is None:
        raise UsageProblem(
            "--browser needs a server that runs on after this command", hint="Start one first: amv serve"
        )


def _run(ctx: Context, player: Player, file: Path) -> None:
    """Run the player to its end. With a person it has the terminal; else it is heard only if it fails."""
    with _its_words(ctx) as words:
        try:
            process = subprocess.Popen(
                [*player.command, str(file)],
                stdin=None if sys.stdin.isatty() else subprocess.DEVNULL,  # a script's input is not its keys
                stdout=words,
                stderr=words,
            )
        except OSError as error:
            raise _failed(player, f"cannot be started: {error.strerror or error}") from None
        try:
            code = process.wait()
        finally:
            _end(process)
        if code:
            how = f"ended with {code}" if code > 0 else f"was ended by signal {-code}"
            raise _failed(player, how + _last_words(words))


@contextmanager
def _its_words(ctx: Context) -> Iterator[IO[bytes]]:
    """Where the player prints: a person's terminal, or a file that is read if it fails."""
    if ctx.output.chatty and ctx.output.with_person:
        yield sys.stderr.buffer
        return
    with tempfile.TemporaryFile() as words:
        yield words


def _end(process: subprocess.Popen[bytes]) -> None:
    """See to it that the player is gone, if need be by force."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_SECONDS_TO_END)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _last_words(words: IO[bytes]) -> str:
    """The last line that the player said, unless it was on the screen."""
    if not words.seekable():
        return ""
    words.seek(max(0, words.seek(0, 2) - 2000))
    said = words.read().decode("utf-8", "replace").strip().splitlines()
    return f": {said[-1].strip()}" if said else ""


def _failed(player: Player, how: str) -> CommandError:
    return CommandError(
        f"{player.name} {how}",
        exit_code=exits.FAILED,
        code="player_failed",
        hint="--player names another one.",
    )
