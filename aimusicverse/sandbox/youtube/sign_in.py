"""Google's sign-in: consent at once, codes for tokens (PKCE), and refresh tokens that stay."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from aimusicverse.sandbox.state import get, put, remove
from aimusicverse.sandbox.surroundings import Surroundings
from aimusicverse.sandbox.youtube.bodies import TooLong, body_of
from aimusicverse.sandbox.youtube.errors import GoogleError, unauthorised
from aimusicverse.sandbox.youtube.faults import STORE

_CODE_LIVES: Final = timedelta(minutes=10)
_TOKEN_SECONDS: Final = 3599  # Google's own figure
_SCOPES: Final = frozenset(
    f"https://www.googleapis.com/auth/{name}" for name in ("youtube", "youtube.force-ssl", "youtube.upload")
)
_MOST_BYTES: Final = 16_384


def authorize(surroundings: Surroundings, request: Request) -> Response:
    """Nobody is asked: whoever comes has consented, as `login_hint`, or as the one person of this machine."""
    asked = request.query_params
    redirect, client = asked.get("redirect_uri", ""), asked.get("client_id", "")
    to = urlsplit(redirect)
    if not client or to.scheme not in ("http", "https") or not to.hostname or to.fragment:
        # Never sent on: the address cannot be trusted.
        return PlainTextResponse("Error 400: redirect_uri_mismatch, or no client_id", 400)
    if error := _wrong(request):
        return _back(redirect, {"error": error, "state": asked.get("state", "")})
    code = f"4/{secrets.token_urlsafe(32)}"
    with surroundings.state.writing() as connection:
        put(connection, STORE, "code", _hash(code), {
            "client": client,
            "redirect": redirect,
            "challenge": asked.get("code_challenge", ""),
            "account": asked.get("login_hint") or "you",
            "scopes": asked["scope"].split(),
            "offline": asked.get("access_type") == "offline",
            "asked_anew": "consent" in asked.get("prompt", "").split(),
            "until": _text(surroundings.now() + _CODE_LIVES),
        })  # fmt: skip
    return _back(redirect, {"code": code, "state": asked.get("state", ""), "scope": asked["scope"]})


def _wrong(request: Request) -> str | None:
    asked = request.query_params
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    scopes = asked.get("scope", "").split()
    if not scopes or not _SCOPES.issuperset(scopes):
        return "invalid_scope"
    if asked.get("code_challenge_method", "S256") != "S256":
        return "invalid_request"
    return None


def _back(redirect: str, fields: dict[str, str]) -> Response:
    to = urlsplit(redirect)
    query = [*parse_qsl(to.query, keep_blank_values=True), *((k, v) for k, v in fields.items() if v)]
    return RedirectResponse(urlunsplit(to._replace(query=urlencode(query))), 302)


async def token(surroundings: Surroundings, request: Request) -> Response:
    """RFC 6749 §4.1.3 and §6."""
    try:
        form = dict(parse_qsl((await body_of(request, _MOST_BYTES)).decode("ascii", "replace")))
    except TooLong:
        return _refused("invalid_request")
    return await run_in_threadpool(_exchanged, surroundings, form)


def _exchanged(surroundings: Surroundings, form: dict[str, str]) -> Response:
    if not form.get("client_id") or not form.get("client_secret"):
        return _refused("invalid_client", 401)
    with surroundings.state.writing() as connection:
        if form.get("grant_type") == "authorization_code":
            kind, presented = "code", _hash(form.get("code", ""))
        elif form.get("grant_type") == "refresh_token":
            kind, presented = "refresh", _hash(form.get("refresh_token", ""))
        else:
            return _refused("unsupported_grant_type")
        grant = get(connection, STORE, kind, presented)
        if grant is None or grant["client"] != form["client_id"]:
            return _refused("invalid_grant")
        answer: dict[str, Any] = {
            "scope": " ".join(grant["scopes"]),
            "token_type": "Bearer",  # nosec B105 - a word of RFC 6749
        }
        if kind == "code":
            remove(connection, STORE, "code", presented)  # one that was tried in vain is of no use either
            if not _code_is_good(grant, form, surroundings.now()):
                return _refused("invalid_grant")
            if grant["offline"] and grant["asked_anew"]:
                answer["refresh_token"] = f"1//{secrets.token_urlsafe(48)}"
                put(connection, STORE, "refresh", _hash(answer["refresh_token"]), {
                    "client": grant["client"], "account": grant["account"], "scopes": grant["scopes"],
                })  # fmt: skip
        access = f"ya29.{secrets.token_urlsafe(64)}"
        put(connection, STORE, "token", _hash(access), {
            "client": grant["client"],
            "account": grant["account"],
            "scopes": grant["scopes"],
            "until": _text(surroundings.now() + timedelta(seconds=_TOKEN_SECONDS)),
        })  # fmt: skip
    return JSONResponse({"access_token": access, "expires_in": _TOKEN_SECONDS, **answer})


def _code_is_good(code: dict[str, Any], form: dict[str, str], now: datetime) -> bool:
    made = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
    fits = not code["challenge"] or hmac.compare_digest(made.rstrip(b"=").decode(), code["challenge"])
    return (
        fits and code["redirect"] == form.get("redirect_uri") and now < datetime.fromisoformat(code["until"])
    )


def who(surroundings: Surroundings, request: Request, *, to_write: bool = False) -> tuple[str, str]:
    """Whose call it is, and by which app.

    Args:
        surroundings: of the sandbox.
        request: with its token.
        to_write: whether more is done than an upload alone.

    Raises:
        GoogleError: the token is not good, or not for this.
    """
    scheme, _, presented = request.headers.get("authorization", "").partition(" ")
    known = surroundings.state.get(STORE, "token", _hash(presented))
    if scheme != "Bearer" or known is None or datetime.fromisoformat(known["until"]) <= surroundings.now():
        raise unauthorised()
    if to_write and all(scope.endswith(".upload") for scope in known["scopes"]):
        raise GoogleError(
            403, "insufficientPermissions", "Request had insufficient authentication scopes.", domain="global"
        )
    return known["account"], known["client"]


def _refused(error: str, status: int = 400) -> JSONResponse:
    return JSONResponse({"error": error, "error_description": "Bad Request"}, status)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _text(moment: datetime) -> str:
    return moment.isoformat()
