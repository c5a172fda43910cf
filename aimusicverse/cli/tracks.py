"""`amv tracks`: finished recordings."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from aimusicverse.cli import (
    track_midi,
    track_play,
    track_plot,
    track_regenerate,
    track_stems,
    track_structure,
    track_upload,
    track_view,
    track_waveform,
)
from aimusicverse.cli.command import group
from aimusicverse.cli.confirm import Yes, ask, need_a_yes
from aimusicverse.cli.context import Context
from aimusicverse.cli.durations import clock
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.moments import age
from aimusicverse.cli.typed import (
    Cursor,
    Depth,
    Format,
    Limit,
    Out,
    TrackId,
    bits,
    value,
    with_options,
)

app: Final = group("Your finished recordings.")

Genre = Annotated[str | None, typer.Option("--genre", metavar="NAME", help="Only this genre.")]
Status = Annotated[
    str | None, typer.Option("--status", metavar="NAME", help="ready, or deleted: what can be restored.")
]
After = Annotated[
    str | None, typer.Option("--after", metavar="TIME", help="Only made after it: 2026-01-31T12:00:00Z.")
]
Before = Annotated[str | None, typer.Option("--before", metavar="TIME", help="Only made before it.")]
Sort = Annotated[
    str | None,
    typer.Option(
        "--sort",
        metavar="FIELD",
        help="created_at, updated_at, title or duration_seconds; -title: the other way round.",
    ),
]


def _filters(
    genre: Genre = None,
    status: Status = None,
    after: After = None,
    before: Before = None,
    sort: Sort = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> None: ...


@app.command("list")
@with_options(_filters)
def list_tracks(ctx: Context, **filters: Any) -> None:
    """List tracks, newest first.

    Example:
        amv tracks list --genre lofi --json
        amv tracks list --status deleted
    """
    _list(ctx, **filters)


@app.command()
@with_options(_filters)
def search(
    ctx: Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="All of them must be there.")],
    **filters: Any,
) -> None:
    """Find tracks by words in their title, artist, genre, tags, lyrics or prompt, newest first.

    Of the last word the beginning is enough. Case, accents and punctuation do not matter.

    Example:
        amv tracks search rainy ni
    """
    _list(ctx, q=" ".join(words), **filters)


@app.command()
def get(ctx: Context, track_id: TrackId) -> None:
    """Show a track, its measures, and where it stands in stores.

    Example:
        amv tracks get trk_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        track = client.tracks.get(track_id)
        page = client.tracks.distributions(track).page()
    if ctx.output.json:
        places = [place.model_dump(mode="json") for place in page.data]
        ctx.output.object({**track.model_dump(mode="json"), "distributions": places})
        return
    ctx.output.record([*track_view.facts(ctx, track), *track_view.places(page.data)])
    if page.next_cursor:
        ctx.output.note(f"In more places: amv tracks distributions {track.id}")
    ctx.output.next_step(f"amv tracks download {track.id}")


@app.command()
def download(
    ctx: Context, track_id: TrackId, output: Out = None, format: Format = None, bit_depth: Depth = None
) -> None:
    """Save a track's audio.

    Without -o the file is named after the track's title and replaces none.

    Example:
        amv tracks download trk_0mYdJ1x0FzbcL5Vn4zQ -o song.flac
    """
    from aimusicverse.cli.destination import destination
    from aimusicverse.cli.follow_through import facts, save_track

    place = destination(output, value(format), name="song")
    depth = bits(bit_depth, place.format)
    with ctx.client() as client:
        track = client.tracks.get(track_id)
        if place.ours:
            place = destination(output, value(format), name=track.title)
        file = save_track(ctx, client, track, place, depth)
    if ctx.output.json:
        ctx.output.object({**track.model_dump(mode="json"), "files": [str(file)] if file else []})
    elif file is not None:
        ctx.output.line(f"{file}  {facts(track)}" if ctx.output.to_terminal else str(file))


@app.command()
def edit(
    ctx: Context,
    track_id: TrackId,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="A new title.")] = None,
    artist: Annotated[
        str | None, typer.Option("--artist", metavar="NAME", help='Who made it; "" removes it.')
    ] = None,
    genre: Annotated[
        str | None, typer.Option("--genre", metavar="NAME", help='A new genre; "" removes it.')
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option(
            "--tag", metavar="TAG", help='In place of all there are; may be repeated; "" removes them.'
        ),
    ] = None,
    lyrics: Annotated[
        str | None, typer.Option("--lyrics", metavar="TEXT", help='New lyrics; "" removes them.')
    ] = None,
    lyrics_file: Annotated[
        str | None, typer.Option("--lyrics-file", metavar="FILE", help="The lyrics from a file; - is stdin.")
    ] = None,
    artwork: Annotated[
        str | None,
        typer.Option("--artwork", metavar="ID", help='art_…, which it is shown with; "" removes it.'),
    ] = None,
    if_match: Annotated[
        str | None,
        typer.Option("--if-match", metavar="ETAG", help="Only if nobody changed it since it had this etag."),
    ] = None,
) -> None:
    """Change a track's title, artist, genre, tags, lyrics or artwork.

    Example:
        amv tracks edit trk_0mYdJ1x0FzbcL5Vn4zQ --title "Rainy Night" --tag rain --tag night
    """
    from aimusicverse.cli import request

    if lyrics is not None and lyrics_file is not None:
        raise UsageProblem("--lyrics and --lyrics-file exclude each other")
    words = lyrics if lyrics_file is None else request.read_text(lyrics_file, "--lyrics-file")
    given = {"artist": artist, "genre": genre, "lyrics": words, "artwork": artwork}
    changes: dict[str, Any] = {name: text or None for name, text in given.items() if text is not None}
    if title is not None:
        changes["title"] = title
    if tag is not None:
        changes["tags"] = [] if tag == [""] else tag
    if not changes:
        raise UsageProblem(
            "there is nothing to change",
            hint="Say what: --title, --artist, --genre, --tag, --lyrics, --artwork.",
        )
    with ctx.client() as client:
        track_view.show(ctx, client.tracks.update(track_id, if_match=if_match, **changes))


@app.command()
def restore(ctx: Context, track_id: TrackId) -> None:
    """Bring back a track that was deleted less than 30 days ago.

    Example:
        amv tracks restore trk_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        track_view.show(ctx, client.tracks.restore(track_id))


@app.command()
def delete(
    ctx: Context,
    track_id: TrackId,
    yes: Yes = False,
) -> None:
    """Delete a track. For 30 days `amv tracks restore` brings it back.

    Asks first on a terminal; elsewhere it needs --yes.

    Example:
        amv tracks delete trk_0mYdJ1x0FzbcL5Vn4zQ --yes
    """
    need_a_yes(ctx, yes)
    with ctx.client() as client:
        if not yes:
            track = client.tracks.get(track_id)
            ask(track.title, track.id)
        client.tracks.delete(track_id)
    if ctx.output.json:
        ctx.output.object({"id": track_id, "deleted": True})
    else:
        ctx.output.note(f"Deleted {track_id}.")
        ctx.output.next_step(f"amv tracks restore {track_id}")


@app.command()
def distributions(ctx: Context, track_id: TrackId, limit: Limit = 30, cursor: Cursor = None) -> None:
    """List where a track stands, or is to stand: a line for each store of each distribution.

    Example:
        amv tracks distributions trk_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        page = client.tracks.distributions(track_id, limit=limit).page(cursor)
    ctx.show_page(
        page,
        {
            "distribution": lambda one: one.distribution_id,
            "platform": lambda one: one.platform,
            "mode": lambda one: one.mode,
            "status": lambda one: one.status,
            "updated": lambda one: age(ctx, one.updated_at),
            "link": lambda one: one.external_url or "",
        },
        gives_way="link",
    )


app.command()(track_upload.upload)
app.command("play-url")(track_play.play_url)
app.command()(track_play.play)
app.command()(track_midi.midi)
app.command()(track_structure.structure)
app.command()(track_waveform.waveform)
app.command()(track_plot.plot)
app.command()(track_stems.stems)
app.command()(track_regenerate.regenerate)


def _list(ctx: Context, *, cursor: str | None, after: str | None, before: str | None, **filters: Any) -> None:
    with ctx.client() as client:
        page = client.tracks.list(created_after=after, created_before=before, **filters).page(cursor)
    ctx.show_page(
        page,
        {
            "id": lambda track: track.id,
            "title": lambda track: track.title,
            "length": lambda track: clock(track.duration_seconds),
            "genre": lambda track: track.genre or "",
            "tempo": lambda track: f"{track.tempo_bpm:g}" if track.tempo_bpm else "",
            "key": lambda track: track.key or "",
            "created": lambda track: age(ctx, track.created_at),
        },
        gives_way="title",
    )
