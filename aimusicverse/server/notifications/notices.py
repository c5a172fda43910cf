"""Tells users what became of their releases, in the transaction in which it became so."""

from __future__ import annotations

from typing import Final

from aimusicverse.notify import texts
from aimusicverse.notify.texts import What
from aimusicverse.server.jobs import outbox
from aimusicverse.server.notifications import queries
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.tables import microseconds
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Distribution

#: The job that sends a message.
NOTIFY: Final = "notify"
#: Deliveries in these are not waited for: somebody has taken them back.
_TAKEN_BACK: Final = frozenset({"cancelled", "taken_down"})


def tell(
    tx: Transaction, owner: Owner, distribution: Distribution, what: What, platform: str | None = None
) -> None:
    """Tell a user what happened, if he wants to know and has linked a chat. Once, however often it is called.

    Args:
        tx: in which it happened; the message waits for its commit.
        owner: whose release it is.
        distribution: as it is now, with all its deliveries.
        what: `live`, `failed`, `rejected`, `action_required`: of the store `platform`. With the last store
            that goes live the release is complete: that is said instead, in one message, so nobody need call
            this with `complete`.
        platform: such as `spotify`.
    """
    wishes = queries.wishes(tx, owner)
    if wishes.chat_id is None:
        return
    if what == "live" and wishes.wanted["complete"] and _is_complete(distribution):
        what = "complete"
    if not wishes.wanted[what]:
        return
    text = texts.of_distribution(distribution, what, platform)
    notice_id = queries.insert_notice(tx, owner, _key(distribution, what, platform), text)
    if notice_id is not None:
        outbox.add(tx, owner.id, NOTIFY, ref=notice_id, payload={})


def _is_complete(distribution: Distribution) -> bool:
    waited_for = [one for one in distribution.deliveries if one.status not in _TAKEN_BACK]
    return bool(waited_for) and all(one.status == "live" for one in waited_for)


def _key(distribution: Distribution, what: What, platform: str | None) -> str:
    """What makes it news: a revision is live once in a store, but may fail there again after a retry."""
    of_revision = f"{distribution.id}:{distribution.revision}"
    if what == "complete":
        return f"{of_revision}:complete"
    if what == "live":
        return f"{of_revision}:live:{platform}"
    delivery = next(one for one in distribution.deliveries if one.platform == platform)
    return f"{of_revision}:{what}:{platform}:{microseconds(delivery.updated_at)}"
