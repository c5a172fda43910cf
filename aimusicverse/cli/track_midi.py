"""`amv tracks midi`: the notes of a track, in a file."""

from __future__ import annotations

from typing import Annotated

import typer

from aimusicverse.cli.context import Context
from aimusicverse.cli.typed import TrackId


def midi(
    ctx: Context,
    track_id: TrackId,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="PATH", help="A .mid file, a folder, or - for a pipe."),
    ] = None,
    humanised: Annotated[
        bool, typer.Option("--humanised", help="Begin notes when the recording plays them, not on the grid.")
    ] = False,
) -> None:
    """Save a track's notes as a MIDI file, for a sequencer or a notation program.

    Each part is a track of its own, with its General MIDI sound; sections are markers, chords are text.
    Without -o the file is named after the track's title and replaces none. An upload has no notes.

    Example:
        amv tracks midi trk_0mYdJ1x0FzbcL5Vn4zQ -o song.mid
    """
    from aimusicverse.cli import content_file
    from aimusicverse.cli.destination import slug

    content_file.check(output, what="a MIDI file", example="song.mid", suffixes=(".mid", ".midi"))
    with ctx.client() as client:
        track = client.tracks.get(track_id)
        content = client.tracks.midi(track, humanised=humanised)
    file = content_file.write(content, output, name=f"{slug(track.title)}.mid")
    content_file.report(ctx, track, file)
