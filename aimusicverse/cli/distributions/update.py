"""`amv distributions update`: a release, mended."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from aimusicverse.cli import release_time
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions import view
from aimusicverse.cli.distributions.typed import DistributionId
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.release.told_answers import names

app: Final = CommandSet()


@app.command()
def update(
    ctx: Context,
    distribution_id: DistributionId,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="A value of the release: isrc=USSKG2600001, 'tracks[1].title=Rain'; repeatable. The rest "
            "stays.",
        ),
    ] = None,
    metadata: Annotated[
        str | None, typer.Option("--metadata", metavar="FILE", help="The whole release anew: a release.toml.")
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="STORES", help="All of them anew, where nothing was sent yet."),
    ] = None,
    release_at: Annotated[
        str | None,
        typer.Option("--release-at", metavar="TIME", help="Another time, or now: as soon as it is ready."),
    ] = None,
    artwork: Annotated[
        str | None, typer.Option("--artwork", metavar="ID", help="art_…: another cover.")
    ] = None,
    if_match: Annotated[
        str | None,
        typer.Option("--if-match", metavar="ETAG", help="Only if nobody changed it since it had this etag."),
    ] = None,
) -> None:
    """Change a release that is on its way, or came to nothing. Nothing is sent again: retry does.

    Example:
        amv distributions update dst_0mYdJ1x0FzbcL5Vn4zQ --set isrc=USSKG2600001
        amv distributions update dst_0mYdJ1x0FzbcL5Vn4zQ --release-at "2026-12-04 00:00 Asia/Tokyo"
    """
    from aimusicverse.cli.distributions import changed
    from aimusicverse.cli.distributions.metadata import of_file

    if set_ and metadata is not None:
        raise UsageProblem("--set and --metadata exclude each other", hint="Edit the file instead.")
    changes: dict[str, Any] = {}
    if metadata is not None:
        changes["metadata"] = of_file(metadata, ctx.output)
    if to:
        changes["platforms"] = names(to)
    if release_at is not None:
        soon = release_at.strip().lower() == "now"
        changes["release_at"] = None if soon else release_time.parsed(release_at)
    if artwork is not None:
        changes["artwork"] = artwork
    if not changes and not set_:
        raise UsageProblem(
            "there is nothing to change", hint="Say what: --set, --metadata, --to, --release-at, --artwork."
        )
    with ctx.client() as client:
        if set_:
            seen = client.distributions.get(distribution_id)
            changes["metadata"] = changed.changed(seen.metadata, set_)
            if_match = if_match or seen.etag  # what it was made of is what it takes the place of
        done = client.distributions.update(distribution_id, if_match=if_match, **changes)
    view.show(ctx, done, next_step=False)
    if any(one.status in ("failed", "rejected") for one in done.deliveries):
        ctx.output.next_step(f"amv distributions retry {done.id}")
