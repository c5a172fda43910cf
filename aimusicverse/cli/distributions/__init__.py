"""`amv distributions`: one file per command, imported when it is run."""

from __future__ import annotations

from typing import ClassVar, Final

from aimusicverse.cli.command import group
from aimusicverse.cli.lazy import Entry, LazyGroup

_BEFORE = "Before anything is sent"

_ABOUT = """Where releases go, asked of the server. What needs none is in amv release.

Example:
    amv distributions platforms
    amv distributions validate release.toml --to spotify --via distrokid
    amv distributions quote release.toml --via distrokid --years 2
"""


class DistributionCommands(LazyGroup):
    """All commands of `amv distributions`."""

    table: ClassVar[dict[str, Entry]] = {
        "platforms": Entry(
            "aimusicverse.cli.distributions.platforms",
            "List stores and distributors: what they take, and how a release gets there.",
            _BEFORE,
        ),
        "validate": Entry(
            "aimusicverse.cli.distributions.validate",
            "Have the server judge a release, and its tracks: 0 if nothing blocks, else 10.",
            _BEFORE,
        ),
        "quote": Entry(
            "aimusicverse.cli.distributions.quote",
            "Have the server count what it would cost, by its own prices.",
            _BEFORE,
        ),
    }


app: Final = group(_ABOUT, cls=DistributionCommands)
