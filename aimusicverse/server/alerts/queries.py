"""The SQL of alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from aimusicverse.server.ids import new_id
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import alert, owner
from aimusicverse.server.store.transaction import Transaction

_RAISED: Final = Prepared(sa.select(alert).where(alert.c.cleared_at.is_(None)).order_by(alert.c.id))


def raised(tx: Transaction) -> Sequence[Any]:
    """Those that are not cleared."""
    return tx.all(_RAISED)


def cleared_since(tx: Transaction, since: datetime, limit: int) -> Sequence[Any]:
    """Those that were raised since and are cleared, newest first."""
    return tx.all(
        sa.select(alert)
        .where(alert.c.cleared_at.is_not(None), alert.c.raised_at >= since)
        .order_by(alert.c.raised_at.desc(), alert.c.id.desc())
        .limit(limit)
    )


def insert(tx: Transaction, *, rule: str, subject: str, value: float, threshold: float) -> Any:
    """A new one; its row."""
    alert_id = new_id("alr")
    tx.execute(
        sa.insert(alert).values(
            id=alert_id, rule=rule, subject=subject, value=value, threshold=threshold, raised_at=tx.now
        )
    )
    return _get(tx, alert_id)


def clear(tx: Transaction, alert_id: str) -> Any:
    """It is well again; its row."""
    tx.execute(sa.update(alert).where(alert.c.id == alert_id).values(cleared_at=tx.now))
    return _get(tx, alert_id)


def _get(tx: Transaction, alert_id: str) -> Any:
    return tx.one_or_none(sa.select(alert).where(alert.c.id == alert_id))


def forget(tx: Transaction, before: datetime) -> None:
    """Those that were cleared earlier."""
    tx.execute(sa.delete(alert).where(alert.c.cleared_at < before))


def admins(tx: Transaction) -> list[str]:
    """Who is told: every admin who is not suspended."""
    rows = tx.all(
        sa.select(owner.c.id)
        .where(owner.c.role == "admin", owner.c.suspended_at.is_(None))
        .order_by(owner.c.id)
    )
    return [row.id for row in rows]
