"""The Bot API's client, against a Bot API on a real socket."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from aimusicverse.notify import telegram as module
from aimusicverse.notify.telegram import Telegram, TelegramError, Update, bot_id
from aimusicverse.secret import Secret
from tests.notify.bot_api import TOKEN, BotApi, bot_api, no


@pytest.fixture(scope="module")
def running() -> Iterator[BotApi]:
    with bot_api() as one:
        yield one


@pytest.fixture
def api(running: BotApi) -> BotApi:
    running.messages.clear()
    running.updates.clear()
    return running


def asked(api: BotApi, method: str, *arguments: Any, token: str = TOKEN, **named: Any) -> Any:
    async def ask() -> Any:
        async with Telegram(api.url, Secret(token)) as telegram:
            return await getattr(telegram, method)(*arguments, **named)

    return asyncio.run(ask())


def refused(api: BotApi, *, token: str = TOKEN) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        asked(api, "send", 7, "hello", token=token)
    return caught.value


def test_a_message_is_html_without_a_preview(api: BotApi) -> None:
    asked(api, "send", 7, "<b>Rain</b>")
    assert api.messages == [
        {
            "chat_id": 7,
            "text": "<b>Rain</b>",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
    ]


def test_the_bot_tells_its_name_and_number(api: BotApi) -> None:
    assert asked(api, "me") == "amv_test_bot"
    assert bot_id(Secret(TOKEN)) == 123456789


def test_updates_come_in_order_and_say_who_writes(api: BotApi) -> None:
    first = api.write(7, "/start abc", first_name="Ann", last_name="Lee", username="ann")
    second = api.update({"edited_message": {}})
    third = api.write(-5, "/status", kind="group", title="Band")
    assert asked(api, "updates", 0, wait=0) == [
        Update(first, 7, True, "Ann Lee (@ann)", "/start abc"),
        Update(second),
        Update(third, -5, False, "", "/status"),
    ]
    assert [one.id for one in asked(api, "updates", third, wait=0)] == [third]


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": "7"},
        {"update_id": True},
        {},
        [],
        None,
        {"update_id": 7, "message": []},
        {"update_id": 7, "message": {"chat": {"id": "x"}}},
        {"update_id": 7, "message": {"chat": {"id": 3}, "text": {"a": 1}}},
        {"update_id": 7, "message": {"chat": {"id": 2**70}, "text": "/status"}},
    ],
)
def test_an_update_of_another_form_is_passed_over(update: Any) -> None:
    found = module._update(update)
    assert found is None or found.text == ""


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ((429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 3}}), "again"),
        ((500, {"ok": False, "error_code": 500, "description": "Internal Server Error"}), "again"),
        ("html", "again"),
        ("malformed", "again"),
        ("drop", "again"),
        ((200, {"result": True}), "again"),
        (no(403, "Forbidden: bot was blocked by the user"), "chat"),
        (no(400, "Bad Request: chat not found"), "chat"),
        (no(400, "Bad Request: can't parse entities"), "refused"),
        (no(409, "Conflict: terminated by other getUpdates request"), "elsewhere"),
    ],
)
def test_what_goes_wrong_says_whether_it_may_work_later(api: BotApi, fault: Any, kind: str) -> None:
    api.fault("sendMessage", fault)
    error = refused(api)
    assert error.kind == kind
    assert error.retry_after == (3 if isinstance(fault, tuple) and fault[0] == 429 else None)


def test_a_wrong_token_is_told_apart(api: BotApi) -> None:
    assert refused(api, token="1:wrong").kind == "token"


def test_one_that_is_slow_is_not_waited_for(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DEADLINE_SECONDS", 0.2)
    api.swallow = lambda message: True
    assert refused(api).kind == "again"
    api.swallow = lambda message: False


def test_the_token_is_in_no_log_no_error_and_no_repr(api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    secret = TOKEN.partition(":")[2]
    caplog.set_level(logging.DEBUG)
    asked(api, "send", 7, "hello")
    texts = [repr(Telegram(api.url, Secret(TOKEN)))]
    for fault in ("drop", "malformed", (401, {"ok": False, "error_code": 401})):
        api.fault("sendMessage", fault)
        error = refused(api)
        texts += [repr(error), "".join(traceback.format_exception(error))]
    nobody = BotApi()
    nobody.url = "http://127.0.0.1:9"
    texts += ["".join(traceback.format_exception(refused(nobody)))]
    assert secret not in "\n".join([*texts, caplog.text])
