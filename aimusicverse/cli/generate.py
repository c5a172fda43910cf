"""`amv generate`: from a prompt to files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import Interrupted, UsageProblem
from aimusicverse.cli.typed import Depth, Format, Out, Timeout, bits, seconds, value

if TYPE_CHECKING:
    from aimusicverse.client import Client
    from aimusicverse.types import Generation

app: Final = CommandSet()


@app.command()
def generate(
    ctx: Context,
    prompt: Annotated[
        str | None,
        typer.Argument(metavar="PROMPT", help="What it should sound like; may be left out with --extend."),
    ] = None,
    output: Out = None,
    duration: Annotated[
        float | None,
        typer.Option("--duration", "-d", parser=seconds, metavar="TIME", help="90, 90s, 1:30; 60."),
    ] = None,
    section: Annotated[
        list[str] | None,
        typer.Option(
            "--section",
            metavar="SECTION",
            help='"intro 8": a name and its bars; "chorus 16 0.9": an energy too. Repeated, the whole form.',
        ),
    ] = None,
    extend: Annotated[
        str | None, typer.Option("--extend", metavar="ID", help="trk_…, which goes on; what is kept stays.")
    ] = None,
    extend_from: Annotated[
        float | None,
        typer.Option(
            "--extend-from", parser=seconds, metavar="TIME", help="From where; after its last bar by default."
        ),
    ] = None,
    format: Format = None,
    bit_depth: Depth = None,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Also names the file.")] = None,
    style: Annotated[
        str | None, typer.Option("--style", metavar="TEXT", help="How it should be played.")
    ] = None,
    tempo: Annotated[float | None, typer.Option("--tempo", metavar="BPM", help="40-240.")] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="KEY", help='Like "A minor".')] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="What it should be; may be repeated.")
    ] = None,
    negative_tag: Annotated[
        list[str] | None,
        typer.Option("--negative-tag", metavar="TAG", help="What it should not be; may be repeated."),
    ] = None,
    lyrics: Annotated[
        str | None, typer.Option("--lyrics", metavar="TEXT", help="Kept with the track.")
    ] = None,
    lyrics_file: Annotated[
        str | None, typer.Option("--lyrics-file", metavar="FILE", help="The lyrics from a file; - is stdin.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", help="The same seed, prompt and engine make the same music."),
    ] = None,
    engine: Annotated[str | None, typer.Option("--engine", metavar="NAME", help="See: amv engines.")] = None,
    variants: Annotated[
        int | None, typer.Option("--variants", "-n", metavar="N", help="How many, 1-4.")
    ] = None,
    plan_only: Annotated[bool, typer.Option("--plan-only", help="Show the plan and make nothing.")] = False,
    plan: Annotated[
        str | None,
        typer.Option(
            "--plan", metavar="FILE", help="Follow this plan (JSON), whatever else is said; - is stdin."
        ),
    ] = None,
    soundfont: Annotated[
        str | None,
        typer.Option("--soundfont", metavar="FILE", help="Play by this SF2 or SF3; for amv's own server."),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="First show what was understood.")] = False,
    timeout: Timeout = None,
) -> None:
    """Make music from a prompt.

    The file is named after the title or prompt and replaces none, unless -o names it. Ctrl-C leaves the
    work in place and prints the command that goes on.

    Example:
        amv generate "lofi hip hop, rainy night" --duration 1:30 -o song.flac
        amv generate "synthwave, 110 bpm" --plan-only --json > plan.json
        amv generate "synthwave, 110 bpm" --plan plan.json -o song.wav
        amv generate "house" --section "intro 8" --section "drop 16 0.9" --section "outro 8"
        amv generate --extend trk_0mYdJ1x0FzbcL5Vn4zQ --duration 2:00 -o longer.wav
    """
    from aimusicverse.cli import own_soundfont, request
    from aimusicverse.cli.destination import destination
    from aimusicverse.cli.follow_through import Wish, follow_through, report
    from aimusicverse.cli.section_option import sections_of

    if prompt is None and extend is None:
        raise UsageProblem("PROMPT is missing: what it should sound like", hint="See: amv generate --help")
    if lyrics is not None and lyrics_file is not None:
        raise UsageProblem("--lyrics and --lyrics-file exclude each other")
    if plan == "-" and lyrics_file == "-":
        raise UsageProblem("--plan and --lyrics-file cannot both be read from standard input")
    words = lyrics if lyrics_file is None else request.read_text(lyrics_file, "--lyrics-file")
    asked = request.checked(
        {
            "prompt": prompt,
            "duration_seconds": duration,
            "title": title,
            "style": style,
            "lyrics": words,
            "tags": tag,
            "negative_tags": negative_tag,
            "tempo_bpm": tempo,
            "key": key,
            "seed": seed,
            "variants": variants,
            "engine": engine,
            "sections": sections_of(section),
            "extend_track_id": extend,
            "extend_from_seconds": extend_from,
            "plan": request.read_plan(plan) if plan is not None else None,
        }
    )
    if plan_only:
        _show_plan(ctx, asked)
        return
    place = destination(output, value(format), name=title or prompt or "song", count=variants or 1)
    wish = Wish(place, bits(bit_depth, place.format), timeout)
    sound = own_soundfont.asked(soundfont) if soundfont is not None else None
    with ctx.client(renders=True) as client:
        if sound is not None:
            own_soundfont.require(client, sound)
        if explain:
            asked = _explain(ctx, client, asked)
        generation, files = follow_through(ctx, client, _create(client, asked), wish)
        report(ctx, generation, files)


def _create(client: Client, asked: dict[str, Any]) -> Generation:
    try:
        return client.generation.create(**asked)
    except KeyboardInterrupt as interrupt:
        raise Interrupted(
            "interrupted before the server had answered",
            exit_code=getattr(interrupt, "exit_code", exits.INTERRUPTED),
            hint="See whether it began: amv generations list",
        ) from None


def _show_plan(ctx: Context, asked: dict[str, Any]) -> None:
    from aimusicverse.cli import plan_view

    with ctx.client() as client:
        plan = client.generation.plan(**asked)
    if ctx.output.json:
        ctx.output.object(plan)
        return
    for line in plan_view.lines(plan):
        ctx.output.line(line)


def _explain(ctx: Context, client: Client, asked: dict[str, Any]) -> dict[str, Any]:
    """Show the plan, and ask for music with its seed, so that what is shown is what is made."""
    from aimusicverse.cli import plan_view

    plan = client.generation.plan(**asked)
    for line in plan_view.lines(plan):
        ctx.output.tell(line)
    return {**asked, "seed": plan.seed}
