"""The embedded owner and the first key."""

from __future__ import annotations

import hashlib
import os
import socket
from dataclasses import replace
from pathlib import Path

from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries
from aimusicverse.server.data_folder import DataFolder, key_proof
from aimusicverse.server.ids import new_id
from aimusicverse.server.security import key_format, key_hash
from aimusicverse.server.security.principal import Principal, principal_of
from aimusicverse.server.security.scopes import SCOPES
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.transaction import Transaction

#: How the names of the embedded owner's keys begin; then comes where the key lies. Older ones end there.
_OWNER_KEYS = "owner@"
_OLDER_NAME = "owner"
_LONGEST_NAME = 200


def embedded_owner_key(
    folder: DataFolder, store: Store, master: bytes, mode: key_format.Mode
) -> tuple[Secret, Principal]:
    """The key of the owner that this data folder begins with; made at the first start.

    The key lies in `owner.key`, readable by this user only. A file that does not fit the database
    (lost, restored from elsewhere, revoked) is replaced by a new key, and the old one revoked. Where other
    processes with folders of their own may be at work, theirs stay.
    """
    kept = folder.owner_key()
    if kept is not None and (parsed := key_format.parse(kept[0].get_secret_value())) is not None:
        key, proof = kept
        row = store.read_now(queries.find, parsed.id)
        if row is not None and row.revoked_at is None:
            proven = proof == key_proof(master, key, row.hash)
            if proven or key_hash.matches(parsed.secret, row.hash):
                if not proven:
                    folder.save_owner_key(key, key_proof(master, key, row.hash))
                if set(row.scopes) != set(SCOPES):  # made by a version that knew fewer
                    row = store.write_now(_widen, row)
                return key, principal_of(row)
    key_id = new_id("key")
    key, secret = key_format.mint(key_id, mode)
    hashed = key_hash.hashed(secret)
    row = store.write_now(_create_key, key_id, hashed, mode, _name(folder.path), store.is_ours_alone)
    folder.save_owner_key(key, key_proof(master, key, row.hash))
    return key, principal_of(row)


def _create_key(
    tx: Transaction, key_id: str, hashed: bytes, mode: str, name: str, alone: bool
) -> queries.ApiKeyRow:
    owner_id = queries.first_owner(tx)
    if owner_id is None:
        owner_id = new_id("usr")
        queries.insert_owner(tx, owner_id, name="local", tier="local")
    # Wherever the one before went, it opens nothing any more.
    if alone:
        queries.revoke_named(tx, owner_id, _OLDER_NAME, or_beginning=_OWNER_KEYS)
    else:
        queries.revoke_named(tx, owner_id, name)
    row = queries.ApiKeyRow(key_id, owner_id, mode, hashed, list(SCOPES), None, None)
    queries.insert(tx, row, name=name)
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
    queries.set_scopes(tx, row.id, list(SCOPES))
    return replace(row, scopes=list(SCOPES))
