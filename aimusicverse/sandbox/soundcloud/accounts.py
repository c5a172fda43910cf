"""Who may come in: codes with PKCE, access tokens of an hour, refresh tokens that are good once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from aimusicverse.sandbox.soundcloud.library import STORE
from aimusicverse.sandbox.state import get, put, remove
from aimusicverse.sandbox.surroundings import Surroundings

#: Whose account it is when nobody says so.
_USUAL_ACCOUNT: Final = "sandbox-artist"
_ACCOUNT: Final = re.compile(r"[a-z0-9_-]{1,40}")
TOKEN_SECONDS: Final = 3599
_CODE_LIFE: Final = timedelta(minutes=10)
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class NotAllowed(Exception):
    """OAuth refuses.

    Args:
        status: of HTTP.
        code: of RFC 6749, which SoundCloud writes as its message.
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


def consented(surroundings: Surroundings, asked: Mapping[str, str], own_host: str) -> str:
    """Where a person comes back to, who consents at once.

    Args:
        surroundings: of the sandbox.
        asked: the query; `account` names an account other than the usual one.
        own_host: of this server. Nobody is sent elsewhere: a stand-in is no way to send people astray.

    Raises:
        NotAllowed: 400.
    """
    back = asked.get("redirect_uri", "")
    parts = urlsplit(back)
    if parts.scheme not in ("http", "https") or parts.hostname not in {*_LOOPBACK, own_host}:
        raise NotAllowed(400, "invalid_redirect_uri")
    if not asked.get("client_id") or asked.get("response_type") != "code":
        raise NotAllowed(400, "invalid_request")
    if asked.get("code_challenge_method") != "S256" or len(asked.get("code_challenge", "")) != 43:
        raise NotAllowed(400, "invalid_request")
    if not _ACCOUNT.fullmatch(asked.get("account") or _USUAL_ACCOUNT):
        raise NotAllowed(400, "invalid_request")
    code = secrets.token_urlsafe(24)
    with surroundings.state.writing() as connection:
        put(
            connection,
            STORE,
            "code",
            _hashed(code),
            {
                "client_id": asked["client_id"],
                "redirect_uri": back,
                "challenge": asked["code_challenge"],
                "account": asked.get("account") or _USUAL_ACCOUNT,
                "until": (surroundings.now() + _CODE_LIFE).isoformat(),
            },
        )
    answer = urlencode({"code": code, "state": asked.get("state", "")})
    return f"{back}{'&' if parts.query else '?'}{answer}"


def exchanged(surroundings: Surroundings, asked: Mapping[str, str]) -> dict[str, Any]:
    """Tokens for a code or a refresh token.

    Raises:
        NotAllowed: 400 or 401.
    """
    if not asked.get("client_id") or not asked.get("client_secret"):
        raise NotAllowed(401, "invalid_client")
    with surroundings.state.writing() as connection:
        if asked.get("grant_type") == "authorization_code":
            account = _by_code(connection, asked, surroundings.now())
        elif asked.get("grant_type") == "refresh_token":
            account = _by_refresh(connection, asked)
        else:
            raise NotAllowed(400, "unsupported_grant")
        return _issued(connection, account, asked["client_id"], surroundings.now())


def account_of(surroundings: Surroundings, authorization: str) -> str | None:
    """Whose token it is; `None`: it is none, or ran out."""
    scheme, _, token = authorization.partition(" ")
    if scheme != "OAuth" or not token:
        return None
    found = surroundings.state.get(STORE, "access", _hashed(token))
    if found is None or datetime.fromisoformat(found["until"]) <= surroundings.now():
        return None
    return str(found["account"])


def sign_out(surroundings: Surroundings, authorization: str) -> None:
    """End what began with this token."""
    with surroundings.state.writing() as connection:
        remove(connection, STORE, "access", _hashed(authorization.partition(" ")[2]))


def _by_code(connection: sqlite3.Connection, asked: Mapping[str, str], now: datetime) -> str:
    key = _hashed(asked.get("code", ""))
    found = get(connection, STORE, "code", key)
    if found is None or datetime.fromisoformat(found["until"]) <= now:
        raise NotAllowed(400, "invalid_grant")
    proof = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
    if (
        found["client_id"] != asked["client_id"]
        or found["redirect_uri"] != asked.get("redirect_uri")
        or not hmac.compare_digest(
            base64.urlsafe_b64encode(proof).rstrip(b"="), found["challenge"].encode("utf-8", "replace")
        )
    ):
        raise NotAllowed(400, "invalid_grant")
    remove(connection, STORE, "code", key)
    return str(found["account"])


def _by_refresh(connection: sqlite3.Connection, asked: Mapping[str, str]) -> str:
    key = _hashed(asked.get("refresh_token", ""))
    found = get(connection, STORE, "refresh", key)
    if found is None or found["client_id"] != asked["client_id"]:
        raise NotAllowed(400, "invalid_grant")
    remove(connection, STORE, "refresh", key)
    remove(connection, STORE, "access", found["access"])
    return str(found["account"])


def _issued(connection: sqlite3.Connection, account: str, client_id: str, now: datetime) -> dict[str, Any]:
    access, again = (f"2-{secrets.token_urlsafe(32)}" for _ in range(2))
    until = (now + timedelta(seconds=TOKEN_SECONDS)).isoformat()
    put(connection, STORE, "access", _hashed(access), {"account": account, "until": until})
    put(
        connection,
        STORE,
        "refresh",
        _hashed(again),
        {"account": account, "client_id": client_id, "access": _hashed(access)},
    )
    return {
        "access_token": access,
        "refresh_token": again,
        "expires_in": TOKEN_SECONDS,
        "scope": "",
        "token_type": "bearer",  # nosec B105 - a word of RFC 6749
    }


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
