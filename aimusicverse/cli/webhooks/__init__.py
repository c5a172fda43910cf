"""`amv webhooks`: one file per command, imported when it is run."""

from __future__ import annotations

from typing import ClassVar, Final

from aimusicverse.cli.command import group
from aimusicverse.cli.lazy import Entry, LazyGroup

_ALONE = "Without a server"

_ABOUT = """Webhooks: signed, judged, tried out.

By Standard Webhooks 1.0.0: those of this server, and of every other sender of that standard.

Example:
    amv webhooks verify --secret-env WEBHOOK_SECRET --headers headers.txt < body.json
    amv webhooks sign --secret-env WEBHOOK_SECRET < body.json > headers.txt
    amv webhooks check http://127.0.0.1:8000/hook --secret-env WEBHOOK_SECRET
"""


class Webhooks(LazyGroup):
    """All commands of `amv webhooks`."""

    table: ClassVar[dict[str, Entry]] = {
        "verify": Entry(
            "aimusicverse.cli.webhooks.verify",
            "Judge a message: accepted (exit 0), forged (8) or stale (9).",
            _ALONE,
        ),
        "sign": Entry(
            "aimusicverse.cli.webhooks.sign", "Sign a body: print the three headers that go with it.", _ALONE
        ),
        "check": Entry(
            "aimusicverse.cli.webhooks.check",
            "Try out a receiver with genuine and forged messages, and tell what it did wrong.",
            _ALONE,
        ),
    }


app: Final = group(_ABOUT, cls=Webhooks)
