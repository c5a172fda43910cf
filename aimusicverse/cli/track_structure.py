"""`amv tracks structure`: the form of a track and its chords."""

from __future__ import annotations

from aimusicverse.cli.context import Context
from aimusicverse.cli.typed import TrackId


def structure(ctx: Context, track_id: TrackId) -> None:
    """Show a track's sections, bars and chords, as on a lead sheet.

    `%` is a bar in which the chord before goes on. Of an upload, sections, tempo and key are estimated from
    its sound.

    Example:
        amv tracks structure trk_0mYdJ1x0FzbcL5Vn4zQ
    """
    from aimusicverse.cli import chord_chart

    with ctx.client() as client:
        found = client.tracks.structure(track_id)
    if ctx.output.json:
        ctx.output.object(found)
        return
    for line in chord_chart.lines(found):
        ctx.output.line(line)
