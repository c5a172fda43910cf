"""From a header to an owner: parse, look up, bcrypt once, then an HMAC-keyed cache in memory."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security import key_format, key_hash
from aimusicverse.server.store.base import Store


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose rows a call may see."""

    id: str


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: an owner, by which key, allowed what."""

    owner: Owner
    key_id: str
    mode: str
    scopes: frozenset[str]
    expires_at: datetime | None

    def require(self, scope: str) -> None:
        """Raise `scope_missing` unless the key has `scope`."""
        if scope not in self.scopes:
            raise Refusal("scope_missing", f"This needs the scope {scope}, which the key does not have.")


_INVALID = "The API key is not one of this server's."


class Authenticator:
    """Knows the keys of one store.

    bcrypt runs on one thread of its own, once per key and process; after that a call costs one HMAC.
    The cache holds HMACs under a key of this process, so that a memory dump shows no API key.
    """

    def __init__(self, store: Store, clock: ServerClock) -> None:
        self._store = store
        self._clock = clock
        self._cache_key = secrets.token_bytes(32)
        self._known: dict[bytes, Principal] = {}
        self._checks: dict[bytes, asyncio.Task[Principal]] = {}
        self._bcrypt = ThreadPoolExecutor(1, thread_name_prefix="amv-bcrypt")
        #: Counts changes of any key.
        self._epoch = 0
        self._listening = store.signals.listen(api_keys.TOPIC, self._forget)
        self._listening.__enter__()

    def close(self) -> None:
        """Stop listening, and give the thread back."""
        self._listening.__exit__(None, None, None)
        self._bcrypt.shutdown(wait=True)

    def remember(self, key: Secret, principal: Principal) -> None:
        """Take a key as checked: it was made, or proven, by this process."""
        self._known[self._digest(key.get_secret_value())] = principal

    async def authenticate(self, text: str | None) -> Principal:
        """The principal behind a key.

        Raises:
            Refusal: 401, the key is missing, wrong, revoked or expired.
        """
        if not text:
            raise Refusal("api_key_missing")
        digest = self._digest(text)
        principal = self._known.get(digest)
        if principal is None:
            parsed = key_format.parse(text)
            if parsed is None:
                raise Refusal("api_key_invalid", _INVALID)
            # Single flight: a burst of first calls with one key costs one bcrypt. Shielded, because a
            # caller who hangs up must not take the answer from the others.
            check = self._checks.get(digest)
            if check is None:
                check = asyncio.ensure_future(self._check(digest, parsed))
                self._checks[digest] = check
                check.add_done_callback(lambda _: self._checks.pop(digest, None))
            principal = await asyncio.shield(check)
        if principal.expires_at is not None and principal.expires_at <= self._clock.now():
            raise Refusal("api_key_expired")
        return principal

    async def _check(self, digest: bytes, key: key_format.ParsedKey) -> Principal:
        epoch = self._epoch
        row = await self._store.read(api_keys.find, key.id)
        stored = row.hash if row is not None else _DECOY
        loop = asyncio.get_running_loop()
        # An unknown id costs one bcrypt too, so that time does not tell which part was wrong.
        right = await loop.run_in_executor(self._bcrypt, key_hash.matches, key.secret, stored)
        if row is None or not right or row.mode != key.mode:
            raise Refusal("api_key_invalid", _INVALID)
        if row.revoked_at is not None:
            raise Refusal("api_key_revoked")
        principal = principal_of(row)
        if self._epoch != epoch:  # some key changed while bcrypt ran, perhaps this one: look again
            return await self._check(digest, key)
        self._known[digest] = principal
        return principal

    def _forget(self) -> None:
        self._epoch += 1
        self._known.clear()

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._cache_key, text.encode("utf-8", "surrogateescape"), hashlib.sha256)


def principal_of(row: api_keys.ApiKeyRow) -> Principal:
    """The principal that a stored key stands for."""
    return Principal(Owner(row.owner_id), row.id, row.mode, frozenset(row.scopes), row.expires_at)


#: A hash of the same cost that nothing matches.
_DECOY = b"$2b$10$C6UzMDM.H6dfI/f/IKcEeO7ZLPTz9lGQ8eFcmkvtBdGgW4xGCCpqe"
