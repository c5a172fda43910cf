"""`amv artwork`: pictures for releases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from aimusicverse.cli import check_view, exits, picture_check
from aimusicverse.cli.command import group
from aimusicverse.cli.confirm import Yes, ask, need_a_yes
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import CommandError, Interrupted, UsageProblem
from aimusicverse.cli.moments import age, moment
from aimusicverse.cli.safe_text import one_line
from aimusicverse.cli.typed import Cursor, Limit, Out, Timeout

if TYPE_CHECKING:
    from aimusicverse.client import Client
    from aimusicverse.types import Artwork

app: Final = group("Pictures for releases: drawn, brought, looked at.")

ArtworkId = Annotated[str, typer.Argument(metavar="ID", help="art_…")]
TrackId = Annotated[str | None, typer.Option("--track", metavar="ID", help="trk_…, which it is for.")]
Artist = Annotated[
    str | None, typer.Option("--artist", metavar="NAME", help="The track's, unless said otherwise.")
]


@app.command()
def create(
    ctx: Context,
    title: Annotated[
        str | None, typer.Argument(metavar="TITLE", help="Of the release; not needed with --track.")
    ] = None,
    track: TrackId = None,
    artist: Artist = None,
    mood: Annotated[str | None, typer.Option("--mood", metavar="WORD", help="Such as calm or dark.")] = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="KEY", help='Like "A minor": colours follow from it.')
    ] = None,
    style: Annotated[
        str | None, typer.Option("--style", metavar="NAME", help="By mood and genre otherwise.")
    ] = None,
    template: Annotated[
        str | None, typer.Option("--template", metavar="NAME", help="See amv artwork templates.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="For the same picture again.")
    ] = None,
    lettering: Annotated[
        bool, typer.Option("--lettering", help="Write title and artist on the picture.")
    ] = False,
    generator: Annotated[
        str | None,
        typer.Option("--generator", metavar="NAME", help="stability or replicate, if the server has them."),
    ] = None,
    prompt: Annotated[
        str | None, typer.Option("--prompt", metavar="TEXT", help="What the generator is asked for.")
    ] = None,
    output: Out = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Do not wait for it; nothing is saved.")] = False,
    timeout: Timeout = None,
) -> None:
    """Draw a picture of 3000 × 3000 pixels, after a track or after a title, and save it.

    Example:
        amv artwork create --track trk_0mYdJ1x0FzbcL5Vn4zQ --lettering -o cover.jpg
    """
    from aimusicverse.cli import cover_file

    if title is None and track is None:
        raise UsageProblem("a picture needs a title, or a track", hint='amv artwork create "Rainy night"')
    if no_wait and output is not None:
        raise UsageProblem("-o and --no-wait exclude each other")
    if not no_wait:
        cover_file.check(output)
    wishes: dict[str, Any] = {
        "title": title,
        "track": track,
        "artist": artist,
        "mood": mood,
        "key": key,
        "style": style,
        "template": template,
        "seed": seed,
        "lettering": lettering,
        "generator": generator,
        "prompt": prompt,
    }
    with ctx.client() as client:
        artwork = client.artwork.create(**wishes)
        if no_wait:
            _show(ctx, artwork)
            return
        _wait_and_save(ctx, client, artwork, output, timeout)


@app.command()
def upload(
    ctx: Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A JPEG, PNG or WebP; - reads standard input.")],
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="The file's name by default.")
    ] = None,
    artist: Artist = None,
    track: TrackId = None,
) -> None:
    """Bring a picture of your own; up to 20 MiB, 64 to 10,000 pixels on each side.

    What the file says of place, time and camera is not kept.

    Example:
        amv artwork upload cover.png --title "Rainy night"
    """
    from aimusicverse.cli import cover_file
    from aimusicverse.cli.progress import of_upload, progress
    from aimusicverse.types.artwork_request import MOST_ARTWORK_BYTES

    if file == "-" and title is None:
        raise UsageProblem("what comes from standard input has no name", hint="Add --title.")
    image = cover_file.read(file, MOST_ARTWORK_BYTES)
    with ctx.client() as client:
        with progress(ctx.output) as shown:
            artwork = client.artwork.upload(
                image,
                title=title,
                artist=artist,
                track=track,
                progress=lambda done, total: of_upload(shown, done, total, "looking"),
            )
        _show(ctx, artwork)


@app.command()
def templates(ctx: Context) -> None:
    """List pictures that need no wishes beyond a title.

    Example:
        amv artwork templates
    """
    with ctx.client() as client:
        found = client.artwork.templates()
    if ctx.output.json:
        ctx.output.object({"data": [one.model_dump(mode="json") for one in found]})
        return
    ctx.output.table(
        ["template", "style", "mood", "about"],
        [(one.id, one.style, one.mood, one.description) for one in found],
        gives_way="about",
    )
    ctx.output.next_step(f'amv artwork create "Rainy night" --template {found[0].id}')


@app.command()
def get(
    ctx: Context,
    artwork_id: ArtworkId,
    output: Out = None,
    size: Annotated[
        int | None,
        typer.Option("--size", metavar="N", help="With -o: the smallest form of at least N pixels a side."),
    ] = None,
    timeout: Timeout = None,
) -> None:
    """Show an artwork; with -o wait for its picture and save it.

    Example:
        amv artwork get art_0mYdJ1x0FzbcL5Vn4zQ -o cover.jpg
    """
    from aimusicverse.cli import cover_file

    if output is None and (size is not None or timeout is not None):
        raise UsageProblem("--size and --timeout need -o", hint="-o . saves into this folder.")
    if output is not None:
        cover_file.check(output)
    with ctx.client() as client:
        artwork = client.artwork.get(artwork_id)
        if output is None:
            _show(ctx, artwork)
        else:
            _wait_and_save(ctx, client, artwork, output, timeout, size)


@app.command("list")
def list_artwork(
    ctx: Context,
    track: TrackId = None,
    status: Annotated[
        str | None,
        typer.Option("--status", metavar="NAME", help="queued, processing, completed or failed."),
    ] = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> None:
    """List artworks, newest first.

    Example:
        amv artwork list --status completed
    """
    with ctx.client() as client:
        page = client.artwork.list(track=track, status=status, limit=limit).page(cursor)
    ctx.show_page(
        page,
        {
            "id": lambda artwork: artwork.id,
            "title": lambda artwork: artwork.title,
            "status": lambda artwork: artwork.status,
            "from": lambda artwork: artwork.source,
            "style": lambda artwork: artwork.style or "",
            "pixels": lambda artwork: _pixels(artwork) or "",
            "created": lambda artwork: age(ctx, artwork.created_at),
        },
        gives_way="title",
    )


app.command()(picture_check.check)


@app.command()
def delete(
    ctx: Context,
    artwork_id: ArtworkId,
    if_match: Annotated[
        str | None, typer.Option("--if-match", metavar="ETAG", help="Only if it still has this etag.")
    ] = None,
    yes: Yes = False,
) -> None:
    """Delete an artwork. Tracks that have it have none then.

    Asks first on a terminal; elsewhere it needs --yes.

    Example:
        amv artwork delete art_0mYdJ1x0FzbcL5Vn4zQ --yes
    """
    need_a_yes(ctx, yes)
    with ctx.client() as client:
        if not yes:
            artwork = client.artwork.get(artwork_id)
            ask(artwork.title, artwork.id)
        client.artwork.delete(artwork_id, if_match=if_match)
    if ctx.output.json:
        ctx.output.object({"id": artwork_id, "deleted": True})
    else:
        ctx.output.note(f"Deleted {artwork_id}.")


def _wait_and_save(
    ctx: Context,
    client: Client,
    artwork: Artwork,
    output: str | None,
    timeout: float | None,
    size: int | None = None,
) -> None:
    """Wait for the picture and save it. Whatever stops it, the error names the command that goes on."""
    from aimusicverse.cli import cover_file

    form = [] if size is None else ["--size", str(size)]
    again = ctx.line("artwork", "get", artwork.id, "-o", output or ".", *form)
    try:
        artwork = _waited(ctx, client, artwork, timeout, again)
        path = cover_file.write(client.artwork.image(artwork, size=size), output, title=artwork.title)
    except KeyboardInterrupt as interrupt:
        raise Interrupted(
            f"interrupted; {artwork.id} is kept",
            exit_code=getattr(interrupt, "exit_code", exits.INTERRUPTED),
            hint=f"Resume: {again}",
        ) from None
    _report(ctx, artwork, path)


def _waited(ctx: Context, client: Client, artwork: Artwork, timeout: float | None, again: str) -> Artwork:
    from aimusicverse.cli.failure import failure
    from aimusicverse.cli.progress import progress
    from aimusicverse.errors import APIConnectionError

    with progress(ctx.output) as shown:
        try:
            return client.artwork.wait(
                artwork,
                timeout=timeout,
                progress=lambda seen: shown.show(seen.status, _FAR.get(seen.status, 0)),
            )
        except APIConnectionError as error:
            told = failure(error)
            raise CommandError(
                error.message,
                exit_code=told.exit_code,
                code=told.code,
                hint=f"Resume: {again}",
                retryable=True,
            ) from error


#: A picture says no more of how far it is.
_FAR: Final = {"queued": 0.0, "processing": 0.5, "completed": 1.0}


def _report(ctx: Context, artwork: Artwork, path: Path | None) -> None:
    if ctx.output.json:
        if path is not None:
            ctx.output.object({**artwork.model_dump(mode="json"), "files": [str(path)]})
        return
    if path is not None:
        ctx.output.line(
            f"{path}  {artwork.style or artwork.source}  {artwork.id}"
            if ctx.output.to_terminal
            else str(path)
        )
    for one in check_view.lines(artwork.checks):
        ctx.output.note(one_line(one))
    if artwork.track_id is not None:
        ctx.output.next_step(f"amv tracks edit {artwork.track_id} --artwork {artwork.id}")


def _show(ctx: Context, artwork: Artwork) -> None:
    if ctx.output.json:
        ctx.output.object(artwork)
        return
    problem, made = artwork.problem, artwork.provenance
    ctx.output.record(
        [
            ("id", artwork.id),
            ("title", artwork.title),
            ("artist", artwork.artist),
            ("status", artwork.status),
            ("from", artwork.source),
            ("track", artwork.track_id),
            ("style", artwork.style),
            ("template", artwork.template),
            ("seed", None if artwork.seed is None else str(artwork.seed)),
            ("picture", _facts(artwork)),
            *(("check", one) for one in check_view.lines(artwork.checks)),
            ("engine", f"{made.engine} {made.engine_version}" if made else None),
            ("problem", (problem.detail or problem.title) if problem else None),
            ("etag", artwork.etag),
            ("created", moment(ctx, artwork.created_at)),
        ]
    )
    if artwork.status != "failed":
        ctx.output.next_step(f"amv artwork get {artwork.id} -o cover.jpg")


def _pixels(artwork: Artwork) -> str | None:
    return None if artwork.width is None else f"{artwork.width} × {artwork.height}"


def _facts(artwork: Artwork) -> str | None:
    if artwork.width is None or artwork.size_bytes is None:
        return None
    return f"{artwork.content_type}, {_pixels(artwork)} pixels, {artwork.size_bytes:,} bytes"
