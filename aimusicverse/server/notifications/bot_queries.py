"""The SQL of the bot: who listens to it, and up to where it was answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from aimusicverse.server.store.real_time import RealTime
from aimusicverse.server.store.tables import telegram_bot
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.store.upsert import upsert

_LET_IN: Final = upsert(telegram_bot)
#: After a week without updates Telegram may number them from elsewhere. It keeps none for longer than a day,
#: so that what comes then was not answered, whatever its number.
_QUIET_SECONDS: Final = 6 * 86_400
_COUNTS_ANEW: Final = telegram_bot.c.answered_at < RealTime() - _QUIET_SECONDS


def hold(tx: Transaction, bot_id: int, who: str, seconds: float) -> int | None:
    """Be the one who listens, for so long; from which update on. `None`: another one listens."""
    new = {
        "id": bot_id,
        "name": None,
        "next_update": 0,
        "answered_at": 0.0,
        "lease_until": 0.0,
        "lease_owner": None,
    }
    tx.execute(_LET_IN, new)
    free = sa.or_(telegram_bot.c.lease_owner == who, telegram_bot.c.lease_until <= RealTime())
    row = tx.one_or_none(
        sa.update(telegram_bot)
        .where(telegram_bot.c.id == bot_id, free)
        .values(lease_owner=who, lease_until=RealTime() + seconds)
        .returning(sa.case((_COUNTS_ANEW, 0), else_=telegram_bot.c.next_update).label("offset"))
    )
    return None if row is None else int(row.offset)


def take(tx: Transaction, bot_id: int, who: str, update_id: int) -> bool:
    """Whether an update is this listener's to answer, and was not answered. From then on it was."""
    mine = (telegram_bot.c.id == bot_id) & (telegram_bot.c.lease_owner == who)
    return bool(
        tx.execute(
            sa.update(telegram_bot)
            .where(mine, sa.or_(telegram_bot.c.next_update <= update_id, _COUNTS_ANEW))
            .values(next_update=update_id + 1, answered_at=RealTime())
        ).rowcount
    )


def set_name(tx: Transaction, bot_id: int, name: str) -> None:
    """What the bot is called."""
    tx.execute(sa.update(telegram_bot).where(telegram_bot.c.id == bot_id).values(name=name))


def name(tx: Transaction, bot_id: int) -> str | None:
    """What the bot is called, once somebody has listened to it."""
    row = tx.one_or_none(sa.select(telegram_bot.c.name).where(telegram_bot.c.id == bot_id))
    return None if row is None else row.name


def let_go(tx: Transaction, who: Sequence[str]) -> None:
    """These listen no more."""
    mine = telegram_bot.c.lease_owner.in_(who)
    tx.execute(sa.update(telegram_bot).where(mine).values(lease_until=0.0, lease_owner=None))


def let_go_all(tx: Transaction) -> None:
    """Nobody listens: the store is ours alone, and has just been opened."""
    tx.execute(sa.update(telegram_bot).values(lease_until=0.0, lease_owner=None))
