"""A user's account with a store, as connectors use it in the threads of jobs: its token is always good.

Refresh tokens are good for one use (OAuth 2.1, section 4.3.1), and many deliveries, in several processes,
find at once that a token has run out. So whoever refreshes takes a lease in the row, in real time; the others
wait for what he commits. New tokens are committed before anybody uses them.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

from aimusicverse.platforms.base import Account, DeliveryError
from aimusicverse.platforms.store_problems import general
from aimusicverse.secret import Secret
from aimusicverse.server.connections import queries
from aimusicverse.server.connections.kept_secrets import ACCESS, REDIRECT, REFRESH, KeptSecrets, opened
from aimusicverse.server.connections.queries import ConnectionRow
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction

if TYPE_CHECKING:
    from aimusicverse.platforms.oauth import Tokens  # httpx: only whoever asks a store pays for it

#: A token that ends sooner is refreshed: the call that it is for may take a while to arrive.
MARGIN: Final = timedelta(seconds=60)
#: Whoever refreshes has to have answered by then; a store's answer is waited for at most half as long.
LEASE_SECONDS: Final = 30.0
#: How long one waits for somebody else's refresh before saying that the store was not reached.
PATIENCE_SECONDS: Final = 2 * LEASE_SECONDS
#: How long new tokens wait for a database that does not answer.
KEEP_SECONDS: Final = 60.0
#: Commits of other processes may be told late.
_LOOK_SECONDS: Final = 0.25

#: Platform, mode, refresh token and redirect address → new tokens. Raises `DeliveryError`: `auth`: the store
#: refuses the token; others: it was not reached.
Renew = Callable[[str, str, Secret, str], "Tokens"]


def account_for(
    store: Store, sealer: Sealer, owner_id: str, platform: str, mode: str, renew: Renew
) -> Account | None:
    """A user's account with a store, to be used by threads.

    Args:
        store: of the connections.
        sealer: for `CONNECTION_SECRETS`.
        owner_id: whose account.
        platform: such as `soundcloud`.
        mode: `sandbox` or `live`.
        renew: asks the store for new tokens.

    Returns:
        The account, also when it has expired: then `access_token` says so. `None`: there is none, or it was
        disconnected.
    """
    row = store.read_now(queries.one, owner_id, platform, mode)
    if row is None or row.status not in (queries.CONNECTED, queries.EXPIRED):
        return None
    return StoreAccount(store, sealer, row, renew)


class StoreAccount:
    """One of them. Threads may share it."""

    def __init__(self, store: Store, sealer: Sealer, row: ConnectionRow, renew: Renew) -> None:
        self._store = store
        self._sealer = sealer
        self._row = row
        self._renew = renew

    def __repr__(self) -> str:
        return f"StoreAccount({self._row.platform}, {self._row.mode}, {self._row.id})"

    @property
    def settings(self) -> Mapping[str, Any]:
        """What is not secret."""
        return self._row.settings

    def secret(self, name: str) -> Secret | None:
        """`password`, `private_key`, …

        Raises:
            DeliveryError: `auth`: it was disconnected meanwhile, or cannot be read any more.
        """
        return self._opened(self._now()).get(name)

    def access_token(self, *, other_than: str | None = None) -> str:
        """A token that should be good; at most one caller of all refreshes it.

        Args:
            other_than: one that the store has just refused.

        Raises:
            DeliveryError: `auth`: the person has to connect anew; or the store was not reached.
        """
        until = monotonic() + PATIENCE_SECONDS
        who = f"{os.getpid()}-{secrets.token_hex(6)}"
        while True:
            row = self._now()
            kept = self._opened(row)
            token = kept.get(ACCESS)
            if token is not None and _is_good(token, row.token_until, other_than, self._store.clock.now()):
                return token.get_secret_value()
            old = kept.get(REFRESH)
            if old is None:
                raise self._expired(None, row, "The store's sign-in has ended, and cannot be renewed.")
            if row.leased_for <= 0 and self._store.write_now(queries.lease, row.id, who, LEASE_SECONDS):
                if (new := self._refreshed(row, old, who)) is not None:
                    return new
                continue
            if monotonic() > until:
                raise DeliveryError(
                    general("store_unreachable", "The sign-in with the store could not be renewed yet.")
                )
            self._wait(row)

    def _refreshed(self, row: ConnectionRow, old: Secret, who: str) -> str | None:
        """A new token, committed; `None`: `old` is not what the row has, because somebody was quicker."""
        if not _is(self._opened(self._now()).get(REFRESH), old):
            self._store.write_now(queries.unlease, row.id, who)
            return None
        try:
            redirect = self._opened(row).get(REDIRECT)
            renewed = self._renew(
                row.platform, row.mode, old, redirect.get_secret_value() if redirect else ""
            )
        except DeliveryError as error:
            if error.problem.kind != "auth":
                self._store.write_now(queries.unlease, row.id, who)
                raise
            broken_off = row.lease_owner is not None
            why = "An earlier renewal was broken off, so its tokens are lost." if broken_off else ""
            message = f"The store does not accept the sign-in any more. {why}".strip()
            raise self._expired(old, row, message) from error
        except BaseException:
            self._store.write_now(queries.unlease, row.id, who)
            raise
        self._kept(row.id, old, renewed)
        return renewed.access.get_secret_value()

    def _kept(self, connection_id: str, old: Secret, renewed: Tokens) -> None:
        """Commit them, however often it takes: the store will not give them again."""
        until = monotonic() + KEEP_SECONDS
        while True:
            try:
                return self._store.write_now(self._keep, connection_id, old, renewed)
            except StoreError:
                if monotonic() > until:
                    raise
                sleep(_LOOK_SECONDS)

    def _keep(self, tx: Transaction, connection_id: str, old: Secret, renewed: Tokens) -> None:
        """Also after the lease has run out: the store has taken `old`, and knows nothing but these now. Not
        if the account was disconnected or connected anew meanwhile.
        """
        row = queries.by_id(tx, connection_id)
        kept = None if row is None else opened(row.secrets, self._sealer)
        if row is None or kept is None:
            raise _missing()
        if _is(kept.get(ACCESS), renewed.access):
            return  # an earlier try was committed, though nobody said so
        if not _is(kept.get(REFRESH), old):
            raise _missing()
        kept = kept.changed(**{ACCESS: renewed.access, REFRESH: renewed.refresh or old})
        queries.change(
            tx,
            connection_id,
            status=queries.CONNECTED,
            secrets=kept.sealed(self._sealer),
            token_until=tx.now + timedelta(seconds=renewed.expires_in),
            lease_until=0.0,
            lease_owner=None,
            problem=None,
        )

    def _expired(self, old: Secret | None, row: ConnectionRow, message: str) -> DeliveryError:
        """Note that the person has to connect anew, unless he has done so; the error that says it."""

        def note(tx: Transaction) -> None:
            now = queries.by_id(tx, row.id)
            kept = None if now is None else opened(now.secrets, self._sealer)
            if kept is not None and _is(kept.get(REFRESH), old):
                queries.change(
                    tx,
                    row.id,
                    status=queries.EXPIRED,
                    problem=f"{message} Connect the account again.",
                    lease_until=0.0,
                    lease_owner=None,
                )

        self._store.write_now(note)
        return _auth("account_expired", message)

    def _now(self) -> ConnectionRow:
        row = self._store.read_now(queries.by_id, self._row.id)
        if row is None or row.status not in (queries.CONNECTED, queries.EXPIRED):
            raise _missing()
        if row.status == queries.EXPIRED:
            message = (row.problem or "").removesuffix(" Connect the account again.")
            raise _auth("account_expired", message or "The store's sign-in has ended.")
        return row

    def _opened(self, row: ConnectionRow) -> KeptSecrets:
        kept = opened(row.secrets, self._sealer)
        if kept is None:
            raise _auth(
                "account_expired", "The account's secrets cannot be read: the master key was changed."
            )
        return kept

    def _wait(self, row: ConnectionRow) -> None:
        changed = threading.Event()
        with self._store.signals.listen(queries.topic(row.id), changed.set):
            changed.wait(min(_LOOK_SECONDS, max(0.01, row.leased_for)))


def _is_good(token: Secret, until: datetime | None, other_than: str | None, now: datetime) -> bool:
    if other_than is not None and token.get_secret_value() == other_than:
        return False
    return until is None or until - now > MARGIN


def _is(one: Secret | None, other: Secret | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.get_secret_value() == other.get_secret_value()


def _auth(code: str, message: str) -> DeliveryError:
    return DeliveryError(general(code, message))


def _missing() -> DeliveryError:
    return _auth("account_missing", "The account with the store was disconnected.")
