"""Distributions as `tell` gets them, chats that are linked, and rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import sqlalchemy as sa

from aimusicverse.notify.texts import What
from aimusicverse.server.notifications import notices
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.tables import distribution, notice, store_delivery
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Distribution
from tests.notify.bot_api import BotApi

CHAT = 4242
_AT = datetime(2026, 12, 4, 12, tzinfo=UTC)
PROBLEM = {
    "code": "isrc_missing",
    "message": "Missing ISRC code",
    "field": "tracks[0].isrc",
    "hint": "Give <each> track its own & retry.",
    "docs_url": "https://docs.example/isrc",
    "retryable": False,
}


def delivery(platform: str, status: str, **fields: Any) -> dict[str, Any]:
    """A store of a distribution."""
    given = {
        "platform": platform,
        "connector": "api",
        "mode": "sandbox",
        "status": status,
        "attempts": 1,
        "updated_at": _AT,
    }
    return given | fields


def distributed(*deliveries: dict[str, Any], **fields: Any) -> Distribution:
    """A distribution that goes to these."""
    given = {
        "id": "dst_1",
        "created_at": _AT,
        "updated_at": _AT,
        "etag": "1-0",
        "mode": "sandbox",
        "status": deliveries[0]["status"],
        "title": "Rain & <b>Shine</b>",
        "metadata": {},
        "platforms": [one["platform"] for one in deliveries],
        "track_ids": [],
        "revision": 1,
        "deliveries": list(deliveries),
    }
    return Distribution.model_validate(given | fields)


def tell(store: Store, owner_id: str, one: Distribution, what: What, platform: str | None = None) -> None:
    """In a transaction of its own."""
    store.write_now(lambda tx: notices.tell(tx, Owner(owner_id), one, what, platform))


def told(store: Store) -> list[tuple[str, str]]:
    """The messages and how far they are, oldest first."""
    return store.read_now(
        lambda tx: [
            tuple(row) for row in tx.all(sa.select(notice.c.text, notice.c.status).order_by(notice.c.id))
        ]
    )


def link(http: httpx.Client, telegram: BotApi, chat: int = CHAT) -> None:
    """Link a chat as a person does."""
    code = http.patch("/user/notifications", json={"telegram": True}).json()["telegram"]["code"]
    already = len(telegram.to(chat))
    telegram.write(chat, f"/start {code}")
    telegram.wait_for(lambda: len(telegram.to(chat)) > already, "the answer")


def keep(tx: Transaction, owner_id: str, one: Distribution) -> None:
    """The rows of a distribution."""
    tx.execute(
        sa.insert(distribution).values(
            id=one.id,
            owner_id=owner_id,
            mode=one.mode,
            status=one.status,
            title=one.title,
            release={},
            revision=one.revision,
            created_at=one.created_at,
            updated_at=one.updated_at,
            version=1,
        )
    )
    for number, at in enumerate(one.deliveries):
        tx.execute(
            sa.insert(store_delivery).values(
                id=f"dlv_{one.id}{number}",
                distribution_id=one.id,
                owner_id=owner_id,
                platform=at.platform,
                mode=at.mode,
                connector=at.connector,
                status=at.status,
                step="done",
                journal="",
                problem=None if at.problem is None else at.problem.model_dump(),
                attempts=at.attempts,
                updated_at=at.updated_at,
            )
        )
