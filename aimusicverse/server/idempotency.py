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
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.tables import idempotency
from aimusicverse.server.store.transaction import Transaction

M = TypeVar("M", bound=BaseModel)
KEPT_FOR = timedelta(hours=24)
# What is run most is built once: building a statement costs more than running it.
_MINE = (idempotency.c.owner_id == sa.bindparam("owner")) & (idempotency.c.key == sa.bindparam("of"))
_KEPT = sa.select(idempotency).where(_MINE)
_FORGET = sa.delete(idempotency).where(_MINE)
_KEEP = sa.insert(idempotency)
_FORM = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Once:
    """A request that must take effect once: its key, a digest of method, path and body, and what
    seals the answer that is kept: it may hold a secret or a signed link."""

    key: str
    fingerprint: str
    sealer: Sealer

    def __post_init__(self) -> None:
        if not _FORM.fullmatch(self.key):
            raise Refusal("idempotency_key_invalid")


def run(
    tx: Transaction, owner: Owner, once: Once, function: Callable[[Transaction], M], answer: type[M]
) -> M:
    """The stored answer, or `function`'s, which is stored with its effect.

    Raises:
        Refusal: `idempotency_key_reused`: the key came with another request.
    """
    row = tx.one_or_none(_KEPT, {"owner": owner.id, "of": once.key})
    if row is not None and row.expires_at > tx.now:
        if row.fingerprint != once.fingerprint:
            raise Refusal("idempotency_key_reused")
        # Doing it twice would be worse than saying no.
        kept = once.sealer.open(row.answer)
        if kept is None:
            raise Refusal("idempotency_answer_lost")
        return answer.model_validate_json(kept)
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
