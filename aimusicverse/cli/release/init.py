"""`amv release init`: a `release.toml` to fill in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.release import opened
from aimusicverse.cli.release.named_files import named_files

if TYPE_CHECKING:
    from aimusicverse.release.beginning import Beginning

app: Final = CommandSet()


@app.command()
def init(
    ctx: Context,
    sounds: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOUND...]", help="Sound files, in the order of tracks; and the cover."),
    ] = None,
    track: Annotated[
        str | None, typer.Option("--track", metavar="ID", help="A track of your server, instead of files.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Of the release.")] = None,
    artist: Annotated[str | None, typer.Option("--artist", metavar="NAME", help="Whose it is.")] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="PATH", help="A file, or a folder; release.toml by default."),
    ] = None,
) -> None:
    """Make a release.toml to fill in, from sound files or from a track.

    It has every key with a line of what it is. What you say of every release stands in release-defaults.toml
    of your config folder, and is filled in. A file that is there is never overwritten.

    Example:
        amv release init song.wav
        amv release init album/*.flac album/cover.jpg -o album/
        amv release init --track trk_5Hk2dJ3mW8sQ
    """
    place = _place(output)
    if sounds and track is not None:
        raise UsageProblem("--track and sound files contradict each other")
    files, cover = named_files(sounds or [])
    today = datetime.now(UTC).astimezone().date()
    known: dict[str, Any] = opened.own_defaults().keys(today)
    known |= {key: value for key, value in {"title": title, "artist": artist}.items() if value is not None}
    if cover is not None:
        from aimusicverse.release.beginning import relative

        known["cover"] = {"file": relative(place.parent, cover)}
    begun = _begun(ctx, files, track, place.parent, known)
    from aimusicverse.cli.release.whole_file import create
    from aimusicverse.release.toml_form import written

    create(place, written(begun.release, begun.notes).encode())
    if ctx.output.json:
        ctx.output.object(
            {"file": str(place), "title": begun.release.title, "tracks": len(begun.release.tracks)}
        )
    else:
        ctx.output.record([("file", str(place))])
    ctx.output.note(f"Fill it in, then: amv release check{'' if place.name == str(place) else f' {place}'}")


def _begun(
    ctx: Context, files: list[Path], track: str | None, folder: Path, known: dict[str, Any]
) -> Beginning:
    from aimusicverse.release import beginning

    if track is not None:
        with ctx.client() as client:
            return beginning.of_track(client.tracks.get(track), known)
    if files:
        return beginning.of_files(files, folder, known)
    return beginning.of_nothing(known)


def _place(output: str | None) -> Path:
    """Where it goes, tried out before a server is asked.

    Raises:
        UsageProblem: there is a file already, or no such folder.
        OutputProblem: nothing can be written there.
    """
    from aimusicverse.cli.destination import folder_of, try_out

    if output is not None and (not output or "\0" in output):
        raise UsageProblem("-o needs a name that a file can have")
    folder = folder_of(output)
    place = Path(str(output)) if folder is None else folder / opened.NAME
    if place.exists() or place.is_symlink():
        raise UsageProblem(
            f"{place} is there already, and is not overwritten",
            hint="Edit it, or choose another name with -o.",
        )
    try_out(place)
    return place
