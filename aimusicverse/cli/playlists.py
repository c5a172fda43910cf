"""`amv playlists`: ordered lists of tracks."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.command import group
from aimusicverse.cli.confirm import Yes, ask, need_a_yes
from aimusicverse.cli.context import Context
from aimusicverse.cli.durations import clock
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.moments import age, moment
from aimusicverse.cli.typed import Cursor, Limit, Out, value

if TYPE_CHECKING:
    from aimusicverse.types import Playlist

app: Final = group("Ordered lists of your tracks.")


class Visibility(StrEnum):
    """Whom a playlist is meant for."""

    PRIVATE = "private"
    PUBLIC = "public"


PlaylistId = Annotated[str, typer.Argument(metavar="ID", help="pls_…")]
TrackIds = Annotated[
    list[str] | None, typer.Argument(metavar="TRACK...", help="trk_…; - reads them from standard input.")
]
Description = Annotated[
    str | None, typer.Option("--description", metavar="TEXT", help="Up to 2,000 characters.")
]
Visible = Annotated[Visibility | None, typer.Option("--visibility", help="private by default.")]
IfMatch = Annotated[
    str | None,
    typer.Option("--if-match", metavar="ETAG", help="Only if nobody changed it since: its etag then."),
]


@app.command("list")
def list_playlists(ctx: Context, limit: Limit = 30, cursor: Cursor = None) -> None:
    """List playlists, newest first.

    Example:
        amv playlists list --json
    """
    with ctx.client() as client:
        page = client.playlists.list(limit=limit).page(cursor)
    ctx.show_page(
        page,
        {
            "id": lambda playlist: playlist.id,
            "title": lambda playlist: playlist.title,
            "tracks": lambda playlist: str(playlist.track_count),
            "length": lambda playlist: clock(playlist.duration_seconds),
            "for": lambda playlist: playlist.visibility,
            "created": lambda playlist: age(ctx, playlist.created_at),
        },
        gives_way="title",
    )


@app.command()
def get(ctx: Context, playlist_id: PlaylistId) -> None:
    """Show a playlist, without its tracks.

    Example:
        amv playlists get pls_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        _show(ctx, client.playlists.get(playlist_id))


@app.command()
def create(
    ctx: Context,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="Up to 200 characters.")],
    track_ids: TrackIds = None,
    description: Description = None,
    visibility: Visible = None,
) -> None:
    """Make a playlist, empty or with tracks.

    Example:
        amv playlists create "Rainy nights" trk_0mYdJ1x0FzbcL5Vn4zQ trk_0mYdJ1x0Gw8n2Kq7TbA
    """
    names = _named(track_ids)
    with ctx.client() as client:
        made = client.playlists.create(
            title, tracks=names, description=description, visibility=value(visibility) or "private"
        )
        _show(ctx, made)


@app.command()
def update(
    ctx: Context,
    playlist_id: PlaylistId,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="A new title.")] = None,
    description: Description = None,
    visibility: Visible = None,
    if_match: IfMatch = None,
) -> None:
    """Change title, description or visibility; an empty description removes it.

    Example:
        amv playlists update pls_0mYdJ1x0FzbcL5Vn4zQ --title "Sunny days"
    """
    if title is description is visibility is None:
        raise UsageProblem("nothing to change", hint="Give --title, --description or --visibility.")
    with ctx.client() as client:
        _show(
            ctx,
            client.playlists.update(
                playlist_id,
                title=title,
                description=description,
                visibility=value(visibility),
                if_match=if_match,
            ),
        )


@app.command()
def delete(ctx: Context, playlist_id: PlaylistId, yes: Yes = False, if_match: IfMatch = None) -> None:
    """Delete a playlist; its tracks stay.

    Asks first on a terminal; elsewhere it needs --yes.

    Example:
        amv playlists delete pls_0mYdJ1x0FzbcL5Vn4zQ --yes
    """
    need_a_yes(ctx, yes)
    with ctx.client() as client:
        if not yes:
            playlist = client.playlists.get(playlist_id)
            ask(playlist.title, playlist.id)
        client.playlists.delete(playlist_id, if_match=if_match)
    if ctx.output.json:
        ctx.output.object({"id": playlist_id, "deleted": True})
    else:
        ctx.output.note(f"Deleted {playlist_id}.")


@app.command()
def cover(ctx: Context, playlist_id: PlaylistId, output: Out = None) -> None:
    """Save a playlist's cover.

    Without -o the file is named after the playlist's title and replaces none.

    Example:
        amv playlists cover pls_0mYdJ1x0FzbcL5Vn4zQ -o cover.jpg
    """
    from aimusicverse.cli import content_file, cover_file

    cover_file.check(output)
    with ctx.client() as client:
        playlist = client.playlists.get(playlist_id)
        content = client.playlists.cover(playlist)
    file = cover_file.write(content, output, title=playlist.title)
    content_file.report(ctx, playlist, file)


@app.command("set-cover")
def set_cover(
    ctx: Context,
    playlist_id: PlaylistId,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="JPEG, PNG or WebP; - reads it from standard input.")
    ],
    if_match: IfMatch = None,
) -> None:
    """Give a playlist a cover, in place of one that it has; up to 10 MiB, 64 to 4,096 pixels on each side.

    What the file says of place, time and camera is not kept.

    Example:
        amv playlists set-cover pls_0mYdJ1x0FzbcL5Vn4zQ rain.jpg
    """
    from aimusicverse.cli import cover_file
    from aimusicverse.types.playlist_request import MOST_COVER_BYTES

    image = cover_file.read(file, MOST_COVER_BYTES)
    with ctx.client() as client:
        _show(ctx, client.playlists.set_cover(playlist_id, image, if_match=if_match))


@app.command("remove-cover")
def remove_cover(ctx: Context, playlist_id: PlaylistId, if_match: IfMatch = None) -> None:
    """Have no cover any more. Where there is none, nothing changes.

    Example:
        amv playlists remove-cover pls_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        _show(ctx, client.playlists.remove_cover(playlist_id, if_match=if_match))


@app.command()
def tracks(ctx: Context, playlist_id: PlaylistId, limit: Limit = 30, cursor: Cursor = None) -> None:
    """List a playlist's tracks in order, each with the entry that `move` and `remove` take.

    Example:
        amv playlists tracks pls_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        page = client.playlists.tracks(playlist_id, limit=limit).page(cursor)
    ctx.show_page(
        page,
        {
            "entry": lambda entry: entry.id,
            "track": lambda entry: entry.track.id,
            "title": lambda entry: entry.track.title,
            "length": lambda entry: clock(entry.track.duration_seconds),
            "added": lambda entry: age(ctx, entry.added_at),
        },
        gives_way="title",
    )


@app.command()
def add(
    ctx: Context,
    playlist_id: PlaylistId,
    track_ids: TrackIds = None,
    at: Annotated[
        int | None, typer.Option("--at", metavar="N", help="Position of the first; 0 is the beginning.")
    ] = None,
    if_match: IfMatch = None,
) -> None:
    """Add tracks at the end, or at a position.

    Example:
        amv playlists add pls_0mYdJ1x0FzbcL5Vn4zQ trk_0mYdJ1x0Gw8n2Kq7TbA --at 0
    """
    names = _some(track_ids)
    with ctx.client() as client:
        _show(ctx, client.playlists.add(playlist_id, names, at=at, if_match=if_match))


@app.command()
def remove(
    ctx: Context,
    playlist_id: PlaylistId,
    items: Annotated[
        list[str] | None,
        typer.Argument(metavar="ITEM...", help="ent_… for one entry, trk_… for a track wherever it stands."),
    ] = None,
    if_match: IfMatch = None,
) -> None:
    """Take entries out, or tracks wherever they stand; all that are named, or none.

    Example:
        amv playlists remove pls_0mYdJ1x0FzbcL5Vn4zQ ent_0mYdJ1x0HkP3w9XcVbN
    """
    names = _some(items)
    with ctx.client() as client:
        _show(ctx, client.playlists.remove(playlist_id, names, if_match=if_match))


@app.command()
def move(
    ctx: Context,
    playlist_id: PlaylistId,
    item: Annotated[
        str, typer.Argument(metavar="ITEM", help="ent_…, or trk_… if the track stands there once.")
    ],
    to: Annotated[int, typer.Option("--to", metavar="N", help="Its position afterwards; 0 is first.")],
    if_match: IfMatch = None,
) -> None:
    """Move an entry to a position; the others close up.

    Example:
        amv playlists move pls_0mYdJ1x0FzbcL5Vn4zQ ent_0mYdJ1x0HkP3w9XcVbN --to 0
    """
    with ctx.client() as client:
        _show(ctx, client.playlists.move(playlist_id, item, to=to, if_match=if_match))


@app.command()
def replace(
    ctx: Context,
    playlist_id: PlaylistId,
    track_ids: TrackIds = None,
    empty: Annotated[bool, typer.Option("--empty", help="No tracks at all from now on.")] = False,
    if_match: IfMatch = None,
) -> None:
    """Have these tracks and no others, in this order.

    Example:
        amv playlists replace pls_0mYdJ1x0FzbcL5Vn4zQ - < ids.txt
    """
    if empty and track_ids:
        raise UsageProblem("--empty takes no tracks")
    names = [] if empty else _some(track_ids)
    with ctx.client() as client:
        _show(ctx, client.playlists.replace(playlist_id, names, if_match=if_match))


def _named(words: list[str] | None) -> list[str]:
    return sys.stdin.read().split() if words == ["-"] else words or []


def _some(words: list[str] | None) -> list[str]:
    names = _named(words)
    if not names:
        raise UsageProblem("nothing is named", hint="Give at least one id, or - to read them.")
    return names


def _show(ctx: Context, playlist: Playlist) -> None:
    if ctx.output.json:
        ctx.output.object(playlist)
        return
    ctx.output.record(
        [
            ("id", playlist.id),
            ("title", playlist.title),
            ("description", playlist.description),
            ("for", playlist.visibility),
            ("tracks", str(playlist.track_count)),
            ("length", clock(playlist.duration_seconds)),
            ("cover", _cover_facts(playlist)),
            ("etag", playlist.etag),
            ("created", moment(ctx, playlist.created_at)),
            ("updated", moment(ctx, playlist.updated_at)),
        ]
    )
    ctx.output.next_step(f"amv playlists tracks {playlist.id}")


def _cover_facts(playlist: Playlist) -> str | None:
    if playlist.cover is None:
        return None
    return f"{playlist.cover.content_type}, {playlist.cover.width} × {playlist.cover.height} pixels"
