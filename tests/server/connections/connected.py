"""An account that is connected, without the way there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aimusicverse.platforms.oauth import Tokens
from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.connections import queries
from aimusicverse.server.connections.kept_secrets import CONNECTION_SECRETS, KeptSecrets, opened
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction

OWNER = "usr_1"
PLATFORM, MODE = "soundcloud", "sandbox"
SEALER = Sealer(bytes(32), CONNECTION_SECRETS)


def connect(store: Store, tokens: Tokens, *, with_owner: bool = True) -> str:
    """Its id."""

    def insert(tx: Transaction) -> str:
        if with_owner:
            owners.insert_owner(tx, OWNER, name="x", tier="local")
        connection_id = queries.insert(tx, OWNER, PLATFORM, MODE)
        set_tokens(tx, connection_id, tokens)
        return connection_id

    return store.write_now(insert)


def set_tokens(tx: Transaction, connection_id: str, tokens: Tokens) -> None:
    """As after a sign-in."""
    refresh = {} if tokens.refresh is None else {"refresh_token": tokens.refresh.get_secret_value()}
    kept = KeptSecrets({"access_token": tokens.access.get_secret_value(), **refresh})
    queries.change(
        tx,
        connection_id,
        status=queries.CONNECTED,
        secrets=kept.sealed(SEALER),
        token_until=tx.now + timedelta(seconds=tokens.expires_in),
        problem=None,
    )


def row(store: Store) -> queries.ConnectionRow:
    """As it is stored."""
    found = store.read_now(queries.one, OWNER, PLATFORM, MODE)
    assert found is not None
    return found


def kept(store: Store, name: str) -> str | None:
    """One of its secrets."""
    secrets = opened(row(store).secrets, SEALER)
    assert secrets is not None
    found: Secret | None = secrets.get(name)
    return None if found is None else found.get_secret_value()


def change(store: Store, **values: Any) -> None:
    """Set columns."""
    store.write_now(queries.change, row(store).id, **values)
