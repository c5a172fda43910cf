"""How keys look: a row in a list, one by itself, and a new one with its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aimusicverse.cli.moments import age, moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimusicverse.cli.context import Context
    from aimusicverse.types import ApiKey


def columns(ctx: Context) -> dict[str, Callable[[Any], str]]:
    """The columns of a list of keys."""
    return {
        "id": lambda key: key.id,
        "name": lambda key: key.name,
        "status": lambda key: key.status,
        "mode": lambda key: key.mode,
        "expires": lambda key: "never" if key.expires_at is None else moment(ctx, key.expires_at),
        "used": lambda key: "not yet" if key.last_used_at is None else age(ctx, key.last_used_at),
        "scopes": lambda key: " ".join(key.scopes),
    }


def show_key(ctx: Context, key: ApiKey) -> None:
    """One key, without its text."""
    if ctx.output.json:
        ctx.output.object(
            {name: value for name, value in key.model_dump(mode="json").items() if name != "key"}
        )
    else:
        ctx.output.record(_fields(ctx, key))


def show_new_key(ctx: Context, key: ApiKey) -> None:
    """A key that was just made, with its text: in JSON too, because it is nowhere else."""
    text = "" if key.key is None else key.key.get_secret_value()
    if ctx.output.json:
        ctx.output.object({**key.model_dump(mode="json"), "key": text})
        return
    ctx.output.record([*_fields(ctx, key), ("key", text)])
    ctx.output.note("Keep the key now: it is not shown again.")


def _fields(ctx: Context, key: ApiKey) -> list[tuple[str, str | None]]:
    def at(time: Any) -> str | None:
        return None if time is None else moment(ctx, time)

    return [
        ("id", key.id),
        ("name", key.name),
        ("status", key.status),
        ("mode", key.mode),
        ("scopes", " ".join(key.scopes)),
        ("expires", at(key.expires_at) or "never"),
        ("last used", at(key.last_used_at)),
        ("suspended", at(key.suspended_at)),
        ("suspended for", key.suspended_for),
        ("revoked", at(key.revoked_at)),
        ("replaces", key.replaces),
        ("replaced by", key.replaced_by),
        ("etag", key.etag),
        ("created", at(key.created_at)),
        ("updated", at(key.updated_at)),
    ]
