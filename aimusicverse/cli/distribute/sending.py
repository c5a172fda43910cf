"""The way of `amv distribute`: sound to the server, rules, price, a yes, and off it goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import typer

from aimusicverse.cli import confirm, exits, release_time
from aimusicverse.cli.connection import is_there_to_stay
from aimusicverse.cli.distribute import preview
from aimusicverse.cli.distributions import view, watching
from aimusicverse.cli.going_on import going_on
from aimusicverse.cli.safe_text import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from aimusicverse.cli.context import Context
    from aimusicverse.cli.distribute.wanted import Wanted
    from aimusicverse.cli.release.destinations import Destinations
    from aimusicverse.client import Client
    from aimusicverse.types import Distribution, Release, TrackDistribution, ValidationReport

Mode = Literal["sandbox", "live"]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with a release.

    Attributes:
        where: to which stores, and by whom.
        mode: `sandbox` or `live`.
        release_at: from when people may hear it, in the zone it was given in; None: as the release says.
        artwork: `art_…` or a picture here; None: as the release says, or drawn.
        partial: some stores are enough.
        draft: keep it on the server.
        dry_run: show, and do nothing.
        watch: look on.
        yes: do not ask.
    """

    where: Destinations
    mode: Mode
    release_at: datetime | None
    artwork: str | None
    partial: bool
    draft: bool
    dry_run: bool
    watch: bool
    yes: bool

    @property
    def platforms(self) -> list[str]:
        """The ids of the stores."""
        return [store.id for store in self.where.stores]

    @property
    def via(self) -> str | None:
        """The id of the distributor."""
        return self.where.via.id if self.where.via else None


class Ready(NamedTuple):
    """A release whose sound is on the server; of a dry run perhaps not all of it.

    Args:
        release: complete, with the files it was made of.
        metadata: as it is sent: without files.
        tracks: `trk_…` of each recording; empty: some of them would be uploaded first.
    """

    release: Release
    metadata: dict[str, Any]
    tracks: list[str]


def send(ctx: Context, asked: Wanted, order: Order) -> None:
    """Do it, or show it.

    Raises:
        CommandError: a rule blocks it (10), or the answer was no.
        UsageProblem: something that was named is not there.
    """
    from aimusicverse.cli.distribute.release_made import made

    stays = is_there_to_stay(ctx.settings.base_url)
    with ctx.client() as client:
        ready = made(ctx, client, asked, order)
        sheet = preview.Sheet(ctx.output, data=order.dry_run)
        report = _judged(ctx, client, ready, asked, order)
        quote = client.distributions.quote(
            ready.metadata, via=order.via, platforms=order.platforms, tracks=ready.tracks
        )
        at = order.release_at or _said_by(ready.release)
        if ctx.output.json and order.dry_run:
            ctx.output.object(_plan(ready, order, at, report, quote))
        elif not ctx.output.json or (ctx.output.with_person and not order.yes):
            preview.where_to(sheet, ready.release.title, order.platforms, order.via, order.mode, at)
            preview.already(sheet, _places(client, ready), order.platforms, order.mode)
            preview.rules(sheet, report)
            preview.costs(sheet, quote)
        _refuse(ctx, report, order)
        if order.mode == "live":
            outlets = client.distributions.platforms()
            preview.loudly(ctx.output, order.platforms, outlets, at)
            if order.via is None and not order.draft and not order.dry_run:
                preview.require_accounts(order.platforms, outlets, partial=order.partial)
        if order.dry_run:
            ctx.output.note(f"Nothing was sent, and nothing uploaded ({view.mode_word(order.mode)}).")
            return
        _ask(ready.release, order)
        if order.mode == "sandbox" and order.via is None and not order.draft:
            _let_into_the_sandbox(ctx, client, order.platforms)
        with going_on(
            lambda: ctx.line("distributions", "list"), lambda: "whether it began is not known", always=False
        ):
            distribution = _create(client, ready, order)
        _tell(ctx, distribution, order, at, stays=stays)
        if order.watch:
            watching.watch(ctx, client, distribution)
        else:
            view.show(ctx, distribution)


def _places(client: Client, ready: Ready) -> list[TrackDistribution]:
    """Where the first of its tracks stands; of a key that may not see it, nothing."""
    from aimusicverse.errors import PermissionDeniedError

    if not ready.tracks:
        return []
    try:
        return client.tracks.distributions(ready.tracks[0], limit=100).page().data
    except PermissionDeniedError:
        return []


def _judged(ctx: Context, client: Client, ready: Ready, asked: Wanted, order: Order) -> ValidationReport:
    """By the server, which knows its tracks; here, where files are that a dry run leaves here."""
    at = order.release_at or _said_by(ready.release)
    when = {"release_at": at.isoformat()} if at else {"as_soon_as_possible": True}
    if ready.tracks:
        return client.distributions.validate(
            ready.metadata | when, platforms=order.platforms, via=order.via, tracks=ready.tracks
        )
    from aimusicverse.cli.release.judging import looked_into
    from aimusicverse.release.validation import validate

    release = _with_a_drawn_cover(ready.release.model_copy(update=when))
    folder = asked.file.absolute().parent if asked.file else Path.cwd()
    files = looked_into(release, folder, ctx.output)
    return validate(
        release,
        order.where.stores,
        order.where.via,
        audio=files.audio,
        image=files.image,
        problems=files.problems,
    )


def _with_a_drawn_cover(release: Release) -> Release:
    """Where there is no cover the server draws one, by rules and without words."""
    if release.cover.file or release.cover.artwork_id:
        return release
    cover = release.cover.model_copy(update={"lettering": [], "rights": release.cover.rights or "own"})
    ai = release.ai.model_copy(update={"artwork": release.ai.artwork or "none"})
    return release.model_copy(update={"cover": cover, "ai": ai})


def _refuse(ctx: Context, report: ValidationReport, order: Order) -> None:
    blocked = [target for target in report.targets if target.blocking]
    everywhere = len([target for target in blocked if target.kind == "store"]) == len(order.platforms)
    by_distributor = any(target.kind != "store" for target in blocked)
    if not blocked or (order.partial and not everywhere and not by_distributor):
        return
    if order.dry_run:
        ctx.output.note("It would not be sent.")
        raise typer.Exit(exits.RELEASE_REFUSED)
    error = preview.refused(blocked, others=not everywhere and not by_distributor, partial=order.partial)
    if not ctx.output.json and ctx.output.chatty:
        error.fields = []  # they stand above
    raise error


def _ask(release: Release, order: Order) -> None:
    if order.yes:
        return
    where = f"{', '.join(order.platforms)}{f' by {order.via}' if order.via else ''}"
    about = one_line(f"{where}, {view.mode_word(order.mode)}")
    confirm.ask(release.title, about, to="Keep a draft of" if order.draft else "Send", declined="not sent")


def _let_into_the_sandbox(ctx: Context, client: Client, platforms: list[str]) -> None:
    """Stand-ins that one signs in to let everybody in at once; only real stores have to be asked first."""
    for outlet in client.distributions.platforms():
        connected = any(one.mode == "sandbox" and one.status == "connected" for one in outlet.connections)
        if outlet.id in platforms and outlet.connector == "api" and outlet.sandbox and not connected:
            client.distributions.connect(outlet.id, mode="sandbox")
            ctx.output.note(f"Connected to the stand-in of {outlet.name}.")


def _create(client: Client, ready: Ready, order: Order) -> Distribution:
    return client.distributions.create(
        ready.metadata,
        platforms=order.platforms,
        tracks=ready.tracks,
        via=order.via,
        mode=order.mode,
        release_at=order.release_at,
        draft=order.draft,
        all_or_nothing=not order.partial,
    )


def _tell(ctx: Context, made: Distribution, order: Order, at: datetime | None, *, stays: bool) -> None:
    """What has to be so from now on."""
    if order.draft:
        return
    if not stays and not order.watch:
        ctx.output.note(
            "The server ends with this command, and goes on with it when it runs again: amv serve"
        )
    if at is not None:
        ctx.output.note(f"A server must be running at {release_time.told(at)}: amv serve --service")
    if order.mode == "live":
        ctx.output.note(f"{made.id} is on its way to real stores.")
    elif order.watch and not ctx.output.to_terminal:  # there the table has it; lines have it not
        ctx.output.note(f"{made.id} is on its way.")


def bare_date(release: Release | None) -> datetime | None:
    """Midnight here, of a release whose file names a day and no zone; `None`: it names none, or a moment.

    Raises:
        UsageProblem: it is no day, or has gone by.
    """
    if release is None or release.release_at is None or release.time_zone or "T" in release.release_at:
        return None
    return release_time.parsed(release.release_at, "release_at")


def _said_by(release: Release) -> datetime | None:
    """The moment that the release itself names, if it is one everywhere."""
    from aimusicverse.release.moments import MomentError, moment_of

    if release.release_at is None:
        return None
    try:
        return moment_of(release.release_at, release.time_zone).at
    except MomentError:  # the rules say so
        return None


def _plan(ready: Ready, order: Order, at: datetime | None, report: Any, quote: Any) -> dict[str, Any]:
    """A dry run as JSON."""
    return {
        "dry_run": True,
        "mode": order.mode,
        "title": ready.release.title,
        "platforms": order.platforms,
        "via": order.via,
        "release_at": at.isoformat() if at else None,
        "track_ids": ready.tracks,
        "metadata": ready.metadata,
        "report": report.model_dump(mode="json"),
        "quote": quote.model_dump(mode="json"),
    }
