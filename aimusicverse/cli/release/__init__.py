"""`amv release`: one file per command, imported when it is run."""

from __future__ import annotations

from typing import ClassVar, Final

from aimusicverse.cli.command import group
from aimusicverse.cli.lazy import Entry, LazyGroup

_DESK = "Edit and check"
_LEARN = "Look up"

_ABOUT = """Releases: from a track to what a store would take, without a server.

Example:
    amv release init song.wav
    amv release check --to spotify,apple_music --via distrokid
    amv release fix
    amv release prepare song.wav --to spotify,apple_music --via distrokid
"""


class ReleaseCommands(LazyGroup):
    """All commands of `amv release`."""

    table: ClassVar[dict[str, Entry]] = {
        "init": Entry(
            "aimusicverse.cli.release.init",
            "Make a release.toml to fill in, from sound files or from a track.",
            _DESK,
        ),
        "check": Entry(
            "aimusicverse.cli.release.check",
            "Judge a release as stores and distributors would: 0 if nothing blocks, else 10.",
            _DESK,
        ),
        "fix": Entry(
            "aimusicverse.cli.release.fix",
            "Mend what can be mended by itself: it shows the changes, and asks.",
            _DESK,
        ),
        "prepare": Entry(
            "aimusicverse.cli.release.prepare",
            "Make one folder of all that is needed to submit a release, and a list of what is left to do.",
            _DESK,
        ),
        "rules": Entry(
            "aimusicverse.cli.release.rules",
            "Show a rule, all rules, or what a word means.",
            _LEARN,
        ),
        "where": Entry(
            "aimusicverse.cli.release.where",
            "Show which stores and distributors would take a release, and why others would not.",
            _LEARN,
        ),
        "quote": Entry(
            "aimusicverse.cli.release.quote",
            "Count what it would cost to bring a release to stores, and what is kept of the revenue.",
            _LEARN,
        ),
    }


app: Final = group(_ABOUT, cls=ReleaseCommands)
