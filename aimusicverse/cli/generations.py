"""`amv generations`: work in progress and work done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.command import group
from aimusicverse.cli.context import Context
from aimusicverse.cli.durations import clock
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.moments import age, moment
from aimusicverse.cli.typed import Cursor, Depth, Format, Limit, Out, Timeout, bits, value

if TYPE_CHECKING:
    from aimusicverse.types import Generation

app: Final = group("Work in progress and work done.")

GenerationId = Annotated[str, typer.Argument(metavar="ID", help="gen_…")]


@app.command("list")
def list_generations(
    ctx: Context,
    status: Annotated[
        str | None,
        typer.Option("--status", metavar="NAME", help="queued, processing, completed, failed or cancelled."),
    ] = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> None:
    """List generations, newest first.

    Example:
        amv generations list --status processing
    """
    with ctx.client() as client:
        page = client.generation.list(status=status, limit=limit).page(cursor)
    ctx.show_page(
        page,
        {
            "id": lambda generation: generation.id,
            "status": lambda generation: generation.status,
            "done": lambda generation: f"{generation.progress:.0%}",
            "created": lambda generation: age(ctx, generation.created_at),
            "prompt": lambda generation: generation.title or generation.prompt,
        },
        gives_way="prompt",
    )


@app.command()
def get(ctx: Context, generation_id: GenerationId) -> None:
    """Show a generation as it is now.

    Example:
        amv generations get gen_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        _show(ctx, client.generation.get(generation_id))


@app.command()
def wait(
    ctx: Context,
    generation_id: GenerationId,
    output: Out = None,
    format: Format = None,
    bit_depth: Depth = None,
    timeout: Timeout = None,
) -> None:
    """Wait for a generation, and with -o save its music.

    Example:
        amv generations wait gen_0mYdJ1x0FzbcL5Vn4zQ -o song.wav
    """
    from aimusicverse.cli.destination import destination
    from aimusicverse.cli.follow_through import Wish, follow_through, report

    if output is None and (format or bit_depth):
        raise UsageProblem("--format and --bit-depth need -o", hint="-o . saves into this folder.")
    depth = None
    if output is not None:  # what can be known now is better told before asking a server
        depth = bits(bit_depth, destination(output, value(format), name="song").format)
    with ctx.client() as client:
        generation = client.generation.get(generation_id)
        place = None
        if output is not None:
            name, count = generation.title or generation.prompt, generation.variants
            place = destination(output, value(format), name=name, count=count)
        generation, files = follow_through(ctx, client, generation, Wish(place, depth, timeout))
        if place is None and not ctx.output.json:
            _show(ctx, generation)
        else:
            report(ctx, generation, files)


@app.command()
def cancel(ctx: Context, generation_id: GenerationId) -> None:
    """Stop a generation; tracks that are finished stay.

    Example:
        amv generations cancel gen_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        _show(ctx, client.generation.cancel(generation_id))


def _show(ctx: Context, generation: Generation) -> None:
    if ctx.output.json:
        ctx.output.object(generation)
        return
    problem = generation.problem
    ctx.output.record(
        [
            ("id", generation.id),
            ("status", generation.status),
            ("stage", generation.stage),
            ("done", f"{generation.progress:.0%}"),
            ("prompt", generation.prompt),
            ("title", generation.title),
            ("length", clock(generation.duration_seconds)),
            ("seed", str(generation.seed)),
            ("engine", generation.engine),
            ("problem", (problem.detail or problem.title) if problem else None),
            *(("warning", warning.message) for warning in generation.warnings),
            *(("track", track.id) for track in generation.tracks),
            ("created", moment(ctx, generation.created_at)),
        ]
    )
    if generation.tracks:
        ctx.output.next_step(f"amv tracks download {generation.tracks[0].id}")
    elif not generation.is_final:
        ctx.output.next_step(f"amv generations wait {generation.id} -o song.wav")
