"""What several of these commands take."""

from __future__ import annotations

from typing import Annotated

import typer

DistributionId = Annotated[str, typer.Argument(metavar="ID", help="dst_…")]
At = Annotated[
    list[str] | None,
    typer.Option(
        "--at", "--to", metavar="STORES", help="spotify,soundcloud: only there; repeatable. All by default."
    ),
]


def store(platform: str | None) -> str | None:
    """The store of `--platform`, as the server calls it: of one that is none, nobody has any distribution.

    Raises:
        UsageProblem: no store is called so.
    """
    if platform is None:
        return None
    from aimusicverse.cli.release.destinations import one_known
    from aimusicverse.release.targets import STORES

    return one_known(platform, STORES, "store", "--platform")
