"""`amv webhooks`: one file per command, imported when it is run."""

from __future__ import annotations

from typing import ClassVar, Final

from aimusicverse.cli.command import group
from aimusicverse.cli.lazy import Entry, LazyGroup

_ENDPOINTS = "Endpoints"
_SENT = "What was sent"
_HERE = "While you develop"
_ALONE = "Without a server"

_ABOUT = """Webhooks: sent, listened to, signed, judged.

By Standard Webhooks 1.0.0: those of this server, and of every other sender of that standard.

Example:
    amv webhooks verify --secret-env WEBHOOK_SECRET --headers headers.txt < body.json
    amv webhooks sign --secret-env WEBHOOK_SECRET < body.json > headers.txt
    amv webhooks check http://127.0.0.1:8000/hook --secret-env WEBHOOK_SECRET
"""


class Webhooks(LazyGroup):
    """All commands of `amv webhooks`."""

    table: ClassVar[dict[str, Entry]] = {
        "list": Entry(
            "aimusicverse.cli.webhooks.list_webhooks",
            "List your endpoints, newest first.",
            _ENDPOINTS,
        ),
        "create": Entry(
            "aimusicverse.cli.webhooks.create",
            "Make an endpoint, and print its secret once.",
            _ENDPOINTS,
        ),
        "get": Entry(
            "aimusicverse.cli.webhooks.get",
            "Show an endpoint, without its secret and the values of its headers.",
            _ENDPOINTS,
        ),
        "update": Entry(
            "aimusicverse.cli.webhooks.update",
            "Change an endpoint, enable or disable it. What waits for it goes where it is then.",
            _ENDPOINTS,
        ),
        "delete": Entry(
            "aimusicverse.cli.webhooks.delete",
            "Remove an endpoint with its deliveries. Nothing more is sent there.",
            _ENDPOINTS,
        ),
        "rotate": Entry(
            "aimusicverse.cli.webhooks.rotate",
            "Make a new secret, and print it once; for a day messages are signed with the old one too.",
            _ENDPOINTS,
        ),
        "test": Entry(
            "aimusicverse.cli.webhooks.testing",
            "Send endpoint.test to an endpoint, and show what it answers: 0 if it accepts it, else 1.",
            _ENDPOINTS,
        ),
        "deliveries": Entry(
            "aimusicverse.cli.webhooks.deliveries",
            "List what was sent to an endpoint, newest first: how often it was tried, and what came of it.",
            _SENT,
        ),
        "delivery": Entry(
            "aimusicverse.cli.webhooks.delivery",
            "Show a delivery with each of its tries, and what was answered.",
            _SENT,
        ),
        "redeliver": Entry(
            "aimusicverse.cli.webhooks.redeliver",
            "Send an event once more, and show what the endpoint answers: 0 if it accepts it, else 1.",
            _SENT,
        ),
        "replay": Entry(
            "aimusicverse.cli.webhooks.replay",
            "Send events to an endpoint again: those named, or what the log has of what it asks for.",
            _SENT,
        ),
        "listen": Entry(
            "aimusicverse.cli.webhooks.listen",
            "Receive the events of a running server here, and forward them to your program.",
            _HERE,
        ),
        "trigger": Entry(
            "aimusicverse.cli.webhooks.trigger",
            "Make up an event, as if it had happened: to try out who receives it.",
            _HERE,
        ),
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
