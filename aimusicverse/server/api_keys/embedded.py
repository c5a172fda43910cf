"""The embedded owner, whom a data folder begins with, and the key that lies in the folder."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries
from aimusicverse.server.data_folder import DataFolder, key_proof
from aimusicverse.server.ids import new_id
from aimusicverse.server.security import key_format, key_hash
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.security.scopes import SCOPES
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.transaction import Transaction

#: How the names of these keys begin; then comes where the key lies.
_OWNER_KEYS = "owner@"
_LONGEST_NAME = 200


def embedded_owner_key(
    folder: DataFolder, store: Store, master: bytes, mode: key_format.Mode
) -> tuple[Secret, queries.ApiKeyRow]:
    """The key of the owner that this data folder begins with; made at the first start.

    The key lies in `owner.key`, readable by this user only. A file that does not fit the database
    (lost, restored from elsewhere), or whose key opens nothing any more (revoked, expired, suspended), is
    replaced by a new key, and the old one revoked. Where other processes with folders of their own may be
    at work, theirs stay.
    """
    kept = folder.owner_key()
    if kept is not None and (parsed := key_format.parse(kept[0].get_secret_value())) is not None:
        key, proof = kept
        row = store.read_now(_usable, parsed.id)
        if row is not None:
            proven = proof == key_proof(master, key, row.hash)
            if proven or key_hash.matches(parsed.secret, row.hash):
                if not proven:
                    folder.save_owner_key(key, key_proof(master, key, row.hash))
                if set(row.scopes) != set(SCOPES):  # made by a version that knew fewer
                    row = store.write_now(_widen, row)
                return key, row
    key_id = new_id("key")
    key, secret = key_format.mint(key_id, mode)
    hashed = key_hash.hashed(secret)
    row = store.write_now(_create_key, key_id, hashed, mode, _name(folder.path), store.is_ours_alone)
    folder.save_owner_key(key, key_proof(master, key, row.hash))
    return key, row


def _usable(tx: Transaction, key_id: str) -> queries.ApiKeyRow | None:
    row = queries.find(tx, key_id)
    if row is None or row.revoked_at is not None or row.suspended_at is not None:
        return None
    return None if row.expires_at is not None and row.expires_at <= tx.now else row


def _create_key(
    tx: Transaction, key_id: str, hashed: bytes, mode: str, name: str, alone: bool
) -> queries.ApiKeyRow:
    owner_id = queries.first_owner(tx)
    if owner_id is None:
        owner_id = new_id("usr")
        queries.insert_owner(tx, owner_id, name="local", tier="local", role="admin")
    # Wherever the one before went, it opens nothing any more.
    queries.revoke_of_folders(tx, owner_id, folder=None if alone else name)
    queries.insert(
        tx,
        key_id,
        owner_id=owner_id,
        name=name,
        mode=mode,
        hash=hashed,
        scopes=list(SCOPES),
        origin=queries.IN_FOLDER,
    )
    return _stored(tx, key_id)


def _stored(tx: Transaction, key_id: str) -> queries.ApiKeyRow:
    row = queries.find(tx, key_id)
    assert row is not None  # noqa: S101 - this transaction has written it
    return row


def _name(folder: Path) -> str:
    """Where the key lies: two folders on one database have a key each."""
    path = os.fsencode(folder.resolve()).decode("utf-8", "replace")
    name = f"{_OWNER_KEYS}{socket.gethostname()}:{path}"
    if len(name) <= _LONGEST_NAME:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:16]
    return f"{name[: _LONGEST_NAME - len(mark) - 1]}…{mark}"


def _widen(tx: Transaction, row: queries.ApiKeyRow) -> queries.ApiKeyRow:
    queries.change(tx, Owner(row.owner_id), row.id, scopes=list(SCOPES))
    return _stored(tx, row.id)
