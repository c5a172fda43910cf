"""`amv tracks play` and `play-url`: listening to a track."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.moments import moment
from aimusicverse.cli.typed import AudioFormat, TrackId, seconds, value

if TYPE_CHECKING:
    from aimusicverse.types import Track


def play_url(
    ctx: Context,
    track_id: TrackId,
    format: Annotated[AudioFormat | None, typer.Option("--format", "-f", help="mp3 by default.")] = None,
    expires: Annotated[
        float | None,
        typer.Option(
            "--expires-in", parser=seconds, metavar="TIME", help="An hour by default, 7 days at most."
        ),
    ] = None,
) -> None:
    """Make a link that plays without a key until it expires.

    Example:
        amv tracks play-url trk_0mYdJ1x0FzbcL5Vn4zQ --expires-in 24h
    """
    until = 3600 if expires is None else int(expires)
    with ctx.client() as client:
        link = client.tracks.play_url(track_id, format=value(format) or "mp3", expires_in_seconds=until)
    if ctx.output.json:
        ctx.output.object(link)
        return
    ctx.output.line(link.url)
    ctx.output.note(f"Good until {moment(ctx, link.expires_at)}, for everyone who has it.")


def play(
    ctx: Context,
    track_id: TrackId,
    player: Annotated[
        str | None,
        typer.Option("--player", metavar="COMMAND", help="The program that plays it; so does AMV_PLAYER."),
    ] = None,
    format: Annotated[
        AudioFormat | None, typer.Option("--format", "-f", help="By default the best that it plays.")
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser", help="In the web browser, by a link that ends in an hour.")
    ] = False,
) -> None:
    """Play a track, with the first player that is found here.

    Looked for are mpv, ffplay, cvlc, afplay, pw-play, paplay, aplay, mpg123 and play (SoX), in this order.

    Example:
        amv tracks play trk_0mYdJ1x0FzbcL5Vn4zQ
        amv tracks play trk_0mYdJ1x0FzbcL5Vn4zQ --player "mpv --volume=60"
    """
    from aimusicverse.cli import players, playing

    if browser:
        if player is not None:
            raise UsageProblem("--player and --browser exclude each other")
        playing.require_lasting_server(ctx)
    found = [] if browser else players.candidates(player, value(format))
    with ctx.client() as client:
        track = client.tracks.get(track_id)
        if browser:
            by = "browser"
            link = client.tracks.play_url(track, format=value(format) or _for_browsers(track))
            playing.open_in_browser(link.url)
        else:
            chosen, form = players.choose(found, value(format), track.audio.formats)
            by = chosen.name
            options = {"--player": player, "--format": value(format)}
            words = [word for option in options.items() if option[1] is not None for word in option]
            again = ctx.line("tracks", "play", track.id, *map(str, words))
            playing.play(ctx, client, track, chosen, form, again=again)
    if ctx.output.json:
        ctx.output.object({**track.model_dump(mode="json"), "player": by})


def _for_browsers(track: Track) -> str:
    """The smallest form that there is: a browser begins before it has it all."""
    return next(form for form in ("mp3", "flac", "wav") if form in track.audio.formats)
