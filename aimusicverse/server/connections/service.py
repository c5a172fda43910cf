"""Decides about accounts with stores: what is needed to connect one, and what is left of it afterwards."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from aimusicverse.platforms.table import Route, route
from aimusicverse.release.outlets import OUTLETS
from aimusicverse.secret import Secret
from aimusicverse.server.connections import queries
from aimusicverse.server.connections.fields import Given
from aimusicverse.server.connections.kept_secrets import (
    ACCESS,
    CALLBACK,
    REDIRECT,
    REFRESH,
    VERIFIER,
    KeptSecrets,
    opened,
)
from aimusicverse.server.connections.queries import ConnectionRow
from aimusicverse.server.distributions import service as distributions
from aimusicverse.server.problems import NotFound, Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.settings import PREFIX
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import PlatformConnection
from aimusicverse.webhooks.keys import new_secret

if TYPE_CHECKING:
    from aimusicverse.platforms.oauth import Tokens

#: How long a person may take to let this server in.
SIGN_IN_LASTS: Final = timedelta(minutes=10)
#: What may come of one sign-in.
_LONGEST_PROBLEM: Final = 500


class SignIn(NamedTuple):
    """A sign-in that begins: what the store gets to see of it, and what it does not."""

    state: str
    verifier: Secret
    redirect_uri: str
    authorize_url: str


class Returned(NamedTuple):
    """A sign-in from which somebody came back. It is taken once."""

    connection_id: str
    platform: str
    mode: str
    verifier: Secret
    redirect_uri: str


def route_of(platform: str) -> Route:
    """How a store is reached that can be connected.

    Raises:
        Refusal: `platform_not_found`, `nothing_to_connect`.
    """
    if platform not in OUTLETS and route(platform) is None:
        raise NotFound("platform", platform)
    found = route(platform)
    if found is None:
        raise Refusal("nothing_to_connect")
    return found


def begin_sign_in(
    tx: Transaction,
    owner: Owner,
    platform: str,
    mode: str,
    sign_in: SignIn,
    origin: str,
    callback_secret: Secret,
    sealer: Sealer,
) -> PlatformConnection:
    """Note a sign-in, instead of an earlier one that nobody has ended. An account that is connected stays so
    until another one takes its place.
    """
    row, kept = _row(tx, owner, platform, mode, sealer)
    told = kept.get(CALLBACK) is None
    secret = callback_secret if told else None
    kept = kept.changed(
        **{VERIFIER: sign_in.verifier, REDIRECT: Secret(sign_in.redirect_uri)},
        **({CALLBACK: callback_secret} if told else {}),
    )
    stays = row.status in (queries.CONNECTED, queries.EXPIRED)
    queries.change(
        tx,
        row.id,
        status=row.status if stays else queries.PENDING,
        secrets=kept.sealed(sealer),
        state_hash=hash_of(sign_in.state),
        state_until=tx.now + SIGN_IN_LASTS,
        **({} if stays else {"problem": None}),
    )
    return shown(_again(tx, row.id), origin).model_copy(
        update={
            "status": queries.PENDING,
            "authorize_url": sign_in.authorize_url,
            "callback_secret": secret,
            "problem": None,
        }
    )


def take_return(tx: Transaction, platform: str, state: str, refused: str | None, sealer: Sealer) -> Returned:
    """The sign-in with this state, which is used up by that.

    Args:
        tx: acts for the server itself: whoever comes back has no key.
        platform: to which he came back.
        state: that he brought.
        refused: what the store said, if it was no.
        sealer: of secrets.

    Raises:
        Refusal: `sign_in_invalid`: there is none, it was used, is too old, or is with another store.
    """
    row = queries.by_state(tx, hash_of(state))
    if row is None or row.platform != platform:
        raise Refusal("sign_in_invalid")
    values: dict[str, object] = {"state_hash": None, "state_until": None}
    late = row.state_until is None or row.state_until <= tx.now
    if (late or refused is not None) and row.status == queries.PENDING:
        values |= {"status": queries.DISCONNECTED, "problem": _problem(refused, late=late)}
    kept = opened(row.secrets, sealer)
    queries.change(tx, row.id, **values)
    verifier = None if kept is None else kept.get(VERIFIER)
    redirect = None if kept is None else kept.get(REDIRECT)
    if late or verifier is None or redirect is None:
        return _INVALID
    return Returned(row.id, row.platform, row.mode, verifier, redirect.get_secret_value())


#: A state that was taken, and leads nowhere. Not an exception: what was taken stays taken.
_INVALID: Final = Returned("", "", "", Secret(""), "")


def is_valid(returned: Returned) -> bool:
    """Whether it leads to a connection."""
    return bool(returned.connection_id)


def keep_tokens(
    tx: Transaction, returned: Returned, tokens: Tokens, account: str | None, sealer: Sealer
) -> ConnectionRow | None:
    """The account is connected; `None`: it was disconnected meanwhile, or somebody began anew."""
    row = queries.by_id(tx, returned.connection_id)
    kept = None if row is None else opened(row.secrets, sealer)
    if row is None or kept is None or kept.get(VERIFIER) != returned.verifier:
        return None
    kept = kept.changed(**{ACCESS: tokens.access, REFRESH: tokens.refresh, VERIFIER: None})
    queries.change(
        tx,
        row.id,
        status=queries.CONNECTED,
        account=account,
        secrets=kept.sealed(sealer),
        token_until=tx.now + timedelta(seconds=tokens.expires_in),
        lease_until=0.0,
        lease_owner=None,
        problem=None,
        connected_at=tx.now,
    )
    distributions.account_connected(tx, Owner(row.owner_id), row.platform, row.mode)
    return _again(tx, row.id)


def connected_now(
    tx: Transaction, owner: Owner, connection_id: str, origin: str, callback_secret: Secret | None
) -> PlatformConnection:
    """An account that has just been connected, with the secret of its callbacks if it is new."""
    answer = shown(_again(tx, connection_id), origin)
    return answer.model_copy(update={"callback_secret": callback_secret})


def note_problem(tx: Transaction, returned: Returned, message: str) -> None:
    """A sign-in came to nothing; an account that was connected stays so."""
    row = queries.by_id(tx, returned.connection_id)
    if row is not None and row.status == queries.PENDING:
        queries.change(tx, row.id, status=queries.DISCONNECTED, problem=message[:_LONGEST_PROBLEM])


def connect_with_fields(
    tx: Transaction,
    owner: Owner,
    platform: str,
    mode: str,
    given: Given,
    origin: str,
    callback_secret: Secret,
    sealer: Sealer,
) -> PlatformConnection:
    """Keep what a person gave, instead of what was kept before."""
    row, kept = _row(tx, owner, platform, mode, sealer)
    before = kept.get(CALLBACK) if row.status in (queries.CONNECTED, queries.EXPIRED) else None
    secrets = KeptSecrets({**given.secrets, CALLBACK: (before or callback_secret).get_secret_value()})
    queries.change(
        tx,
        row.id,
        status=queries.CONNECTED,
        account=given.settings.get("username") or given.settings.get("provider"),
        settings=given.settings,
        secrets=secrets.sealed(sealer),
        problem=None,
        connected_at=tx.now,
    )
    distributions.account_connected(tx, owner, platform, mode)
    answer = shown(_again(tx, row.id), origin)
    return answer.model_copy(update={"callback_secret": None if before else callback_secret})


def disconnect(tx: Transaction, owner: Owner, platform: str, mode: str, origin: str) -> PlatformConnection:
    """Forget an account with its tokens and secrets. Deliveries that need it say so at their next step.

    Raises:
        Refusal: `connection_not_found`.
    """
    row = queries.one(tx, owner.id, platform, mode)
    if row is None or row.status == queries.DISCONNECTED:
        raise Refusal("connection_not_found", f"You have no account with {platform} ({mode}).")
    queries.change(
        tx,
        row.id,
        status=queries.DISCONNECTED,
        account=None,
        settings={},
        secrets="",
        state_hash=None,
        state_until=None,
        token_until=None,
        lease_until=0.0,
        lease_owner=None,
        problem=None,
        connected_at=None,
    )
    return shown(_again(tx, row.id), origin)


def of_owner(tx: Transaction, owner: Owner) -> list[ConnectionRow]:
    """All of a user's."""
    return queries.of_owner(tx, owner.id)


def shown(row: ConnectionRow, origin: str) -> PlatformConnection:
    """As its owner sees it: without secrets."""
    there = row.status in (queries.CONNECTED, queries.EXPIRED, queries.PENDING)
    return PlatformConnection(
        platform=row.platform,
        mode=row.mode,
        status=row.status,
        account=row.account,
        settings=row.settings,
        callback_url=callback_url(origin, row) if there else None,
        connected_at=row.connected_at,
        problem=row.problem,
    )


def callback_url(origin: str, row: ConnectionRow) -> str:
    """Where a store tells what it has done."""
    return f"{origin}{PREFIX}/platforms/{row.platform}/callback?connection={row.id}"


def new_callback_secret() -> Secret:
    """One that nobody has."""
    return new_secret()


def hash_of(state: str) -> str:
    """What is kept of a state: whoever reads the database cannot come back with it."""
    return hashlib.sha256(state.encode()).hexdigest()


def _row(
    tx: Transaction, owner: Owner, platform: str, mode: str, sealer: Sealer
) -> tuple[ConnectionRow, KeptSecrets]:
    row = queries.one(tx, owner.id, platform, mode)
    if row is None:
        row = _again(tx, queries.insert(tx, owner.id, platform, mode))
    return row, opened(row.secrets, sealer) or KeptSecrets()


def _again(tx: Transaction, connection_id: str) -> ConnectionRow:
    row = queries.by_id(tx, connection_id)
    assert row is not None  # noqa: S101 - connections are not deleted
    return row


def _problem(refused: str | None, *, late: bool) -> str:
    said = "Nobody let this server in within ten minutes." if late else f"The store said no: {refused}"
    return said[:_LONGEST_PROBLEM]
