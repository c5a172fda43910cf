"""What is done to a distribution by one word: the same way for each of these commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aimusicverse.cli.confirm import ask, need_a_yes
from aimusicverse.cli.distributions import view
from aimusicverse.cli.release.told_answers import names

if TYPE_CHECKING:
    from aimusicverse.cli.context import Context


def act(ctx: Context, what: str, distribution_id: str, at: list[str] | None, **more: Any) -> None:
    """Do it, and show how it is now.

    Args:
        ctx: of the command.
        what: the method of the client.
        distribution_id: `dst_…`.
        at: stores, as the option has them.
        more: what that method takes besides.
    """
    with ctx.client() as client:
        done = getattr(client.distributions, what)(distribution_id, platforms=names(at), **more)
    view.show(ctx, done)


def ask_and_act(
    ctx: Context, what: str, distribution_id: str, at: list[str] | None, yes: bool, *, to: str
) -> None:
    """The same of what cannot be undone.

    Raises:
        UsageProblem: there is no yes, and nobody to ask.
        CommandError: the answer was no.
    """
    from aimusicverse.cli.safe_text import one_line

    need_a_yes(ctx, yes, to=f"to {to.lower()} a release")
    with ctx.client() as client:
        if not yes:
            found = client.distributions.get(distribution_id)
            where = ", ".join(names(at)) or "all stores"
            about = one_line(f"{found.id}, {where}, {view.mode_word(found.mode)}")
            ask(found.title, about, to=to, declined="left as it is")
        done = getattr(client.distributions, what)(distribution_id, platforms=names(at))
    view.show(ctx, done)
