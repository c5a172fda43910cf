"""`amv tracks upload`: recordings that somebody made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aimusicverse.cli.context import Context
from aimusicverse.cli.durations import clock
from aimusicverse.cli.errors import UsageProblem

if TYPE_CHECKING:
    from aimusicverse.types import Track


def upload(
    ctx: Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="WAV, FLAC, MP3, AIFF or Ogg.")],
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="By default the file's name; for one file.")
    ] = None,
    artist: Annotated[str | None, typer.Option("--artist", metavar="NAME", help="Who made it.")] = None,
    genre: Annotated[str | None, typer.Option("--genre", metavar="NAME", help="Its genre.")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="May be repeated.")] = None,
) -> None:
    """Bring recordings of your own, up to 2 GiB and three hours each.

    Each is printed when it is kept; the first that is refused ends the command.

    Example:
        amv tracks upload song.flac --artist "Ada Lin" --tag demo
    """
    from aimusicverse.cli.progress import of_upload, progress

    if title is not None and len(files) > 1:
        raise UsageProblem("--title is for one file", hint="Leave it out: each is named after its file.")
    kept: list[Track] = []
    with ctx.client() as client:
        for file in files:
            with progress(ctx.output) as shown:
                track = client.tracks.upload(
                    file,
                    title=title,
                    artist=artist,
                    genre=genre,
                    tags=tag or [],
                    progress=lambda done, total, shown=shown: of_upload(shown, done, total),  # type: ignore[misc]
                )
            kept.append(track)
            if not ctx.output.json:
                _print(ctx, track)
    if ctx.output.json:
        ctx.output.object({"data": [track.model_dump(mode="json") for track in kept]})


def _print(ctx: Context, track: Track) -> None:
    from aimusicverse.cli.safe_text import one_line

    loud = f"{track.audio.lufs:.1f} LUFS"
    ctx.output.line("\t".join([track.id, one_line(track.title), clock(track.duration_seconds) or "", loud]))
