"""`amv tracks`: finished recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.command import group
from aimusicverse.cli.confirm import Yes, ask, need_a_yes
from aimusicverse.cli.context import Context
from aimusicverse.cli.durations import clock
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.moments import age, moment
from aimusicverse.cli.typed import AudioFormat, Cursor, Depth, Format, Limit, Out, seconds, value

if TYPE_CHECKING:
    from aimusicverse.types import Track

app: Final = group("Your finished recordings.")

TrackId = Annotated[str, typer.Argument(metavar="ID", help="trk_…")]


@app.command("list")
def list_tracks(
    ctx: Context,
    genre: Annotated[str | None, typer.Option("--genre", metavar="NAME", help="Only this genre.")] = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> None:
    """List tracks, newest first.

    Example:
        amv tracks list --genre lofi --json
    """
    with ctx.client() as client:
        page = client.tracks.list(genre=genre, limit=limit).page(cursor)
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


@app.command()
def get(ctx: Context, track_id: TrackId) -> None:
    """Show a track and its measures.

    Example:
        amv tracks get trk_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        track = client.tracks.get(track_id)
    if ctx.output.json:
        ctx.output.object(track)
        return
    ctx.output.record(_facts(ctx, track))
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
    if place.format == "mp3" and bit_depth is not None:
        raise UsageProblem(
            "an MP3 file has no bit depth", hint="Leave --bit-depth out, or choose wav or flac."
        )
    with ctx.client() as client:
        track = client.tracks.get(track_id)
        if place.ours:
            place = destination(output, value(format), name=track.title)
        file = save_track(ctx, client, track, place, int(bit_depth.value) if bit_depth else None)
    if ctx.output.json:
        ctx.output.object({**track.model_dump(mode="json"), "files": [str(file)] if file else []})
    elif file is not None:
        ctx.output.line(f"{file}  {facts(track)}" if ctx.output.to_terminal else str(file))


@app.command()
def delete(
    ctx: Context,
    track_id: TrackId,
    yes: Yes = False,
) -> None:
    """Delete a track.

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
        (
            "sound",
            f"{track.audio.sample_rate} Hz, {track.audio.bit_depth} bit, {track.audio.channels} channels",
        ),
        ("loudness", f"{track.audio.lufs:.1f} LUFS, true peak {track.audio.true_peak_dbtp:.1f} dBTP"),
        ("formats", ", ".join(track.audio.formats)),
        ("made by", f"{made.engine} {made.engine_version}"),
        ("prompt", made.prompt),
        ("seed", None if made.seed is None else str(made.seed)),
        ("licence", made.licence),
        ("created", moment(ctx, track.created_at)),
    ]
