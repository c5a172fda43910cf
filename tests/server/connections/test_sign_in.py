"""Signing in with a store: the way there and back, and those who come back in somebody else's place."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa

from aimusicverse.platforms.base import Surroundings
from aimusicverse.platforms.store_addresses import StoreAddress, address_of
from aimusicverse.secret import Secret
from aimusicverse.server.connections.accounts import StoreAccount, account_for
from aimusicverse.server.connections.kept_secrets import CONNECTION_SECRETS
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.tables import store_connection
from aimusicverse.server.stores import apps
from aimusicverse.server.stores.apps import StoreApps
from tests.server.conftest import Api
from tests.server.connections.test_fields import listed, owner_of
from tests.server.databases import lent_database
from tests.server.processes import ROOT
from tests.server.quick_engine import QuickEngine
from tests.server.security.keys import another_owner

STORES = ("soundcloud", "youtube_music")


@pytest.fixture(scope="module")
def api(
    tmp_path_factory: pytest.TempPathFactory,
    database_name: str,
    first_key: Callable[[], AbstractContextManager[None]],
) -> Iterator[Api]:
    """A server with apps, whose real stores are the stand-ins: the protocol is the same."""
    engine, patch = QuickEngine(), pytest.MonkeyPatch()
    with nullcontext() if database_name == "sqlite" else lent_database() as url:
        settings = Settings.from_environment(
            {},
            data_dir=tmp_path_factory.mktemp("server"),
            port=0,
            database_url=url,
            dev=True,
            soundcloud_client_id="app",
            soundcloud_client_secret=Secret("soundcloud-app-secret"),
            youtube_client_id="app",
            youtube_client_secret=Secret("youtube-app-secret"),
        )
        with first_key():
            server = RunningServer(settings, engines={engine.name: engine})
        sandbox = server.services.surroundings.of("sandbox")

        def stand_in(platform: str, _: Surroundings, mode: Any = None) -> StoreAddress:
            return address_of(platform, sandbox, "sandbox")

        patch.setattr(apps, "address_of", stand_in)
        running = Api(server, engine)
        yield running
        patch.undo()
        running.http.close()
        running.server.close()


def begin(api: Api, platform: str, **options: Any) -> dict[str, Any]:
    answer = api.post(f"/platforms/{platform}/connect", json={"mode": "live"}, **options)
    assert answer.status_code == 200, answer.text
    begun: dict[str, Any] = answer.json()
    assert begun["status"] == "pending"
    return begun


def let_in(begun: dict[str, Any]) -> str:
    """What the store answers to a person's browser: where it is sent back to."""
    answer = httpx.get(begun["authorize_url"])
    assert answer.is_redirect, answer.text
    return answer.headers["location"]


def status(api: Api, platform: str, mode: str = "live") -> str | None:
    found = [one for one in listed(api, platform)["connections"] if one["mode"] == mode]
    return found[0]["status"] if found else None


def forget(api: Api, platform: str, mode: str = "live") -> None:
    api.post(f"/platforms/{platform}/disconnect", json={"mode": mode})


@pytest.fixture(params=STORES)
def platform(api: Api, request: pytest.FixtureRequest) -> str:
    forget(api, request.param)
    return str(request.param)


@pytest.fixture
def soundcloud(api: Api) -> str:
    forget(api, "soundcloud")
    return "soundcloud"


def account(api: Api, platform: str, mode: str) -> StoreAccount:
    master = api.server.services.sign_ins.sealer
    renew = StoreApps(api.server.services.settings, api.server.services.surroundings).renew
    found = account_for(api.server.services.store, master, owner_of(api), platform, mode, renew)
    assert isinstance(found, StoreAccount)
    return found


# -- the way there and back ---------------------------------------------------------------------------


def test_a_person_lets_the_server_in_and_sees_that_it_worked(api: Api, platform: str) -> None:
    begun = begin(api, platform)
    assert status(api, platform) == "pending"
    asked = parse_qs(urlsplit(begun["authorize_url"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{api.server.url}/api/v1/platforms/{platform}/return"]
    page = httpx.get(let_in(begun))
    assert page.status_code == 200, page.text
    assert "You can close this page" in page.text
    (one,) = [one for one in listed(api, platform)["connections"] if one["mode"] == "live"]
    assert one["status"] == "connected"
    assert one["account"]
    assert account(api, platform, "live").access_token()


def test_the_page_is_readable_by_everybody_and_loads_nothing(api: Api, soundcloud: str) -> None:
    page = httpx.get(let_in(begin(api, soundcloud)))
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="en">' in page.text
    assert page.text.count("<h1>") == 1
    assert "<title>" in page.text
    assert not re.search(r"<(script|img|link|iframe|form)", page.text)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("platform", STORES)
def test_in_the_sandbox_it_is_done_at_once_by_the_same_protocol(api: Api, platform: str) -> None:
    forget(api, platform, "sandbox")
    answer = api.post(f"/platforms/{platform}/connect", json={})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["status"], told["mode"]) == ("connected", "sandbox")
    assert told["account"]
    assert told["callback_secret"].startswith("whsec_")
    assert told.get("authorize_url") is None
    one = account(api, platform, "sandbox")
    first = one.access_token()
    api.advance(timedelta(hours=2))
    second = one.access_token()
    assert second != first
    assert one.access_token(other_than=second) != second


def test_users_have_accounts_of_their_own_in_the_sandbox(api: Api) -> None:
    mine = api.post("/platforms/soundcloud/connect", json={}).json()["account"]
    headers = {"Authorization": f"Bearer {another_owner(api)}"}
    other = api.post("/platforms/soundcloud/connect", json={}, headers=headers).json()["account"]
    assert mine != other


def test_the_same_request_again_gets_the_first_answer(api: Api, soundcloud: str) -> None:
    headers = {"Idempotency-Key": f"live-{api.server.url}"}
    first, second = (begin(api, soundcloud, headers=headers) for _ in range(2))
    assert first == second
    headers = {"Idempotency-Key": f"sandbox-{api.server.url}"}
    one, two = (api.post("/platforms/soundcloud/connect", json={}, headers=headers).json() for _ in range(2))
    assert one == two


def test_an_account_stays_connected_until_another_takes_its_place(api: Api, soundcloud: str) -> None:
    httpx.get(let_in(begin(api, soundcloud)))
    before = account(api, soundcloud, "live").access_token()
    begun = begin(api, soundcloud)
    assert status(api, soundcloud) == "connected"
    assert account(api, soundcloud, "live").access_token() == before
    httpx.get(let_in(begun))
    assert account(api, soundcloud, "live").access_token() != before


@pytest.mark.parametrize(("platform", "name"), [("soundcloud", "SOUNDCLOUD"), ("youtube_music", "YOUTUBE")])
def test_without_an_app_it_says_what_is_missing_and_where_that_is_explained(
    idle: Api, platform: str, name: str
) -> None:
    problem = idle.post(f"/platforms/{platform}/connect", json={"mode": "live"}).json()
    assert problem["code"] == "store_app_missing"
    for words in (f"AMV_{name}_CLIENT_ID", f"AMV_{name}_CLIENT_SECRET"):
        assert words in problem["detail"]
    page = re.search(r"docs/stores/\S+\.md", problem["detail"])
    assert page is not None
    assert (ROOT / page.group()).exists()


# -- those who come in somebody else's place ----------------------------------------------------------


def refused(url: str) -> str:
    page = httpx.get(url)
    assert page.status_code == 400, page.text
    assert not page.is_redirect
    assert "is not connected" in page.text
    return page.text


def test_a_state_is_good_once(api: Api, soundcloud: str) -> None:
    back = let_in(begin(api, soundcloud))
    assert httpx.get(back).status_code == 200
    token = account(api, soundcloud, "live").access_token()
    assert "was used" in refused(back)
    assert account(api, soundcloud, "live").access_token() == token


def test_of_two_who_come_back_at_once_one_is_let_in(api: Api, soundcloud: str) -> None:
    back, found = let_in(begin(api, soundcloud)), []
    threads = [threading.Thread(target=lambda: found.append(httpx.get(back).status_code)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, 400, 400, 400]
    assert status(api, soundcloud) == "connected"


def test_a_state_is_good_for_ten_minutes(api: Api, soundcloud: str) -> None:
    back = let_in(begin(api, soundcloud))
    api.advance(timedelta(minutes=10))
    refused(back)
    (one,) = [one for one in listed(api, soundcloud)["connections"] if one["mode"] == "live"]
    assert one["status"] == "disconnected"
    assert "ten minutes" in one["problem"]


def test_a_later_sign_in_makes_an_earlier_one_void(api: Api, soundcloud: str) -> None:
    earlier, later = let_in(begin(api, soundcloud)), let_in(begin(api, soundcloud))
    refused(earlier)
    assert httpx.get(later).status_code == 200


def test_the_code_of_another_sign_in_is_not_taken(api: Api, soundcloud: str) -> None:
    """An attacker's own code, put into the sign-in of somebody else (or a stolen one into his own)."""
    headers = {"Authorization": f"Bearer {another_owner(api)}"}
    of_victim = let_in(begin(api, soundcloud))
    of_attacker = let_in(begin(api, soundcloud, headers=headers))
    mixed = f"{of_victim.partition('?')[0]}?state={_of(of_victim, 'state')}&code={_of(of_attacker, 'code')}"
    assert httpx.get(mixed).status_code == 502
    assert status(api, soundcloud) == "disconnected"
    refused(of_victim)  # and its own code is of no use any more


def test_a_state_of_one_store_is_not_taken_by_another(api: Api, soundcloud: str) -> None:
    back = let_in(begin(api, soundcloud))
    refused(back.replace("/soundcloud/", "/youtube_music/"))
    assert httpx.get(back).status_code == 200


def _of(url: str, name: str) -> str:
    return parse_qs(urlsplit(url).query)[name][0]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "code=x",
        "state=",
        "state=nobody&code=x",
        "state=a&state=b&code=x",
        "state=%00&code=x",
        "state=" + "x" * 5000 + "&code=x",
        "error=access_denied",
    ],
)
def test_whoever_comes_with_no_state_of_ours_is_refused(api: Api, query: str) -> None:
    page = httpx.get(f"{api.server.url}/api/v1/platforms/soundcloud/return?{query}")
    assert page.status_code == 400


def test_a_page_shows_nothing_of_those_who_have_no_state(api: Api) -> None:
    said = "error=x&error_description=Call+0900+123&state=nobody"
    page = httpx.get(f"{api.server.url}/api/v1/platforms/soundcloud/return?{said}")
    assert "0900" not in page.text


def test_what_the_store_says_is_shown_and_does_not_run(api: Api, soundcloud: str) -> None:
    state = _of(let_in(begin(api, soundcloud)), "state")
    url = f"{api.server.url}/api/v1/platforms/soundcloud/return"
    page = httpx.get(url, params={"state": state, "error": "access_denied", "error_description": "<b>No</b>"})
    assert page.status_code == 502
    assert "&lt;b&gt;No&lt;/b&gt;" in page.text
    (one,) = [one for one in listed(api, soundcloud)["connections"] if one["mode"] == "live"]
    assert (one["status"], "<b>No</b>" in one["problem"]) == ("disconnected", True)


def test_nobody_is_sent_on_to_elsewhere(api: Api, soundcloud: str) -> None:
    back = let_in(begin(api, soundcloud))
    page = httpx.get(f"{back}&redirect_uri=https://evil.example&next=https://evil.example&iss=x")
    assert page.status_code == 200
    assert "location" not in page.headers
    assert "evil" not in page.text


def test_nobody_makes_the_store_send_people_elsewhere(api: Api, soundcloud: str) -> None:
    headers = {"Host": "evil.example"}
    assert (
        api.post("/platforms/soundcloud/connect", json={"mode": "live"}, headers=headers).status_code == 421
    )
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert "evil" not in begin(api, soundcloud, headers=headers)["authorize_url"]


def test_an_account_that_is_disconnected_meanwhile_stays_so(api: Api, soundcloud: str) -> None:
    back = let_in(begin(api, soundcloud))
    forget(api, soundcloud)
    refused(back)
    assert status(api, soundcloud) is None


def test_a_stand_in_that_breaks_down_says_so(api: Api) -> None:
    forget(api, "soundcloud", "sandbox")
    order = {"store": "soundcloud", "what": "fault", "call": "token", "status": 500, "times": 1}
    assert api.post(f"{api.server.url}/_sandbox/control/orders", json=order).status_code == 204
    problem = api.post("/platforms/soundcloud/connect", json={})
    assert (problem.status_code, problem.json()["code"]) == (502, "sign_in_failed")
    (one,) = [one for one in listed(api, "soundcloud")["connections"] if one["mode"] == "sandbox"]
    assert one["status"] == "disconnected"
    assert one["problem"]


# -- what is kept, and what is told -------------------------------------------------------------------


def test_states_are_kept_as_hashes_and_all_else_sealed(api: Api, soundcloud: str) -> None:
    begun = begin(api, soundcloud)
    back = let_in(begun)
    page = httpx.get(back)
    store = api.server.services.store
    again = begin(api, soundcloud)
    stored = str(store.read_now(lambda tx: list(tx.all(sa.select(store_connection)))))
    token = account(api, soundcloud, "live").access_token()
    known = [_of(back, "state"), _of(back, "code"), _of(again["authorize_url"], "state"), token]
    known += [begun["callback_secret"], "soundcloud-app-secret"]
    for secret in known:
        assert secret not in stored
        assert secret not in page.text
    assert token not in api.get("/platforms").text


def test_logs_tell_neither_codes_nor_states_nor_tokens(
    api: Api, soundcloud: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="aimusicverse")
    begun = begin(api, soundcloud)
    back = let_in(begun)
    httpx.get(back)
    refused(back)
    token = account(api, soundcloud, "live").access_token()
    told = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records
                     if record.name.startswith("aimusicverse"))  # fmt: skip
    assert told
    for secret in (_of(back, "state"), _of(back, "code"), token, begun["callback_secret"]):
        assert secret not in told


def test_secrets_cannot_be_opened_for_another_purpose(api: Api, soundcloud: str) -> None:
    httpx.get(let_in(begin(api, soundcloud)))
    sealed = api.server.services.store.read_now(
        lambda tx: tx.scalar(
            sa.select(store_connection.c.secrets).where(
                store_connection.c.platform == soundcloud, store_connection.c.mode == "live"
            )
        )
    )
    assert api.server.services.sign_ins.sealer.open(sealed)
    assert Sealer(b"x" * 32, CONNECTION_SECRETS).open(sealed) is None
    assert api.server.services.answer_sealer.open(sealed) is None
