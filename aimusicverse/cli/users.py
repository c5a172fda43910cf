"""`amv users`: who may use this server, and how much."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.command import group
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.key_view import columns, show_key, show_new_key
from aimusicverse.cli.keys import Expires, Revoked, Scopes
from aimusicverse.cli.moments import age, moment
from aimusicverse.cli.typed import Cursor, Limit, end, value

if TYPE_CHECKING:
    from aimusicverse.types import User

app: Final = group("Who may use this server, and how much; for its admins.")


class Tier(StrEnum):
    """How much a user may call."""

    FREE = "free"
    PRO = "pro"
    ENTERPRISE = "enterprise"
    CUSTOM = "custom"
    LOCAL = "local"


class Role(StrEnum):
    """What a user may see to."""

    USER = "user"
    ADMIN = "admin"


UserId = Annotated[str, typer.Argument(metavar="ID", help="usr_…")]
UserOrKeyId = Annotated[
    str, typer.Argument(metavar="ID", help="usr_… for a user with all his keys, key_… for one key.")
]
Hourly = Annotated[
    int | None, typer.Option("--hour", metavar="N", help="Calls in an hour, of a custom user.")
]
Daily = Annotated[int | None, typer.Option("--day", metavar="N", help="Calls in a day, of a custom user.")]


@app.command()
def add(
    ctx: Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Up to 200 characters.")],
    tier: Annotated[Tier | None, typer.Option("--tier", help="free by default.")] = None,
    hour: Hourly = None,
    day: Daily = None,
    role: Annotated[Role | None, typer.Option("--role", help="user by default.")] = None,
    scope: Scopes = None,
    test: Annotated[bool, typer.Option("--test", help="With a test key, for sandbox work only.")] = False,
) -> None:
    """Make a user with a first key, and print the key once.

    Without --scope the key can do all that your own key can, but for `admin`.

    Example:
        amv users add "Ann" --tier pro
    """
    with ctx.client() as client:
        made = client.admin.create_user(
            name,
            tier=value(tier) or "free",
            role=value(role) or "user",
            hourly_limit=hour,
            daily_limit=day,
            scopes=scope or None,
            mode="test" if test else None,
        )
    key = made.api_key
    text = "" if key is None or key.key is None else key.key.get_secret_value()
    if ctx.output.json:
        shown = made.model_dump(mode="json")
        ctx.output.object({**shown, "api_key": {**(shown["api_key"] or {}), "key": text}})
        return
    _show(ctx, made, ("key id", None if key is None else key.id), ("key", text))
    ctx.output.note("Hand the key over now: it is not shown again.")


@app.command("list")
def list_users(ctx: Context, limit: Limit = 30, cursor: Cursor = None) -> None:
    """List users, newest first.

    Example:
        amv users list
    """
    with ctx.client() as client:
        page = client.admin.users(limit=limit).page(cursor)
    ctx.show_page(
        page,
        {
            "id": lambda user: user.id,
            "name": lambda user: user.name,
            "tier": lambda user: user.tier,
            "hour": lambda user: _calls(user.hourly_limit),
            "day": lambda user: _calls(user.daily_limit),
            "role": lambda user: user.role,
            "state": lambda user: "active" if user.suspended_at is None else "suspended",
            "created": lambda user: age(ctx, user.created_at),
        },
        gives_way="name",
    )


@app.command()
def get(ctx: Context, user_id: UserId) -> None:
    """Show a user.

    Example:
        amv users get usr_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        _show(ctx, client.admin.user(user_id))


@app.command()
def tier(
    ctx: Context,
    user_id: UserId,
    tier: Annotated[Tier, typer.Argument(metavar="TIER", help="free, pro, enterprise or custom.")],
    hour: Hourly = None,
    day: Daily = None,
) -> None:
    """Say how much a user may call, all his keys together.

    Example:
        amv users tier usr_0mYdJ1x0FzbcL5Vn4zQ custom --hour 500 --day 20000
    """
    with ctx.client() as client:
        changed = client.admin.update_user(user_id, tier=tier.value, hourly_limit=hour, daily_limit=day)
    _show(ctx, changed)


@app.command()
def update(
    ctx: Context,
    user_id: UserId,
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="A new name.")] = None,
    role: Annotated[Role | None, typer.Option("--role", help="An admin sees to the whole server.")] = None,
) -> None:
    """Change name or role of a user.

    Example:
        amv users update usr_0mYdJ1x0FzbcL5Vn4zQ --role admin
    """
    if name is role is None:
        raise UsageProblem("nothing to change", hint="Give --name or --role.")
    with ctx.client() as client:
        _show(ctx, client.admin.update_user(user_id, name=name, role=value(role)))


@app.command()
def suspend(ctx: Context, identifier: UserOrKeyId) -> None:
    """Shut a user out with all his keys, or one key; at once, until `resume`.

    Example:
        amv users suspend usr_0mYdJ1x0FzbcL5Vn4zQ
    """
    _set_suspended(ctx, identifier, suspended=True)


@app.command()
def resume(ctx: Context, identifier: UserOrKeyId) -> None:
    """Let a suspended user, or a suspended key, in again.

    Example:
        amv users resume key_0mYdJ1x0FzbcL5Vn4zQ
    """
    _set_suspended(ctx, identifier, suspended=False)


@app.command()
def keys(
    ctx: Context, user_id: UserId, revoked: Revoked = False, limit: Limit = 30, cursor: Cursor = None
) -> None:
    """List the keys of a user, newest first.

    Example:
        amv users keys usr_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        page = client.admin.api_keys(user_id, include_revoked=revoked, limit=limit).page(cursor)
    ctx.show_page(page, columns(ctx), gives_way="name")


@app.command("add-key")
def add_key(
    ctx: Context,
    user_id: UserId,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for.")],
    scope: Scopes = None,
    expires: Expires = None,
    test: Annotated[bool, typer.Option("--test", help="A test key, for sandbox work only.")] = False,
) -> None:
    """Make a key for a user who has none that works any more, and print it once.

    Example:
        amv users add-key usr_0mYdJ1x0FzbcL5Vn4zQ "after the loss" --scope keys:write --scope tracks:read
    """
    if not scope:
        raise UsageProblem("a key needs at least one --scope", hint="Such as: --scope tracks:read")
    ends = end(expires)
    with ctx.client() as client:
        made = client.admin.create_api_key(
            user_id, name, scopes=scope, expires_at=ends, mode="test" if test else None
        )
    show_new_key(ctx, made)


def _set_suspended(ctx: Context, identifier: str, *, suspended: bool) -> None:
    with ctx.client() as client:
        if identifier.startswith("key_"):
            show_key(ctx, client.admin.suspend_api_key(identifier, suspended=suspended))
        else:
            _show(ctx, client.admin.update_user(identifier, suspended=suspended))


def _calls(limit: int | None) -> str:
    return "no limit" if limit is None else str(limit)


def _show(ctx: Context, user: User, *more: tuple[str, str | None]) -> None:
    if ctx.output.json:
        ctx.output.object(
            {key: field for key, field in user.model_dump(mode="json").items() if key != "api_key"}
        )
        return
    ctx.output.record(
        [
            ("id", user.id),
            ("name", user.name),
            ("tier", user.tier),
            ("calls an hour", _calls(user.hourly_limit)),
            ("calls a day", _calls(user.daily_limit)),
            ("role", user.role),
            ("suspended", None if user.suspended_at is None else moment(ctx, user.suspended_at)),
            ("etag", user.etag),
            ("created", moment(ctx, user.created_at)),
            ("updated", moment(ctx, user.updated_at)),
            *more,
        ]
    )
