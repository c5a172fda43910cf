"""The SQL of notifications."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

import sqlalchemy as sa

from aimusicverse.server.ids import new_id
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.tables import notice, notification
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.store.upsert import upsert

#: What a user can be told of; all of it, until he says otherwise.
KINDS: Final = ("live", "failed", "rejected", "action_required", "complete")
PENDING, SENT, FAILED = "pending", "sent", "failed"


class Wishes(NamedTuple):
    """What a user is told of, and where."""

    wanted: dict[str, bool]
    chat_id: int | None
    chat_name: str | None
    code_until: datetime | None


class Notice(NamedTuple):
    """A message, and where it is to go."""

    text: str
    status: str
    chat_id: int | None


_KEEP = upsert(
    notification, setting=("wanted", "chat_id", "chat_name", "code_hash", "code_until", "updated_at")
)

#: Two may come with the same news at once; the second finds it told, whatever it has not seen yet.
_INSERT_NOTICE = sa.text(
    f"INSERT INTO notice ({', '.join(notice.c.keys())}) "  # noqa: S608 - names of our own
    f"VALUES ({', '.join(f':{name}' for name in notice.c.keys())}) ON CONFLICT (owner_id, key) DO NOTHING"
).bindparams(*(sa.bindparam(column.name, type_=column.type) for column in notice.columns))


def wishes(tx: Transaction, owner: Owner) -> Wishes:
    """Of a user; of one who never said anything, what goes for everybody."""
    row = tx.one_or_none(sa.select(notification).where(notification.c.owner_id == owner.id))
    everything = dict.fromkeys(KINDS, True)
    if row is None:
        return Wishes(everything, None, None, None)
    return Wishes({**everything, **row.wanted}, row.chat_id, row.chat_name, row.code_until)


def insert_notice(tx: Transaction, owner: Owner, key: str, text: str) -> str | None:
    """The id of a new message; `None`: that was told already."""
    notice_id = new_id("ntc")
    row = {
        "id": notice_id,
        "owner_id": owner.id,
        "key": key,
        "text": text,
        "status": PENDING,
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    return notice_id if tx.execute(_INSERT_NOTICE, row).rowcount else None
