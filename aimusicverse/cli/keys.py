"""`amv keys`: API keys, who may do what in your name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli.command import group
from aimusicverse.cli.confirm import Yes, ask, need_a_yes
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.key_view import columns, show_key, show_new_key
from aimusicverse.cli.typed import Cursor, Limit, end, seconds

if TYPE_CHECKING:
    from datetime import datetime

app: Final = group("API keys: who may do what in your name.")

KeyId = Annotated[str, typer.Argument(metavar="ID", help="key_…")]
Scopes = Annotated[
    list[str] | None,
    typer.Option("--scope", "-s", metavar="SCOPE", help="What it may do, such as tracks:read; repeatable."),
]
Expires = Annotated[
    str | None,
    typer.Option("--expires", metavar="TIME", help="When it ends: 90d, 12h, 2027-01-31, or never."),
]
IfMatch = Annotated[
    str | None,
    typer.Option("--if-match", metavar="ETAG", help="Only if nobody changed it since: its etag then."),
]
Revoked = Annotated[bool, typer.Option("--revoked", help="Those that were revoked, too.")]


@app.command()
def create(
    ctx: Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for.")],
    scope: Scopes = None,
    expires: Expires = None,
    test: Annotated[bool, typer.Option("--test", help="A test key, for sandbox work only.")] = False,
) -> None:
    """Make a key, and print it once.

    It can be given nothing that your own key does not have.

    Example:
        amv keys create "nightly upload" --scope tracks:read --scope tracks:write --expires 90d
    """
    if not scope:
        raise UsageProblem("a key needs at least one --scope", hint="Such as: --scope tracks:read")
    ends = end(expires)
    with ctx.client() as client:
        made = client.api_keys.create(name, scopes=scope, expires_at=ends, mode="test" if test else None)
    show_new_key(ctx, made)


@app.command("list")
def list_keys(ctx: Context, revoked: Revoked = False, limit: Limit = 30, cursor: Cursor = None) -> None:
    """List keys, newest first.

    Example:
        amv keys list
    """
    with ctx.client() as client:
        page = client.api_keys.list(include_revoked=revoked, limit=limit).page(cursor)
    ctx.show_page(page, columns(ctx), gives_way="name")


@app.command()
def get(ctx: Context, key_id: KeyId) -> None:
    """Show a key, without its text, which nobody has any more.

    Example:
        amv keys get key_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        show_key(ctx, client.api_keys.get(key_id))


@app.command()
def update(
    ctx: Context,
    key_id: KeyId,
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="A new name.")] = None,
    scope: Scopes = None,
    expires: Expires = None,
    if_match: IfMatch = None,
) -> None:
    """Change name, scopes (all of them) or end of a key. It counts at once.

    Example:
        amv keys update key_0mYdJ1x0FzbcL5Vn4zQ --scope tracks:read --expires never
    """
    from aimusicverse.resources.unchanged import UNCHANGED

    if name is expires is None and not scope:
        raise UsageProblem("nothing to change", hint="Give --name, --scope or --expires.")
    ends: datetime | None = end(expires)
    with ctx.client() as client:
        changed = client.api_keys.update(
            key_id,
            name=name,
            scopes=scope or None,
            expires_at=UNCHANGED if expires is None else ends,
            if_match=if_match,
        )
    show_key(ctx, changed)


@app.command()
def rotate(
    ctx: Context,
    key_id: KeyId,
    overlap: Annotated[
        float | None,
        typer.Option(
            "--overlap", parser=seconds, metavar="TIME", help="How long the old key still works; 24h."
        ),
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="The old key ends at once.")] = False,
    expires: Expires = None,
) -> None:
    """Make a key that can do the same, and print it once; the old one still works for a day.

    A suspended key does not work on: it ends at once, and the new one works.

    Example:
        amv keys rotate key_0mYdJ1x0FzbcL5Vn4zQ --overlap 2h
    """
    if now and overlap is not None:
        raise UsageProblem("--now and --overlap contradict each other")
    if expires is not None and end(expires) is None:
        raise UsageProblem("a rotated key lives as long as the one before", hint="See: amv keys update")
    with ctx.client() as client:
        made = client.api_keys.rotate(key_id, overlap=0 if now else overlap, expires_at=end(expires))
    show_new_key(ctx, made)


@app.command()
def revoke(ctx: Context, key_id: KeyId, yes: Yes = False, if_match: IfMatch = None) -> None:
    """End a key at once, everywhere. It does not come back.

    Asks first on a terminal; elsewhere it needs --yes.

    Example:
        amv keys revoke key_0mYdJ1x0FzbcL5Vn4zQ --yes
    """
    need_a_yes(ctx, yes, to="revoking")
    with ctx.client() as client:
        if not yes:
            key = client.api_keys.get(key_id)
            ask(key.name, key.id, to="Revoke")
        client.api_keys.revoke(key_id, if_match=if_match)
    if ctx.output.json:
        ctx.output.object({"id": key_id, "revoked": True})
    else:
        ctx.output.note(f"Revoked {key_id}.")
