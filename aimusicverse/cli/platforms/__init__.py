"""`amv platforms`: one file per command, imported when it is run."""

from __future__ import annotations

from typing import ClassVar, Final

from aimusicverse.cli.command import group
from aimusicverse.cli.lazy import Entry, LazyGroup

_PANEL = "Accounts"

_ABOUT = """Stores and distributors, and your accounts there.

Example:
    amv platforms list
    amv platforms connect soundcloud
    amv platforms connect soundcloud --live
"""


class PlatformCommands(LazyGroup):
    """All commands of `amv platforms`."""

    table: ClassVar[dict[str, Entry]] = {
        "list": Entry(
            "aimusicverse.cli.platforms.list_platforms",
            "List stores and distributors: what is real, what is sandbox, what needs which account.",
            _PANEL,
        ),
        "connect": Entry("aimusicverse.cli.platforms.connect", "Connect your account with a store.", _PANEL),
        "disconnect": Entry(
            "aimusicverse.cli.platforms.disconnect",
            "Forget your account with a store, its tokens and passwords.",
            _PANEL,
        ),
    }


app: Final = group(_ABOUT, cls=PlatformCommands)
