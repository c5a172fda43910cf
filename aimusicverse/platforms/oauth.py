"""OAuth 2.1 with PKCE, as a client of stores: the way in, codes for tokens, new tokens for old ones.

Nothing is kept here. Whoever calls keeps the verifier and the tokens sealed, and lets only one refresh at a
time where refresh tokens are good once (`StoreAddress.refresh_tokens`).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import httpx

from aimusicverse.platforms.answer import Answer, store_incomprehensible
from aimusicverse.platforms.base import DeliveryError, StoreProblem
from aimusicverse.platforms.http import account_expired, send
from aimusicverse.platforms.store_addresses import StoreAddress
from aimusicverse.platforms.store_problems import general
from aimusicverse.secret import Secret

#: 43 characters, the least that RFC 7636 allows, and 256 bits.
_VERIFIER_BYTES: Final = 32
#: Where a store does not say how long a token is good (RFC 6749 §5.1 only recommends that it does).
_USUAL_SECONDS: Final = 3600
_LONGEST_SECONDS: Final = 366 * 24 * 3600


@dataclass(frozen=True, slots=True)
class App:
    """What a store knows us by: whoever runs the server has registered it there.

    Args:
        client_id: public.
        client_secret: not.
        redirect_uri: where the store sends people back to, letter for letter as registered.
    """

    client_id: str
    client_secret: Secret
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a store gave. Printing it shows no token.

    Args:
        access: sent with each call.
        refresh: gets the next ones; `None`: the store gave none.
        expires_in: for how many seconds `access` is good, from when the answer came.
        scopes: that were granted, where the store says so.
    """

    access: Secret
    refresh: Secret | None
    expires_in: int
    scopes: tuple[str, ...] = ()


def verifier() -> str:
    """A new code verifier (RFC 7636 §4.1). It is a secret until the code was exchanged."""
    return secrets.token_urlsafe(_VERIFIER_BYTES)


def challenge(verifier: str) -> str:
    """What a store is told of a verifier beforehand: S256 (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def authorize_url(
    address: StoreAddress,
    client_id: str,
    redirect_uri: str,
    scopes: Iterable[str],
    state: str,
    challenge: str,
) -> str:
    """Where a person lets us in.

    Args:
        address: of the store.
        client_id: ours.
        redirect_uri: where he comes back to, with `code` and `state`.
        scopes: usually `address.scopes`.
        state: comes back as it is; nobody can guess it.
        challenge: of the verifier.
    """
    asked = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "state": state,
        **dict(address.ask),
    }
    if scope := " ".join(scopes):
        asked["scope"] = scope
    return f"{address.authorize}{'&' if urlsplit(address.authorize).query else '?'}{urlencode(asked)}"


def exchange(client: httpx.Client, address: StoreAddress, app: App, code: str, verifier: str) -> Tokens:
    """Tokens for a code.

    Args:
        client: see `http.open_client`.
        address: of the store.
        app: the same that the person let in.
        code: from the redirect.
        verifier: of the challenge in the address where he was sent.

    Raises:
        DeliveryError: `auth` (`sign_in_failed`: the code is too old, was used, or is another's), `setup` (the
            store does not take the app), `quota`, or `transient`.
    """
    answer = _ask(
        client,
        address,
        app,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": app.redirect_uri,
            "code_verifier": verifier,
        },
    )
    return _tokens(
        answer,
        address,
        general(
            "sign_in_failed", f"{address.name} did not take the sign-in: it is too old, or was used before."
        ),
    )


def refresh(client: httpx.Client, address: StoreAddress, app: App, refresh_token: Secret) -> Tokens:
    """New tokens for a refresh token. If the store gives no new refresh token, the old one stays.

    With tokens that are good once, a lost answer loses the account: `transient` is raised, and the next try
    ends with `account_expired`.

    Raises:
        DeliveryError: `auth` (`account_expired`: it was taken back, or used), `setup` (the store does not
            take the app), `quota`, or `transient`.
    """
    asked = {"grant_type": "refresh_token", "refresh_token": refresh_token.get_secret_value()}
    if address.refresh_names_redirect:
        asked["redirect_uri"] = app.redirect_uri
    answer = _ask(client, address, app, asked)
    tokens = _tokens(answer, address, account_expired(address.name))
    return Tokens(tokens.access, tokens.refresh or refresh_token, tokens.expires_in, tokens.scopes)


def _ask(client: httpx.Client, address: StoreAddress, app: App, asked: Mapping[str, str]) -> Answer:
    fields = {
        **asked,
        "client_id": app.client_id,
        "client_secret": app.client_secret.get_secret_value(),
    }
    request = client.build_request("POST", address.token, data=fields, headers={"Accept": "application/json"})
    secret = [
        fields[name] for name in ("client_secret", "code", "code_verifier", "refresh_token") if name in fields
    ]
    return send(client, request, store=address.name, hidden=tuple(secret))


def _tokens(answer: Answer, address: StoreAddress, refused: StoreProblem) -> Tokens:
    if answer.status != 200:
        raise DeliveryError(_refusal(answer, address, refused))
    given = answer.json(address.name)
    access, expires_in, scope = (given.get(name) for name in ("access_token", "expires_in", "scope"))
    again = given.get("refresh_token")
    if not isinstance(access, str) or not access.isascii() or not access.isprintable() or " " in access:
        raise DeliveryError(store_incomprehensible(address.name))
    return Tokens(
        Secret(access),
        Secret(again) if isinstance(again, str) and again else None,
        _seconds(expires_in),
        tuple(scope.split()) if isinstance(scope, str) else (),
    )


def _refusal(answer: Answer, address: StoreAddress, refused: StoreProblem) -> StoreProblem:
    """By its code: `error` (RFC 6749 §5.2), or `message` as SoundCloud writes it. A bare 401 has neither."""
    said = answer.json(address.name) if answer.is_json else {}
    code = next((said[key] for key in ("error", "message") if isinstance(said.get(key), str)), "")
    if code in {"invalid_client", "unauthorized_client"} or (answer.status in {401, 403} and not code):
        return general(
            "app_refused", f"{address.name} does not take the app that this server is registered with."
        )
    if code == "invalid_grant" or answer.status in {400, 401}:
        return refused
    return store_incomprehensible(address.name, answer)


def _seconds(value: Any) -> int:
    try:
        return max(0, min(int(float(value)), _LONGEST_SECONDS))
    except (TypeError, ValueError, OverflowError):
        return _USUAL_SECONDS
