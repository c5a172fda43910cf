"""`amv release prepare`: one folder with everything that is needed to submit a release."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.release import destinations, opened
from aimusicverse.cli.release.named_files import named_files

if TYPE_CHECKING:
    from aimusicverse.release.artwork import Design
    from aimusicverse.release.preparing import Prepared
    from aimusicverse.types import Track
    from aimusicverse.types.release import Release

app: Final = CommandSet()

#: So many of what is left to do are told on the screen; README.md in the folder has all.
_TOLD: Final = 10


@app.command()
def prepare(
    ctx: Context,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="A release.toml; or sound files and a cover; or the id of a track of your server.",
        ),
    ],
    to: destinations.To = None,
    via: destinations.Via = None,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Of the release.")] = None,
    artist: Annotated[str | None, typer.Option("--artist", metavar="NAME", help="Whose it is.")] = None,
    style: Annotated[
        str | None,
        typer.Option("--style", metavar="STYLE", help="Of the cover, if one is drawn: aura, flow, …"),
    ] = None,
    mood: Annotated[str | None, typer.Option("--mood", metavar="WORDS", help="Of that cover.")] = None,
    lettering: Annotated[bool, typer.Option("--lettering", help="Write title and artist on it.")] = False,
    apple_provider: Annotated[
        str | None,
        typer.Option("--apple-provider", metavar="NAME", help="If you deliver to Apple yourself."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="By default called like the release. One that is there is never touched.",
        ),
    ] = None,
) -> None:
    """Make one folder of all that is needed to submit a release, and a list of what is left to do.

    Report, master, cover, package or kit, answers about AI, proof. Works without a server, from any sound
    file. Exit code 10 when something still blocks: the folder is there all the same, with what to do in its
    README.md.

    Example:
        amv release prepare song.wav --to spotify,apple_music --via distrokid
        amv release prepare release.toml --via distrokid -o "Paper Lanterns"
        amv release prepare trk_5Hk2dJ3mW8sQ --via distrokid --lettering
    """
    from aimusicverse.cli.progress import progress
    from aimusicverse.cli.release.judging import looked_into
    from aimusicverse.cli.release.preparation_errors import told
    from aimusicverse.release.preparing import prepare as make

    where = destinations.destinations(to, via)
    with ExitStack() as undo:
        source = _source(ctx, sources, {"title": title, "artist": artist}, output, undo)
        final = _final(output, source.release)
        design = _design(source, style=style, mood=mood, lettering=lettering)
        found = looked_into(source.release, source.folder, ctx.output)
        with told(), progress(ctx.output) as shown:
            made = make(
                source.release,
                source.folder,
                final,
                where.stores,
                where.via,
                found=found,
                design=design,
                apple_provider=apple_provider,
                progress=shown.show,
            )
    _show(ctx, made)
    if made.report.blocking or any(task.blocking for task in made.left):
        raise typer.Exit(exits.RELEASE_REFUSED)


class _Source(NamedTuple):
    """What is to be prepared: a release, where its files are, and what is known of its music."""

    release: Release
    folder: Path
    track: Track | None = None


def _source(
    ctx: Context, names: list[str], said: dict[str, str | None], output: str | None, undo: ExitStack
) -> _Source:
    """From a file, from sound files, or from a track of the server.

    Raises:
        UsageProblem: neither, or options that do not fit.
        Unreadable: a release.toml that is none.
    """
    from aimusicverse.release import beginning

    given = {key: value for key, value in said.items() if value is not None}
    first = Path(names[0])
    place = first / opened.NAME if first.is_dir() else first
    if place.suffix.lower() == ".toml":
        if len(names) > 1:
            raise UsageProblem("one release.toml is prepared at a time")
        if given:
            raise UsageProblem(f"{' and '.join(f'--{key}' for key in given)}: edit {place} instead")
        return _Source(opened.opened(str(place)).value, place.absolute().parent)
    known = opened.own_defaults().keys(datetime.now(UTC).astimezone().date()) | given
    if names[0].startswith("trk_") and not first.exists():
        if len(names) > 1:
            raise UsageProblem(
                "one track is prepared at a time", hint="For an album: amv release init, then this."
            )
        return _of_track(ctx, names[0], known, output, undo)
    sounds, cover = named_files(names)
    if not sounds:
        raise UsageProblem("there is no sound file among these", hint="amv release prepare song.wav")
    if cover is not None:
        known["cover"] = {"file": beginning.relative(Path.cwd(), cover)}
    return _Source(beginning.of_files(sounds, Path.cwd(), known).release, Path.cwd())


def _of_track(
    ctx: Context, track_id: str, known: dict[str, Any], output: str | None, undo: ExitStack
) -> _Source:
    """Its sound is fetched beside the folder that comes to be, and removed at the end."""
    from tempfile import TemporaryDirectory

    from aimusicverse.cli.progress import of_download, progress
    from aimusicverse.release import beginning

    parent = Path(output).absolute().parent if output else Path.cwd()
    if not parent.is_dir():
        raise UsageProblem(f"there is no folder {parent}")
    folder = Path(undo.enter_context(TemporaryDirectory(prefix=".amv-", dir=parent)))
    with ctx.client() as client:
        track = client.tracks.get(track_id)
        begun = beginning.of_track(track, known).release
        with progress(ctx.output) as shown:
            client.tracks.download(
                track, folder / "track.wav", progress=lambda done, total: of_download(shown, done, total)
            )
    begun.tracks[0].file = "track.wav"
    return _Source(begun, folder, track)


def _final(output: str | None, release: Release) -> Path:
    """The folder that comes to be.

    Raises:
        UsageProblem: there is something by that name.
    """
    from aimusicverse.release.file_names import folder_name

    if output is not None and (not output or "\0" in output):
        raise UsageProblem("-o needs a name that a folder can have")
    final = Path(output) if output is not None else Path(folder_name(release.title))
    if final.exists() or final.is_symlink():
        raise UsageProblem(
            f"{final} is there already, and is left as it is", hint="Choose another name with -o."
        )
    return final


def _design(source: _Source, *, style: str | None, mood: str | None, lettering: bool) -> Design:
    """Of the cover that is drawn, if one is.

    Raises:
        UsageProblem: no such style.
    """
    from aimusicverse.release.artwork import STYLES, Design

    if style is not None and style not in STYLES:
        raise UsageProblem(f"--style: no style is called {style!r}", hint=f"There are: {', '.join(STYLES)}.")
    release, track = source.release, source.track
    return Design(
        release.title,
        release.artists[0].name if release.artists else None,
        mood=mood,
        key=track.key if track else None,
        tempo_bpm=track.tempo_bpm if track else None,
        genre=release.genre,
        style=style,
        lettering=lettering,
    )


def _show(ctx: Context, made: Prepared) -> None:
    """What came of it, and what is left to do."""
    from aimusicverse.cli.safe_text import one_line

    if ctx.output.json:
        ctx.output.object(
            {
                "folder": str(made.folder),
                "blocking": made.report.blocking,
                "left_to_do": [asdict(task) for task in made.left],
                "done": list(made.done),
                "packages": list(made.packages),
            }
        )
        return
    ctx.output.record([("folder", str(made.folder)), *(("package", name) for name in made.packages)])
    for what in made.done:
        ctx.output.note(f"done: {one_line(what)}")
    ctx.output.note("")
    ctx.output.note(f"Left to do ({len(made.left)}), all of it with how in {made.folder / 'README.md'}:")
    for task in made.left[:_TOLD]:
        ctx.output.note(f"  {'needed' if task.blocking else '      '}  {one_line(task.what)}")
    if len(made.left) > _TOLD:
        ctx.output.note(f"          and {len(made.left) - _TOLD} more")
