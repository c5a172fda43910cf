"""`amv distributions submit`: a draft goes on its way."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.confirm import Yes, ask, need_a_yes
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions import view
from aimusicverse.cli.distributions.typed import At, DistributionId
from aimusicverse.cli.release.told_answers import names
from aimusicverse.cli.safe_text import one_line

app: Final = CommandSet()


@app.command()
def submit(ctx: Context, distribution_id: DistributionId, at: At = None, yes: Yes = False) -> None:
    """Bring a draft to its stores.

    Asks first on a terminal; elsewhere it needs --yes.

    Example:
        amv distributions submit dst_0mYdJ1x0FzbcL5Vn4zQ --yes
    """
    need_a_yes(ctx, yes, to="sending a release")
    with ctx.client() as client:
        if not yes:
            found = client.distributions.get(distribution_id)
            about = f"{found.id}, {', '.join(names(at) or found.platforms)}, {view.mode_word(found.mode)}"
            ask(found.title, one_line(about), to="Send", declined="left as a draft")
        view.show(ctx, client.distributions.submit(distribution_id, platforms=names(at)))
