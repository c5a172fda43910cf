"""`amv distributions confirm`: what a person did."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.acting import act
from aimusicverse.cli.distributions.typed import At, DistributionId
from aimusicverse.cli.errors import UsageProblem

app: Final = CommandSet()


class Outcome(StrEnum):
    """What came of it."""

    LIVE = "live"
    PROCESSING = "processing"
    REJECTED = "rejected"
    TAKEN_DOWN = "taken_down"


@app.command()
def confirm(
    ctx: Context,
    distribution_id: DistributionId,
    at: At = None,
    outcome: Annotated[
        Outcome, typer.Option("--outcome", help="processing: handed over, and not to be heard yet.")
    ] = Outcome.LIVE,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Where it is to be heard; https.")
    ] = None,
    external_id: Annotated[
        str | None, typer.Option("--external-id", metavar="TEXT", help="The store's own id of it.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why it was rejected.")
    ] = None,
) -> None:
    """Tell what you did yourself, where a release waits for a person.

    With a distributor, or in a store's own form.

    Example:
        amv distributions confirm dst_0mYdJ1x0FzbcL5Vn4zQ --at spotify --outcome processing
        amv distributions confirm dst_0mYdJ1x0FzbcL5Vn4zQ --at spotify --url https://open.spotify.com/album/1
    """
    if reason is not None and outcome is not Outcome.REJECTED:
        raise UsageProblem("--reason goes with --outcome rejected")
    if url is not None and not url.startswith("https://"):
        raise UsageProblem(f"--url: {url!r:.80} does not begin with https://")
    act(
        ctx,
        "confirm",
        distribution_id,
        at,
        outcome=outcome.value,
        external_url=url,
        external_id=external_id,
        reason=reason,
    )
