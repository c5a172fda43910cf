"""`amv tracks`: finished recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from aimusicverse.cli import (
    track_midi,
    track_plot,
    track_regenerate,
    track_stems,
    track_structure,
    track_waveform,
)
from aimusicverse.cli.command import group
from aimusicverse.cli.confirm import Yes, ask, need_a_yes
from aimusicverse.cli.context import Context
from aimusicverse.cli.durations import clock
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.moments import age, moment
from aimusicverse.cli.typed import (
    AudioFormat,
    Cursor,
    Depth,
    Format,
    Limit,
    Out,
    bits,
    seconds,
    value,
    with_options,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimusicverse.types import Track, TrackDistribution

app: Final = group("Your finished recordings.")

TrackId = Annotated[str, typer.Argument(metavar="ID", help="trk_…")]


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
    ctx.output.record([*_facts(ctx, track), *_places(page.data)])
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
                _print_kept(ctx, track)
    if ctx.output.json:
        ctx.output.object({"data": [track.model_dump(mode="json") for track in kept]})


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
        _show(ctx, client.tracks.update(track_id, if_match=if_match, **changes))


@app.command()
def restore(ctx: Context, track_id: TrackId) -> None:
    """Bring back a track that was deleted less than 30 days ago.

    Example:
        amv tracks restore trk_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        _show(ctx, client.tracks.restore(track_id))


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


@app.command("play-url")
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


@app.command()
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


app.command()(track_midi.midi)
app.command()(track_structure.structure)
app.command()(track_waveform.waveform)
app.command()(track_plot.plot)
app.command()(track_stems.stems)
app.command()(track_regenerate.regenerate)


def _for_browsers(track: Track) -> str:
    """The smallest form that there is: a browser begins before it has it all."""
    return next(form for form in ("mp3", "flac", "wav") if form in track.audio.formats)


def _print_kept(ctx: Context, track: Track) -> None:
    from aimusicverse.cli.safe_text import one_line

    loud = f"{track.audio.lufs:.1f} LUFS"
    ctx.output.line("\t".join([track.id, one_line(track.title), clock(track.duration_seconds) or "", loud]))


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


def _show(ctx: Context, track: Track) -> None:
    if ctx.output.json:
        ctx.output.object(track)
        return
    ctx.output.record(_facts(ctx, track))
    ctx.output.next_step(f"amv tracks download {track.id}")


def _places(places: Iterable[TrackDistribution]) -> list[tuple[str, str | None]]:
    """A line for each place: a store may have it from several distributions."""
    return [
        (
            place.platform,
            " ".join(
                filter(None, (place.mode, place.status, place.external_url, f"({place.distribution_id})"))
            ),
        )
        for place in places
    ]


def _sections(track: Track) -> str | None:
    """`0 intro, 1 verse, 2 chorus`: as `amv tracks regenerate` counts them."""
    plan = track.provenance.plan
    if plan is None:
        return None
    return ", ".join(f"{number} {part.name}" for number, part in enumerate(plan.sections))


def _facts(ctx: Context, track: Track) -> list[tuple[str, str | None]]:
    made = track.provenance
    return [
        ("id", track.id),
        ("title", track.title),
        ("artist", track.artist),
        ("status", track.status),
        ("length", clock(track.duration_seconds)),
        ("genre", track.genre),
        ("tempo", f"{track.tempo_bpm:g} bpm" if track.tempo_bpm else None),
        ("key", track.key),
        ("tags", ", ".join(track.tags) or None),
        ("artwork", track.artwork_id),
        (
            "sound",
            f"{track.audio.sample_rate} Hz, {track.audio.bit_depth} bit, {track.audio.channels} channels",
        ),
        ("loudness", f"{track.audio.lufs:.1f} LUFS, true peak {track.audio.true_peak_dbtp:.1f} dBTP"),
        ("formats", ", ".join(track.audio.formats)),
        ("made by", f"{made.engine} {made.engine_version}"),
        ("machine made", ", ".join(made.ai_parts) or None),
        ("prompt", made.prompt or None),
        ("seed", None if made.seed is None else str(made.seed)),
        ("sections", _sections(track)),
        ("made from", made.derived_from_track_id),
        ("by", made.derivation),
        ("licence", made.licence),
        ("created", moment(ctx, track.created_at)),
    ]
