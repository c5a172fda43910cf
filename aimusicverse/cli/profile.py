"""`amv profile`: your own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.command import group
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.moments import moment

if TYPE_CHECKING:
    from aimusicverse.types import Profile, Quota

app: Final = group("Your own account.")


@app.command()
def update(
    ctx: Context,
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="A new name.")] = None,
    avatar: Annotated[
        str | None, typer.Option("--avatar", metavar="URL", help="A picture's address; empty removes it.")
    ] = None,
    if_match: Annotated[
        str | None,
        typer.Option("--if-match", metavar="ETAG", help="Only if nobody changed it since: its etag then."),
    ] = None,
) -> None:
    """Change your name or picture.

    Example:
        amv profile update --name "Ann"
    """
    from aimusicverse.resources.unchanged import UNCHANGED

    if name is avatar is None:
        raise UsageProblem("nothing to change", hint="Give --name or --avatar.")
    with ctx.client() as client:
        changed = client.account.update_profile(
            name=UNCHANGED if name is None else name,
            avatar_url=UNCHANGED if avatar is None else avatar or None,
            if_match=if_match,
        )
        show_profile(ctx, changed, client.base_url)


def show_profile(ctx: Context, profile: Profile, server: str) -> None:
    """A user as he sees himself.

    Args:
        ctx: where to print.
        profile: of the user.
        server: its address.
    """
    if ctx.output.json:
        ctx.output.object(profile)
        return
    key = profile.key
    ctx.output.record(
        [
            ("name", profile.name),
            ("id", profile.id),
            ("server", server),
            ("tier", profile.tier),
            ("left this hour", _left(ctx, profile.quotas.hour)),
            ("left today", _left(ctx, profile.quotas.day)),
            ("role", profile.role),
            ("avatar", profile.avatar_url),
            ("key", f"{key.name} ({key.id})"),
            ("mode", key.mode),
            ("scopes", " ".join(key.scopes)),
            ("key expires", "never" if key.expires_at is None else moment(ctx, key.expires_at)),
            ("etag", profile.etag),
        ]
    )


def _left(ctx: Context, quota: Quota) -> str:
    if quota.limit is None:
        return "no limit"
    left = f"{quota.limit if quota.remaining is None else quota.remaining} of {quota.limit}"
    return left if quota.resets_at is None else f"{left}, all at {moment(ctx, quota.resets_at)}"
