"""`/user/notifications`, and the bot with which chats are linked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from aimusicverse.errors import ConfigurationError
from aimusicverse.server.settings import Settings
from tests.notify.bot_api import TOKEN, BotApi
from tests.server.conftest import Api
from tests.server.notifications.samples import CHAT, PROBLEM, delivery, distributed, keep, link
from tests.server.processes import until


def settings(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = api.get("/user/notifications").json()
    return found


def code(api: Api) -> str:
    return str(api.patch("/user/notifications", json={"telegram": True}).json()["telegram"]["code"])


def said(api: Api, telegram: BotApi, text: str, chat: int = CHAT) -> str:
    """What the bot says to that."""
    already = len(telegram.to(chat))
    telegram.write(chat, text)
    telegram.wait_for(lambda: len(telegram.to(chat)) > already, f"an answer to {text}")
    return telegram.to(chat)[-1]


def another(api: Api, name: str) -> httpx.Client:
    """A user of his own."""
    key = api.post("/admin/users", json={"name": name}).json()["api_key"]["key"]
    return httpx.Client(base_url=api.http.base_url, headers={"X-API-Key": key}, timeout=30)


def test_all_is_wanted_until_one_says_otherwise_and_what_is_left_out_stays(api: Api) -> None:
    until(lambda: settings(api)["telegram"]["bot"])
    assert {kind: settings(api)[kind] for kind in ("live", "failed", "complete")} == {
        "live": True,
        "failed": True,
        "complete": True,
    }
    assert api.patch("/user/notifications", json={"live": False}).json()["live"] is False
    changed = api.patch("/user/notifications", json={"failed": False}).json()
    assert (changed["live"], changed["failed"], changed["rejected"]) == (False, False, True)
    assert settings(api) == changed


def test_a_code_links_the_chat_that_sends_it_once(api: Api, telegram: BotApi) -> None:
    until(lambda: settings(api)["telegram"]["bot"])
    asked = api.patch("/user/notifications", json={"telegram": True}).json()["telegram"]
    assert asked["link_url"] == f"https://t.me/amv_test_bot?start={asked['code']}"
    assert settings(api)["telegram"]["code"] is None
    assert "linked with" in said(api, telegram, f"/start {asked['code']}")
    now = settings(api)["telegram"]
    assert (now["linked"], now["chat"], now["available"]) == (True, "Ann (@ann)", True)
    assert "not valid" in said(api, telegram, f"/start {asked['code']}", chat=99)
    assert settings(api)["telegram"]["chat"] == "Ann (@ann)"


def test_a_code_is_good_for_ten_minutes_and_a_newer_one_takes_its_place(api: Api, telegram: BotApi) -> None:
    former, newer = code(api), code(api)
    assert "not valid" in said(api, telegram, f"/start {former}")
    api.advance(timedelta(minutes=10))
    assert "not valid" in said(api, telegram, f"/start {newer}")
    assert not settings(api)["telegram"]["linked"]


def test_status_tells_how_the_last_distributions_stand(api: Api, telegram: BotApi) -> None:
    link(api.http, telegram)
    assert said(api, telegram, "/status") == "You have no distributions yet."
    one = distributed(delivery("soundcloud", "live"), delivery("spotify", "action_required", problem=PROBLEM))
    owner = api.get("/user/profile").json()["id"]
    api.server.services.store.write_now(keep, owner, one)
    assert said(api, telegram, "/status") == (
        "<b>Rain &amp; &lt;b&gt;Shine&lt;/b&gt;</b> (sandbox)\n"
        "SoundCloud: live\n"
        "Spotify: action required: Missing ISRC code"
    )


@pytest.mark.parametrize("text", ["/status", "/stop", "/start", "/help", "/status@amv_test_bot"])
def test_a_chat_of_nobody_is_told_of_no_release(api: Api, telegram: BotApi, text: str) -> None:
    owner = api.get("/user/profile").json()["id"]
    api.server.services.store.write_now(keep, owner, distributed(delivery("spotify", "live")))
    assert "Rain" not in said(api, telegram, text, chat=666)


def test_stop_unlinks_and_so_does_the_api(api: Api, telegram: BotApi) -> None:
    link(api.http, telegram)
    assert "forgotten" in said(api, telegram, "/stop")
    assert not settings(api)["telegram"]["linked"]
    link(api.http, telegram)
    assert not api.patch("/user/notifications", json={"telegram": False}).json()["telegram"]["linked"]
    assert "linked with nobody" in said(api, telegram, "/status")


def test_a_chat_is_one_users_the_last_one_who_linked_it(api: Api, telegram: BotApi) -> None:
    link(api.http, telegram)
    with another(api, "Bea") as bea:
        link(bea, telegram)
        assert "<b>Bea</b>" in telegram.to(CHAT)[-1]
        assert "of another user" in telegram.to(CHAT)[-1]
        assert bea.get("/user/notifications").json()["telegram"]["linked"]
    assert not settings(api)["telegram"]["linked"]


def test_a_group_is_not_linked(api: Api, telegram: BotApi) -> None:
    telegram.write(-100, f"/start {code(api)}", kind="group", title="Band")
    telegram.wait_for(lambda: telegram.to(-100))
    assert "private" in telegram.to(-100)[0]
    assert not settings(api)["telegram"]["linked"]


def test_odd_messages_hurt_nobody(api: Api, telegram: BotApi) -> None:
    link(api.http, telegram)
    for text in ("/start \ud800", "/start a b c", "/" * 4000, {"no": "text"}, "\0", "/START   "):
        telegram.write(CHAT, text)
    telegram.update({"poll": {}})
    assert said(api, telegram, "/status", chat=77)
    assert settings(api)["telegram"]["linked"]


def test_the_bot_goes_on_after_whatever_telegram_does(api: Api, telegram: BotApi) -> None:
    telegram.fault("getUpdates", "malformed", (409, {"ok": False, "error_code": 409}))
    telegram.write(CHAT, "/help")  # ends the call that is held now
    telegram.wait_for(lambda: len(telegram.to(CHAT)) == 1)
    telegram.write(CHAT, "/help")
    telegram.wait_for(lambda: len(telegram.to(CHAT)) == 2)


def test_an_answer_waits_as_long_as_telegram_wants(api: Api, telegram: BotApi) -> None:
    slower = {"ok": False, "error_code": 429, "parameters": {"retry_after": 1}}
    telegram.fault("sendMessage", (429, slower))
    assert said(api, telegram, "/help")


def test_without_a_bot_no_chat_can_be_linked(start: Callable[..., Api]) -> None:
    api = start()
    assert settings(api)["telegram"]["available"] is False
    refused = api.patch("/user/notifications", json={"telegram": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_telegram_bot")


def test_the_scopes_are_those_of_the_profile(api: Api) -> None:
    made = api.post("/api-keys", json={"name": "reader", "scopes": ["profile:read"]}).json()["key"]
    with httpx.Client(base_url=api.http.base_url, headers={"X-API-Key": made}) as reader:
        assert reader.get("/user/notifications").status_code == 200
        assert reader.patch("/user/notifications", json={"live": False}).status_code == 403


@pytest.mark.parametrize("body", [{"telegram": "perhaps"}, {"chat_id": 5}, {"live": 3}, []])
def test_bad_input_is_named(api: Api, body: Any) -> None:
    assert api.patch("/user/notifications", json=body).status_code == 422


def test_a_token_that_cannot_be_one_is_refused_without_being_told() -> None:
    with pytest.raises(ConfigurationError, match="AMV_TELEGRAM_TOKEN") as caught:
        Settings.from_environment({"AMV_TELEGRAM_TOKEN": "s3cr3t-without-number"})
    assert "s3cr3t" not in str(caught.value)


def test_no_log_has_the_token(api: Api, telegram: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    telegram.fault("sendMessage", "drop", "malformed", "html")
    telegram.write(CHAT, "/help")
    telegram.wait_for(lambda: not telegram.faults["sendMessage"], "the third try")
    assert TOKEN.partition(":")[2] not in caplog.text
