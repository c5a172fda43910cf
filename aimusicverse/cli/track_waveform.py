"""`amv tracks waveform`: the outline of a recording, as a picture in the terminal or as numbers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from aimusicverse.cli.context import Context
from aimusicverse.cli.durations import clock
from aimusicverse.cli.typed import TrackId

if TYPE_CHECKING:
    from aimusicverse.types import Waveform

_BLOCKS = " ▁▂▃▄▅▆▇█"
_ROWS = 4
_FULL_SCALE = 32767


def waveform(
    ctx: Context,
    track_id: TrackId,
    points: Annotated[
        int | None,
        typer.Option(
            "--points",
            metavar="N",
            min=10,
            max=10_000,
            help="At most so many; 1,000 by default, on a terminal as many as it is wide.",
        ),
    ] = None,
) -> None:
    """Show the outline of a track's recording.

    In a pipe it is a line for each point: seconds, lowest and highest sample (full scale is 32767). With
    --json it is what audiowaveform writes and peaks.js reads.

    Example:
        amv tracks waveform trk_0mYdJ1x0FzbcL5Vn4zQ
        amv tracks waveform trk_0mYdJ1x0FzbcL5Vn4zQ --points 2000 --json > peaks.json
    """
    drawn = ctx.output.to_terminal and not ctx.output.json
    width = min(10_000, max(10, shutil.get_terminal_size().columns - 1))
    asked = points or (width if drawn else 1000)
    with ctx.client() as client:
        found = client.tracks.waveform(track_id, points=min(asked, width) if drawn else asked)
    if ctx.output.json:
        ctx.output.object(found)
    elif drawn:
        for line in picture(found):
            ctx.output.line(line)
    else:
        step = found.samples_per_pixel / found.sample_rate
        low, high = found.data[::2], found.data[1::2]
        for index in range(found.length):
            ctx.output.line(f"{index * step:.3f}\t{low[index]}\t{high[index]}")


def picture(found: Waveform) -> Iterator[str]:
    """How far the sound goes from silence, in four rows of blocks, with the times below."""
    heights = [
        max(-low, high, 0) / _FULL_SCALE * _ROWS
        for low, high in zip(found.data[::2], found.data[1::2], strict=True)
    ]
    for row in reversed(range(_ROWS)):
        yield "".join(_BLOCKS[round(8 * min(1.0, max(0.0, height - row)))] for height in heights)
    end = clock(found.length * found.samples_per_pixel / found.sample_rate)
    yield "0:00" + end.rjust(max(len(end) + 1, len(heights) - 4))
