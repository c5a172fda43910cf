from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from aimusicverse.platforms import oauth
from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.http import open_client
from tests.sandbox.youtube.stand_in import APP, StandIn

CHANNELS = "/youtube/youtube/v3/channels"


def channel(youtube: StandIn, access: str) -> httpx.Response:
    asked = {"part": "snippet", "mine": "true"}
    return httpx.get(youtube.url + CHANNELS, params=asked, headers={"Authorization": f"Bearer {access}"})


def test_a_sign_in_gives_tokens_by_which_the_channel_is_told(youtube: StandIn) -> None:
    tokens = youtube.sign_in()
    assert tokens.refresh is not None
    assert tokens.expires_in == 3599
    answer = channel(youtube, tokens.access.get_secret_value())
    assert answer.json()["items"][0]["id"].startswith("UC")


def test_a_token_runs_out_after_an_hour_of_server_time_and_a_refresh_token_stays(youtube: StandIn) -> None:
    tokens = youtube.sign_in()
    assert tokens.refresh is not None
    youtube.clock.forward(timedelta(seconds=3600))
    answer = channel(youtube, tokens.access.get_secret_value())
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (401, "authError")
    with open_client(youtube.address) as client:
        for _ in range(2):  # the same one twice
            new = oauth.refresh(client, youtube.address, APP, tokens.refresh)
            assert channel(youtube, new.access.get_secret_value()).status_code == 200
            assert new.refresh == tokens.refresh


def test_no_refresh_token_without_consent_being_asked_for_anew(youtube: StandIn) -> None:
    assert youtube.sign_in(prompt="none").refresh is None
    assert youtube.sign_in(access_type="online").refresh is None


def test_a_code_is_good_once_and_only_with_its_verifier(youtube: StandIn) -> None:
    address, verifier = youtube.address, oauth.verifier()
    challenge = oauth.challenge(verifier)
    where = oauth.authorize_url(address, APP.client_id, APP.redirect_uri, address.scopes, "s", challenge)
    with open_client(address) as client:

        def code() -> str:
            return httpx.URL(client.get(where).headers["location"]).params["code"]

        first = code()
        assert oauth.exchange(client, address, APP, first, verifier).refresh
        for used, shown in ((first, verifier), (code(), oauth.verifier())):
            with pytest.raises(DeliveryError) as raised:
                oauth.exchange(client, address, APP, used, shown)
            assert raised.value.problem.code == "sign_in_failed"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "https://www.googleapis.com/auth/drive"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_what_is_asked_wrongly_is_sent_back_with_an_error(
    youtube: StandIn, change: dict[str, str], error: str
) -> None:
    address = youtube.address
    where = oauth.authorize_url(address, APP.client_id, APP.redirect_uri, address.scopes, "s", "c" * 43)
    answer = httpx.get(where, params={**dict(httpx.URL(where).params), **change})
    assert httpx.URL(answer.headers["location"]).params["error"] == error


def test_nobody_is_sent_to_an_address_that_is_none(youtube: StandIn) -> None:
    asked = {"client_id": "x", "redirect_uri": "javascript:alert(1)", "response_type": "code"}
    assert httpx.get(youtube.address.authorize, params=asked).status_code == 400
