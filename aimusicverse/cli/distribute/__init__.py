"""`amv distribute`: from a track, or a file, to stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from aimusicverse.cli import confirm, release_time
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distribute import described
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.release import destinations
from aimusicverse.cli.typed import with_options

if TYPE_CHECKING:
    from aimusicverse.cli.distribute.sending import Mode

app: Final = CommandSet()


@app.command()
@with_options(described.options)
def distribute(
    ctx: Context,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="TRACK|FILE...",
            help="trk_…, or a sound file, which is uploaded first; several in order for an album; or a "
            "release.toml that names its sound.",
        ),
    ],
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar="STORES", help="soundcloud,spotify,…; repeatable. See amv platforms list."
        ),
    ] = None,
    via: destinations.Via = None,
    release_at: release_time.ReleaseAt = None,
    metadata: Annotated[
        str | None,
        typer.Option(
            "--metadata",
            metavar="FILE",
            help="What it is: a release.toml; by default the one beside the sound.",
        ),
    ] = None,
    artwork: Annotated[
        str | None,
        typer.Option(
            "--artwork", metavar="ID|FILE", help="art_…, or a picture. Else as the release says, or drawn."
        ),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="To those stores that take it. Else to all, or to none.")
    ] = False,
    draft: Annotated[bool, typer.Option("--draft", help="Keep it on the server, and send nothing.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show all that would happen, and do nothing of it.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Look on until it is there.")] = False,
    live: Annotated[bool, typer.Option("--live", help="To real stores. Else to stand-ins.")] = False,
    mode: Annotated[
        str | None, typer.Option("--mode", metavar="MODE", help="sandbox, or live: the same as --live.")
    ] = None,
    yes: confirm.Yes = False,
    **said: object,
) -> None:
    """Bring a release to stores.

    Before anything is sent, what the stores' rules say and what it costs is shown, and you are asked;
    elsewhere than on a terminal it needs --yes. A release that a rule blocks is not sent (10). Without --live
    all stores are stand-ins of the server, which nobody can hear.

    Example:
        amv distribute trk_0mYdJ1x0FzbcL5Vn4zQ --to soundcloud --watch
        amv distribute song.wav --to spotify,apple_music --release-at "2026-12-04 00:00 Asia/Tokyo"
        amv distribute song.wav --to spotify --artist "Maren Okafor" --composer "Maren Okafor" --dry-run
    """
    from aimusicverse.cli.distribute import sending
    from aimusicverse.cli.distribute.wanted import wanted

    chosen = _mode(live, mode)
    if not to:
        raise UsageProblem("--to says where to", hint="Such as: --to soundcloud (see: amv platforms list)")
    if draft and watch:
        raise UsageProblem("--draft sends nothing, so there is nothing to --watch")
    where = destinations.destinations(to, via)
    at = None if release_at is None else release_time.parsed(release_at)
    asked = wanted(sources, metadata, described.short_form(said))
    if at is None:
        at = sending.bare_date(asked.release)
    if not dry_run:
        confirm.need_a_yes(ctx, yes, to="keeping a draft" if draft else "sending a release")
    order = sending.Order(
        where=where,
        mode=chosen,
        release_at=at,
        artwork=artwork,
        partial=partial,
        draft=draft,
        dry_run=dry_run,
        watch=watch,
        yes=yes,
    )
    sending.send(ctx, asked, order)


def _mode(live: bool, mode: str | None) -> Mode:
    if mode not in (None, "sandbox", "live"):
        raise UsageProblem(f"--mode: {mode!r:.40} is neither sandbox nor live")
    if live and mode == "sandbox":
        raise UsageProblem("--live and --mode sandbox contradict each other")
    chosen: Literal["sandbox", "live"] = "live" if live or mode == "live" else "sandbox"
    return chosen
