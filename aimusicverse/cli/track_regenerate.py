"""`amv tracks regenerate`: a section of a track, played anew."""

from __future__ import annotations

from typing import Annotated

import typer

from aimusicverse.cli.context import Context
from aimusicverse.cli.typed import Depth, Format, Out, Timeout, TrackId, bits, value


def regenerate(
    ctx: Context,
    track_id: TrackId,
    section: Annotated[
        int,
        typer.Argument(metavar="SECTION", help="Which one, counted from 0; as `amv tracks get ID` does."),
    ],
    output: Out = None,
    take: Annotated[
        int | None, typer.Option("--take", metavar="N", help="Which take; the next one by default.")
    ] = None,
    format: Format = None,
    bit_depth: Depth = None,
    timeout: Timeout = None,
) -> None:
    """Play a section of a track anew. All else stays the same to the sample, in a new track.

    Example:
        amv tracks regenerate trk_0mYdJ1x0FzbcL5Vn4zQ 2 -o song.wav
    """
    from aimusicverse.cli.destination import destination
    from aimusicverse.cli.follow_through import Wish, follow_through, report

    place = destination(output, value(format), name="song")
    depth = bits(bit_depth, place.format)
    with ctx.client(renders=True) as client:
        generation = client.tracks.regenerate_section(track_id, section, take=take)
        if place.ours:
            name = generation.title or generation.prompt
            place = destination(output, value(format), name=name)
        generation, files = follow_through(ctx, client, generation, Wish(place, depth, timeout))
        report(ctx, generation, files)
