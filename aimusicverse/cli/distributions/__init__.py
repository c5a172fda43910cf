"""`amv distributions`: one file per command, imported when it is run."""

from __future__ import annotations

from typing import ClassVar, Final

from aimusicverse.cli.command import group
from aimusicverse.cli.lazy import Entry, LazyGroup

_BEFORE = "Before anything is sent"
_LOOK = "Look on"
_ACT = "On its way"
_FILES = "As a file"

_ABOUT = """Releases on their way to stores. amv distribute sends one; amv release needs no server.

Example:
    amv distributions list
    amv distributions watch dst_0mYdJ1x0FzbcL5Vn4zQ
    amv distributions update dst_0mYdJ1x0FzbcL5Vn4zQ --set isrc=USSKG2600001
    amv distributions retry dst_0mYdJ1x0FzbcL5Vn4zQ
"""


def _entry(module: str, line: str, panel: str) -> Entry:
    return Entry(f"aimusicverse.cli.distributions.{module}", line, panel)


class DistributionCommands(LazyGroup):
    """All commands of `amv distributions`."""

    table: ClassVar[dict[str, Entry]] = {
        "list": _entry("list_distributions", "List distributions, newest first.", _LOOK),
        "get": _entry("get", "Show a distribution, and where it stands at each store.", _LOOK),
        "watch": _entry(
            "watch",
            "Look on until a distribution has come to an end at each store: 1 if one has not taken it.",
            _LOOK,
        ),
        "events": _entry("events", "List what happened to a distribution, in order.", _LOOK),
        "submit": _entry("submit", "Bring a draft to its stores.", _ACT),
        "update": _entry(
            "update",
            "Change a release that is on its way, or came to nothing. Nothing is sent again: retry does.",
            _ACT,
        ),
        "retry": _entry(
            "retry",
            "Try again what has failed, was rejected, or waits for you, with the release as it is now.",
            _ACT,
        ),
        "pause": _entry("pause", "Hold a distribution where it is, until resume.", _ACT),
        "resume": _entry("resume", "Let a distribution go on that pause holds.", _ACT),
        "cancel": _entry(
            "cancel",
            "Give up what is not live yet, at some stores or at all.",
            _ACT,
        ),
        "takedown": _entry("takedown", "Take a release away from people, where it is live.", _ACT),
        "package": _entry(
            "package",
            "Save what a person can hand over himself, as a zip.",
            _ACT,
        ),
        "confirm": _entry(
            "confirm",
            "Tell what you did yourself, where a release waits for a person.",
            _ACT,
        ),
        "export": _entry(
            "export",
            "Save all that the server knows of your distributions: metadata, links, history, streams.",
            _FILES,
        ),
        "import": _entry("import_file", "Take an export in: all of it, or nothing. Nothing is sent.", _FILES),
        "platforms": _entry(
            "platforms",
            "List stores and distributors: what they take, and how a release gets there.",
            _BEFORE,
        ),
        "validate": _entry(
            "validate",
            "Have the server judge a release, and its tracks: 0 if nothing blocks, else 10.",
            _BEFORE,
        ),
        "quote": _entry("quote", "Have the server count what it would cost, by its own prices.", _BEFORE),
    }


app: Final = group(_ABOUT, cls=DistributionCommands)
