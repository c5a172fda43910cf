"""The SQL of notifications."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

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


_COLUMNS: Final = [column.name for column in notice.columns]
#: Two may come with the same news at once; the second finds it told, whatever it has not seen yet.
_INSERT_NOTICE = sa.text(
    f"INSERT INTO notice ({', '.join(notice.c.keys())}) "  # noqa: S608 - names of our own
    f"VALUES ({', '.join(f':{name}' for name in _COLUMNS)}) ON CONFLICT (owner_id, key) DO NOTHING"
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


def set_wanted(tx: Transaction, owner: Owner, wanted: dict[str, bool]) -> None:
    """What a user is told of from now on."""
    _change(tx, owner, wanted=wanted)


def set_code(tx: Transaction, owner: Owner, code_hash: str | None, until: datetime | None) -> None:
    """The code by which a chat may be linked; a former one is void."""
    _change(tx, owner, code_hash=code_hash, code_until=until)


def set_chat(tx: Transaction, owner: Owner, chat_id: int | None, name: str | None) -> None:
    """The chat of a user. `None` with a name: it was his, and takes no messages."""
    _change(tx, owner, chat_id=chat_id, chat_name=name, code_hash=None, code_until=None)


def owner_of_code(tx: Transaction, code_hash: str) -> Owner | None:
    """Whose code it is, as long as it is good."""
    valid = (notification.c.code_hash == code_hash) & (notification.c.code_until > tx.now)
    row = tx.one_or_none(sa.select(notification.c.owner_id).where(valid))
    return None if row is None else Owner(row.owner_id)


def owners_of_chat(tx: Transaction, chat_id: int) -> list[Owner]:
    """Whose chat it is; one at most, but for two who linked it in the same moment."""
    rows = tx.all(sa.select(notification.c.owner_id).where(notification.c.chat_id == chat_id))
    return [Owner(row.owner_id) for row in rows]


def notice_of(tx: Transaction, owner: Owner, notice_id: str) -> Notice | None:
    """A message on its way, and the chat of its user now."""
    row = tx.one_or_none(
        sa.select(notice.c.text, notice.c.status, notification.c.chat_id)
        .select_from(notice.outerjoin(notification, notification.c.owner_id == notice.c.owner_id))
        .where(notice.c.id == notice_id, notice.c.owner_id == owner.id)
    )
    return None if row is None else Notice(*row)


def set_notice(tx: Transaction, owner: Owner, notice_id: str, status: str) -> None:
    """How far a message is."""
    tx.execute(
        sa.update(notice)
        .where(notice.c.id == notice_id, notice.c.owner_id == owner.id)
        .values(status=status, updated_at=tx.now)
    )


def _change(tx: Transaction, owner: Owner, **values: Any) -> None:
    now = {"updated_at": tx.now, **values}
    there = sa.update(notification).where(notification.c.owner_id == owner.id)
    if tx.execute(there.values(**now)).rowcount:
        return
    empty: dict[str, Any] = {
        "chat_id": None,
        "chat_name": None,
        "code_hash": None,
        "code_until": None,
        "wanted": {},
    }
    tx.execute(upsert(notification, setting=now), {**empty, **now, "owner_id": owner.id})
