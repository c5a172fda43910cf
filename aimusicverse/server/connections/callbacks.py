"""What stores tell by themselves: signed, and never believed. It only makes the next look due now, in which
the store's own API is asked; so what comes twice, late or in another order does no harm.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

from pydantic import BaseModel

from aimusicverse.errors import WebhookVerificationError
from aimusicverse.server.connections import queries
from aimusicverse.server.connections.kept_secrets import CALLBACK, opened
from aimusicverse.server.distributions import service as distributions
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.webhooks import verify

MOST_BYTES: Final = 64 * 1024
#: Longer than a signature is good, on either side of now.
KEPT_FOR: Final = timedelta(days=1)
_LONGEST_ID: Final = 200


class Callback(BaseModel):
    """What came of a message."""

    #: `taken`, or `repeated`: it came before, and nothing was done.
    outcome: str


def take(
    tx: Transaction,
    platform: str,
    connection_id: str,
    headers: list[tuple[str, str]],
    body: bytes,
    sealer: Sealer,
) -> Callback:
    """Judge a message, and look soon at what it is about.

    Args:
        tx: acts for the server itself: a store has no key of ours.
        platform: which store it says it is.
        connection_id: whose account it is about.
        headers: of the request.
        body: raw.
        sealer: of secrets.

    Raises:
        Refusal: `callback_not_signed`: forged, too old, or of an account that is not connected; all in the
            same words. `malformed_json`: it is signed, and tells nothing.
    """
    row = queries.by_id(tx, connection_id)
    if row is None or row.platform != platform or row.status not in (queries.CONNECTED, queries.EXPIRED):
        raise Refusal("callback_not_signed")
    kept = opened(row.secrets, sealer)
    secret = None if kept is None else kept.get(CALLBACK)
    if secret is None:
        raise Refusal("callback_not_signed")
    try:
        message_id = verify(body, headers, secret)
    except WebhookVerificationError as error:
        raise Refusal("callback_not_signed", str(error)) from None
    about = external_id(body)
    if not queries.is_new_callback(tx, row, message_id):
        return Callback(outcome="repeated")
    distributions.store_called(tx, Owner(row.owner_id), row.platform, row.mode, about)
    return Callback(outcome="taken")


def external_id(body: bytes) -> str:
    """Which release a message is about: `external_id`, by itself or in `data`.

    Raises:
        Refusal: `malformed_json`.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal("malformed_json") from None
    for place in (said, said.get("data") if isinstance(said, dict) else None):
        found = place.get("external_id") if isinstance(place, dict) else None
        if isinstance(found, str) and 0 < len(found) <= _LONGEST_ID and "\0" not in found:
            return found
    raise Refusal("malformed_json", "There is no `external_id` in it, of 1 to 200 characters.")
