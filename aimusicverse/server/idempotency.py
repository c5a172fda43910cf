"""`Idempotency-Key`: part of the effect's own transaction, so the effect and its record are one.

On one database two requests with the same key cannot overtake each other: the second finds the
first's answer, or nothing because the first was undone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar, get_type_hints

import sqlalchemy as sa
from pydantic import BaseModel

from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.real_time import RealTime
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.tables import idempotency
from aimusicverse.server.store.transaction import Transaction

M = TypeVar("M", bound=BaseModel)
HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
# What is run most is built once: building a statement costs more than running it.
_MINE = (idempotency.c.owner_id == sa.bindparam("owner")) & (idempotency.c.key == sa.bindparam("of"))
_KEPT = Prepared(sa.select(idempotency, RealTime().label("real_now")).where(_MINE))
_FORGET = Prepared(sa.delete(idempotency).where(_MINE))
_KEEP = Prepared(sa.insert(idempotency))
_LEASED = RealTime() + sa.bindparam("for", type_=sa.Float)
_BEGIN = Prepared(sa.insert(idempotency).values(lease_until=_LEASED))
_RUNNING = _MINE & (idempotency.c.lease_owner == sa.bindparam("runner"))
_RENEW = Prepared(sa.update(idempotency).where(_RUNNING).values(lease_until=_LEASED))
_ABANDON = Prepared(sa.delete(idempotency).where(_RUNNING))
_FINISH = Prepared(sa.update(idempotency).where(_MINE))
#: After how long without a word a request that runs is taken for dead.
LEASE_SECONDS = 30.0
_FORM = re.compile(r"[\x21-\x7e]{1,255}")


def check_key(key: str) -> None:
    """Refuse what cannot be one.

    Raises:
        Refusal: `idempotency_key_invalid`.
    """
    if not _FORM.fullmatch(key):
        raise Refusal("idempotency_key_invalid")


@dataclass(frozen=True, slots=True)
class Once:
    """A request that must take effect once: its key, a digest of method, path and body, and what
    seals the answer that is kept: it may hold a secret or a signed link."""

    key: str
    fingerprint: str
    sealer: Sealer

    def __post_init__(self) -> None:
        check_key(self.key)


def run(
    tx: Transaction, owner: Owner, once: Once, function: Callable[[Transaction], M], answer: type[M]
) -> M:
    """The stored answer, or `function`'s, which is stored with its effect.

    Raises:
        Refusal: `idempotency_key_reused`: the key came with another request.
    """
    row = tx.one_or_none(_KEPT, {"owner": owner.id, "of": once.key})
    if row is not None and _holds(tx, row):
        return _answered(row, once, answer)
    if row is not None:
        tx.execute(_FORGET, {"owner": owner.id, "of": once.key})
    result = function(tx)
    tx.execute(
        _KEEP,
        {
            "owner_id": owner.id,
            "key": once.key,
            "fingerprint": once.fingerprint,
            "answer": once.sealer.seal(result.model_dump_json()),
            "expires_at": tx.now + KEPT_FOR,
        },
    )
    return result


def answered(tx: Transaction, owner: Owner, once: Once, answer: type[M]) -> M | None:
    """The stored answer; `None`: there is none yet.

    Raises:
        Refusal: `idempotency_key_reused`: the key came with another request.
    """
    row = tx.one_or_none(_KEPT, {"owner": owner.id, "of": once.key})
    return _answered(row, once, answer) if row is not None and _holds(tx, row) else None


# -- a request that takes long: it is noted as running before it has an effect ---------------------


def begin(tx: Transaction, owner: Owner, key: str, runner: str) -> None:
    """Note that `runner` is at a request with this key, unless there is an answer to one already.

    Raises:
        Refusal: `idempotency_in_progress`: somebody else is at it, and lives.
    """
    row = tx.one_or_none(_KEPT, {"owner": owner.id, "of": key})
    if row is not None:
        if _holds(tx, row):
            return
        tx.execute(_FORGET, {"owner": owner.id, "of": key})
    tx.execute(
        _BEGIN,
        {
            "owner_id": owner.id,
            "key": key,
            "fingerprint": "",
            "answer": "",
            "expires_at": tx.now + KEPT_FOR,
            "lease_owner": runner,
            "for": LEASE_SECONDS,
        },
    )


def renew(tx: Transaction, owner: Owner, key: str, runner: str) -> None:
    """It still runs."""
    tx.execute(_RENEW, {"owner": owner.id, "of": key, "runner": runner, "for": LEASE_SECONDS})


def abandon(tx: Transaction, owner: Owner, key: str, runner: str) -> None:
    """It had no effect: the key is free again."""
    tx.execute(_ABANDON, {"owner": owner.id, "of": key, "runner": runner})


def finish(
    tx: Transaction,
    owner: Owner,
    once: Once,
    runner: str,
    function: Callable[[Transaction], M],
    answer: type[M],
) -> M:
    """`run` for what has begun: the effect and its record, in one.

    Raises:
        Refusal: `idempotency_key_reused`: the key came with another request; `idempotency_in_progress`:
            this one was taken for dead, and somebody else is at it.
    """
    row = tx.one_or_none(_KEPT, {"owner": owner.id, "of": once.key})
    if row is not None and row.lease_until is None:
        return _answered(row, once, answer)
    if row is None or row.lease_owner != runner:
        raise Refusal("idempotency_in_progress", headers={"Retry-After": "1"})
    result = function(tx)
    tx.execute(
        _FINISH,
        {
            "owner": owner.id,
            "of": once.key,
            "fingerprint": once.fingerprint,
            "answer": once.sealer.seal(result.model_dump_json()),
            "expires_at": tx.now + KEPT_FOR,
            "lease_until": None,
            "lease_owner": None,
        },
    )
    return result


def _holds(tx: Transaction, row: sa.Row[Any]) -> bool:
    """Whether a record counts: it is not too old, and not of a request that died."""
    if row.expires_at <= tx.now:
        return False
    if row.lease_until is None:
        return True
    if row.lease_until > row.real_now:
        raise Refusal("idempotency_in_progress", headers={"Retry-After": "1"})
    return False


def _answered(row: sa.Row[Any], once: Once, answer: type[M]) -> M:
    if row.fingerprint != once.fingerprint:
        raise Refusal("idempotency_key_reused")
    # Doing it twice would be worse than saying no.
    kept = once.sealer.open(row.answer)
    if kept is None:
        raise Refusal("idempotency_answer_lost")
    return answer.model_validate_json(kept)


def forget_expired(tx: Transaction) -> int:
    """Remove records whose time is up; how many."""
    return tx.execute(sa.delete(idempotency).where(idempotency.c.expires_at <= tx.now)).rowcount


@cache
def answer_type(function: Callable[..., Any]) -> type[BaseModel]:
    """The model that a service function returns, read from its annotation."""
    answer = get_type_hints(function)["return"]
    if not (isinstance(answer, type) and issubclass(answer, BaseModel)):
        raise TypeError(f"{function.__qualname__} must return a model to be answered twice")
    return answer
