from __future__ import annotations

import base64
import hashlib
import logging
import re
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.platforms import oauth
from aimusicverse.platforms.base import DeliveryError, Surroundings
from aimusicverse.platforms.http import open_client
from aimusicverse.platforms.oauth import App, Tokens
from aimusicverse.platforms.store_addresses import StoreAddress, address_of
from aimusicverse.platforms.store_problems import GENERAL
from aimusicverse.secret import Secret
from tests.transport.peer import Peer, Step, answer, cut, gibberish, hang

KINDS = {one.code: one.kind for one in GENERAL}
APP = App("app-1", Secret("the app's secret"), "http://127.0.0.1:8787/api/v1/platforms/soundcloud/return")
GIVEN = {
    "access_token": "2-access", "refresh_token": "2-refresh", "expires_in": 3599, "scope": "",
    "token_type": "bearer",
}  # fmt: skip


def exchanged(peer: Peer, platform: str = "soundcloud", read: float = 10.0) -> Tokens:
    where = _where(peer, platform)
    with open_client(where, read_seconds=read) as client:
        return oauth.exchange(client, where, APP, "a code", "v" * 43)


def refreshed(peer: Peer, platform: str = "soundcloud", read: float = 10.0) -> Tokens:
    where = _where(peer, platform)
    with open_client(where, read_seconds=read) as client:
        return oauth.refresh(client, where, APP, Secret("1-refresh"))


def _where(peer: Peer, platform: str) -> StoreAddress:
    return replace(address_of(platform, Surroundings(sandbox_url=peer.url)), token=f"{peer.url}/oauth/token")


def test_a_verifier_and_its_challenge_are_as_rfc_7636_shows() -> None:
    assert oauth.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )
    made = {oauth.verifier() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", one) for one in made)


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=60))
def test_any_state_comes_through_the_address(state: str) -> None:
    where = address_of("soundcloud", Surroundings())
    url = oauth.authorize_url(where, "app & co", APP.redirect_uri, where.scopes, state, "c")
    assert dict(parse_qsl(urlsplit(url).query)) == {
        "client_id": "app & co", "redirect_uri": APP.redirect_uri, "response_type": "code",
        "code_challenge": "c", "code_challenge_method": "S256", "state": state,
    }  # fmt: skip
    assert url.startswith("https://secure.soundcloud.com/authorize?")


def test_google_is_asked_for_a_refresh_token_and_scopes() -> None:
    where = address_of("youtube_music", Surroundings())
    asked = parse_qs(urlsplit(oauth.authorize_url(where, "a", "r", where.scopes, "s", "c")).query)
    assert (asked["access_type"], asked["prompt"]) == (["offline"], ["consent"])
    assert asked["scope"] == ["https://www.googleapis.com/auth/youtube"]


def test_a_code_is_exchanged_with_the_verifier() -> None:
    with Peer(answer(200, GIVEN)) as peer:
        tokens = exchanged(peer)
    assert tokens.access.get_secret_value() == "2-access"
    assert tokens.refresh is not None
    assert (tokens.refresh.get_secret_value(), tokens.expires_in) == ("2-refresh", 3599)
    assert dict(parse_qsl(peer.heard[0].body.decode())) == {
        "grant_type": "authorization_code", "code": "a code", "code_verifier": "v" * 43, "client_id": "app-1",
        "client_secret": "the app's secret", "redirect_uri": APP.redirect_uri,
    }  # fmt: skip
    assert "authorization" not in peer.heard[0].headers


def test_a_new_refresh_token_replaces_the_old_one_and_none_leaves_it() -> None:
    with Peer(answer(200, GIVEN), answer(200, {"access_token": "3-access", "expires_in": "60"})) as peer:
        new, same = refreshed(peer), refreshed(peer, "youtube_music")
    assert new.refresh == Secret("2-refresh")
    assert (same.refresh, same.expires_in) == (Secret("1-refresh"), 60)
    asked = [dict(parse_qsl(one.body.decode())) for one in peer.heard]
    assert asked[0]["redirect_uri"] == APP.redirect_uri  # SoundCloud's description requires it
    assert "redirect_uri" not in asked[1]


@pytest.mark.parametrize(
    ("step", "code", "kind"),
    [
        (answer(400, {"error": "invalid_grant"}), "account_expired", "auth"),
        (answer(400, {"code": 400, "message": "invalid_grant"}), "account_expired", "auth"),
        (answer(401, {"error": "invalid_grant"}), "account_expired", "auth"),
        (answer(401, {"error": "invalid_client"}), "app_refused", "setup"),
        (answer(401, {"code": 401, "message": "unauthorized_client"}), "app_refused", "setup"),
        (answer(401), "app_refused", "setup"),
        (answer(429), "quota_used_up", "quota"),
        (answer(503), "store_busy", "transient"),
        (answer(200, b"<html>"), "store_incomprehensible", "transient"),
        (answer(200, {"access_token": 7}), "store_incomprehensible", "transient"),
        (answer(200, {"access_token": "a\nb"}), "store_incomprehensible", "transient"),
        (answer(302, Location="http://127.0.0.1:9"), "store_incomprehensible", "transient"),
        (cut, "store_unreachable", "transient"),
        (gibberish, "store_unreachable", "transient"),
        (hang, "store_unreachable", "transient"),
    ],
)
def test_each_refusal_says_what_to_do(
    step: Step, code: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Peer(step) as peer, pytest.raises(DeliveryError) as raised:
        refreshed(peer, read=0.3 if step is hang else 10.0)
    problem = raised.value.problem
    assert (problem.code, problem.kind) == (code, kind)
    assert KINDS[problem.code] == kind
    for secret in ("1-refresh", "the app's secret"):
        assert secret not in f"{problem!r} {raised.value} {caplog.text}"


def test_a_code_that_was_used_asks_to_connect_anew() -> None:
    with Peer(answer(400, {"error": "invalid_grant"})) as peer, pytest.raises(DeliveryError) as raised:
        exchanged(peer)
    assert (raised.value.problem.code, raised.value.problem.kind) == ("sign_in_failed", "auth")


@pytest.mark.parametrize("expires_in", [None, "soon", -5, 1e400, [], True])
def test_an_odd_life_of_a_token_is_put_up_with(expires_in: object) -> None:
    with Peer(answer(200, GIVEN | {"expires_in": expires_in if expires_in != 1e400 else "1e400"})) as peer:
        assert 0 <= exchanged(peer).expires_in <= 366 * 24 * 3600


def test_tokens_and_apps_do_not_print_secrets() -> None:
    shown = repr(Tokens(Secret("2-access"), Secret("2-refresh"), 1)) + repr(APP)
    assert "2-" not in shown
    assert "the app's" not in shown


def test_the_challenge_is_no_verifier() -> None:
    one = oauth.verifier()
    expected = base64.urlsafe_b64encode(hashlib.sha256(one.encode()).digest()).decode().rstrip("=")
    assert oauth.challenge(one) == expected != one
