"""From a key's text to a principal: parse, look up, bcrypt once, then an HMAC-keyed memory."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.ids import new_id
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security import key_format, key_hash
from aimusicverse.server.security.allowance import allowance_of
from aimusicverse.server.security.key_checks import KeyChecks
from aimusicverse.server.security.last_use import LastUse
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.security.scopes import ADMIN
from aimusicverse.server.store.base import Store

_INVALID = "The API key is not one of this server's."
#: Keys that a process remembers. All come back by themselves when they were forgotten.
_MOST_REMEMBERED: Final = 100_000


class Minted(NamedTuple):
    """A new key, and what is kept of it."""

    id: str
    mode: str
    key: Secret
    hash: bytes


@dataclass(frozen=True, slots=True)
class _ShutOut:
    """A key that is right, and opens nothing."""

    code: str
    expires_at: datetime | None


class Authenticator:
    """Knows the keys of one store.

    A key that was checked costs one HMAC a call. When any key or user changes, in whichever process, what is
    known of them is looked up anew; bcrypt, though, runs once for each key and process, because a hash that
    a key has matched it always matches. The memory holds HMACs under a key of this process, so that a dump
    of it shows no API key.

    Lives on an event loop; only `_forget` is called from other threads.
    """

    def __init__(self, store: Store, clock: ServerClock, *, decoy: str) -> None:
        """Nothing is known yet.

        Args:
            store: where the keys are.
            clock: server time, by which keys expire.
            decoy: the id of a key that is there; looked up in the place of one that is not.
        """
        self._store = store
        self._decoy = decoy
        self._clock = clock
        self._cache_key = secrets.token_bytes(32)
        self._known: dict[bytes, Principal] = {}
        self._shut_out: dict[bytes, _ShutOut] = {}
        #: Digest of a key → the hash that it matches.
        self._proven: dict[bytes, bytes] = {}
        self._lookups: dict[bytes, asyncio.Task[Principal | _ShutOut]] = {}
        self._checks = KeyChecks()
        self._last_use = LastUse(store)
        #: Counts changes of any key or user.
        self._epoch = 0
        self._listening = store.signals.listen(api_keys.TOPIC, self._forget)
        self._listening.__enter__()

    def close(self) -> None:
        """Stop listening, and note the last uses. The event loop has ended."""
        self._listening.__exit__(None, None, None)
        self._checks.close()
        self._last_use.close()

    def remember(self, key: Secret, stored: bytes) -> None:
        """Take a key as one that matches this hash: it was made, or proven, by this process."""
        if len(self._proven) > _MOST_REMEMBERED:
            self._proven.clear()
        self._proven[self._digest(key.get_secret_value())] = stored

    async def mint(self, mode: key_format.Mode) -> Minted:
        """A new key, of which nothing is stored yet."""
        key_id = new_id("key")
        key, secret = key_format.mint(key_id, mode)
        hashed = await self._checks.hashed(secret)
        self.remember(key, hashed)
        return Minted(key_id, mode, key, hashed)

    def known(self, text: str) -> Principal | None:
        """The principal behind a key, if it is remembered. At once, and without the database.

        Raises:
            Refusal: 401, it has expired, or was revoked; 403, it is suspended, or its user is.
        """
        digest = self._digest(text)
        principal = self._known.get(digest)
        if principal is None:
            shut_out = self._shut_out.get(digest)
            if shut_out is not None:
                raise self._refusal(shut_out)
            return None
        if principal.expires_at is not None and principal.expires_at <= self._clock.now():
            raise Refusal("api_key_expired")
        self._last_use.note(principal.key_id)
        return principal

    def must_check(self, text: str) -> bool:
        """Whether a key was never found right, nor is being looked at for somebody else: a guess, perhaps."""
        digest = self._digest(text)
        return digest not in self._proven and digest not in self._lookups

    async def authenticate(self, text: str | None) -> Principal:
        """The principal behind a key.

        Raises:
            Refusal: 401, the key is missing, wrong, revoked or expired; 403, it is suspended, or its user
                is; 503, too many unknown keys are being checked.
        """
        if not text:
            raise Refusal("api_key_missing")
        principal = self.known(text)
        if principal is not None:
            return principal
        parsed = key_format.parse(text)
        if parsed is None:  # junk costs neither a look into the database nor a bcrypt
            raise Refusal("api_key_invalid", _INVALID)
        digest = self._digest(text)
        # Single flight: a burst of first calls with one key costs one bcrypt. Shielded, because a
        # caller who hangs up must not take the answer from the others.
        lookup = self._lookups.get(digest)
        if lookup is None:
            lookup = asyncio.ensure_future(self._look_up(digest, parsed))
            self._lookups[digest] = lookup
            lookup.add_done_callback(lambda task: self._looked_up(digest, task))
        found = await asyncio.shield(lookup)
        if isinstance(found, _ShutOut):
            raise self._refusal(found)
        if found.expires_at is not None and found.expires_at <= self._clock.now():
            raise Refusal("api_key_expired")
        self._last_use.note(found.key_id)
        return found

    def _looked_up(self, digest: bytes, task: asyncio.Task[Principal | _ShutOut]) -> None:
        self._lookups.pop(digest, None)
        if not task.cancelled():
            task.exception()  # all who asked may have hung up, and then it is nobody's

    async def _look_up(self, digest: bytes, key: key_format.ParsedKey) -> Principal | _ShutOut:
        while True:
            epoch = self._epoch
            row = await self._store.read(api_keys.find_or_decoy, key.id, self._decoy)
            stored = key_hash.DECOY if row is None else row.hash
            if self._proven.get(digest) != stored:
                # An id that is not there costs a bcrypt too: time does not tell which part was wrong.
                right = await self._checks.matches(key.secret, stored)
                if row is None or not right or row.id != key.id or row.mode != key.mode:
                    raise Refusal("api_key_invalid", _INVALID)
                self._proven[digest] = stored
            assert row is not None  # noqa: S101 - nothing matches the decoy
            found = _standing(row)
            remembered = self._known if isinstance(found, Principal) else self._shut_out
            if len(remembered) > _MOST_REMEMBERED:
                remembered.clear()
            remembered[digest] = found  # type: ignore[assignment]
            # First remembered, then compared: a change on another thread meets one or the other.
            if self._epoch == epoch:
                return found
            remembered.pop(digest, None)

    def _refusal(self, key: _ShutOut) -> Refusal:
        if key.expires_at is not None and key.expires_at <= self._clock.now():
            return Refusal("api_key_expired")
        return Refusal(key.code)

    def _forget(self) -> None:
        self._epoch += 1
        self._known.clear()
        self._shut_out.clear()

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._cache_key, text.encode("utf-8", "surrogateescape"), hashlib.sha256)


def _standing(row: api_keys.ApiKeyRow) -> Principal | _ShutOut:
    if row.revoked_at is not None:
        return _ShutOut("api_key_revoked", None)
    if row.owner_suspended_at is not None:
        return _ShutOut("user_suspended", row.expires_at)
    if row.suspended_at is not None:
        return _ShutOut("api_key_suspended", row.expires_at)
    return principal_of(row)


def principal_of(row: api_keys.ApiKeyRow) -> Principal:
    """The principal that a stored key stands for."""
    return Principal(
        owner=Owner(row.owner_id),
        key_id=row.id,
        key_name=row.name,
        mode=row.mode,
        scopes=scopes_of(row),
        expires_at=row.expires_at,
        allowance=allowance_of(row.tier, row.hourly_limit, row.daily_limit),
    )


def scopes_of(row: api_keys.ApiKeyRow) -> frozenset[str]:
    """What a key may do now: `admin` only as long as its user is one."""
    scopes = frozenset(row.scopes)
    return scopes if row.role == "admin" else scopes - {ADMIN}
