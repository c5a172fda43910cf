"""What users are told, when, and how often."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from aimusicverse.notify import texts
from aimusicverse.secret import Secret
from aimusicverse.server.notifications.notify_job import RETRY_SECONDS
from aimusicverse.server.store.base import Store
from tests.notify.bot_api import BotApi, no
from tests.server.conftest import Api
from tests.server.notifications.samples import CHAT, PROBLEM, delivery, distributed, link, tell, told
from tests.server.processes import until

LIVE = {"external_url": "https://soundcloud.example/rain?a=1&b=2"}


class Linked:
    """A user with a chat."""

    def __init__(self, api: Api, telegram: BotApi) -> None:
        self.api, self.telegram = api, telegram
        self.store: Store = api.server.services.store
        self.owner: str = api.get("/user/profile").json()["id"]
        link(api.http, telegram)
        self.before = len(telegram.to(CHAT))

    def tell(self, *arguments: Any) -> None:
        tell(self.store, self.owner, *arguments)

    def got(self, number: int) -> list[str]:
        """So many messages."""
        self.telegram.wait_for(lambda: len(self.telegram.to(CHAT)) >= self.before + number, "a message")
        return self.telegram.to(CHAT)[self.before :]

    def states(self, *expected: str) -> None:
        until(lambda: [status for _, status in told(self.store)] == list(expected))


@pytest.fixture
def linked(api: Api, telegram: BotApi) -> Linked:
    return Linked(api, telegram)


def test_each_news_is_told_once_with_mode_title_store_and_link(linked: Linked) -> None:
    one = distributed(delivery("soundcloud", "live", **LIVE), delivery("spotify", "processing"))
    linked.tell(one, "live", "soundcloud")
    linked.tell(one, "live", "soundcloud")
    linked.states("sent")
    assert linked.got(1) == [
        "<b>Rain &amp; &lt;b&gt;Shine&lt;/b&gt;</b>\n"
        "Live on SoundCloud.\n"
        "https://soundcloud.example/rain?a=1&amp;b=2\n"
        "Sandbox: a stand-in store, nobody can hear it."
    ]


def test_a_problem_comes_with_its_field_hint_and_next_step(linked: Linked) -> None:
    failed = distributed(delivery("spotify", "failed", problem=PROBLEM | {"retryable": True}, mode="live"))
    linked.tell(failed, "failed", "spotify")
    (text,) = linked.got(1)
    assert text.split("\n")[1:] == [
        "Failed at Spotify.",
        "Missing ISRC code (tracks[0].isrc)",
        "Give &lt;each&gt; track its own &amp; retry.",
        "https://docs.example/isrc",
        "<code>amv distributions retry dst_1</code>",
        "Mode: live.",
    ]


def test_the_last_store_and_the_complete_release_are_one_message(linked: Linked) -> None:
    first = distributed(delivery("soundcloud", "live", **LIVE), delivery("spotify", "processing"))
    last = distributed(
        delivery("soundcloud", "live", **LIVE), delivery("spotify", "live"), delivery("x", "cancelled")
    )
    linked.tell(first, "live", "soundcloud")
    linked.tell(last, "live", "spotify")
    linked.tell(last, "complete")
    linked.states("sent", "sent")
    complete = linked.got(2)[1]
    assert "live in 2 stores" in complete
    assert "SoundCloud https://soundcloud.example/rain" in complete
    assert "Spotify" in complete


def test_what_is_not_wanted_is_not_told(linked: Linked) -> None:
    linked.api.patch("/user/notifications", json={"live": False, "complete": False})
    one = distributed(delivery("spotify", "live"))
    linked.tell(one, "live", "spotify")
    linked.api.patch("/user/notifications", json={"live": True})
    linked.tell(one, "live", "spotify")
    assert "Live on Spotify" in linked.got(1)[0]
    linked.states("sent")


def test_it_may_fail_again_after_a_retry_and_that_is_news(linked: Linked) -> None:
    for minute in (1, 2, 2):
        at = datetime(2026, 12, 4, 12, minute, tzinfo=UTC)
        one = distributed(delivery("spotify", "failed", problem=PROBLEM, updated_at=at))
        linked.tell(one, "failed", "spotify")
    linked.states("sent", "sent")


def test_nobody_is_told_without_a_chat(api: Api) -> None:
    store = api.server.services.store
    tell(
        store,
        api.get("/user/profile").json()["id"],
        distributed(delivery("spotify", "live")),
        "live",
        "spotify",
    )
    assert told(store) == []


@pytest.mark.parametrize(
    "fault",
    [
        "drop",
        "malformed",
        "html",
        no(500, "Internal Server Error"),
        (429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 40}}),
    ],
)
def test_what_goes_wrong_for_a_while_is_tried_again(
    linked: Linked, fault: Any, caplog: pytest.LogCaptureFixture
) -> None:
    linked.telegram.fault("sendMessage", fault)
    linked.tell(distributed(delivery("spotify", "live")), "live", "spotify")
    until(partial(_said_so_often, caplog, "a message waits", 1))
    if isinstance(fault, tuple) and fault[0] == 429:
        linked.api.advance(timedelta(seconds=30))
        assert [status for _, status in told(linked.store)] == ["pending"]
        linked.api.advance(timedelta(seconds=11))
    linked.got(1)
    linked.states("sent")


def test_a_chat_that_blocks_the_bot_is_forgotten_and_the_settings_say_so(linked: Linked) -> None:
    linked.telegram.fault("sendMessage", no(403, "Forbidden: bot was blocked by the user"))
    linked.tell(distributed(delivery("spotify", "live")), "live", "spotify")
    linked.states("failed")
    now = linked.api.get("/user/notifications").json()["telegram"]
    assert not now["linked"]
    assert "Link it again" in now["problem"]
    link(linked.api.http, linked.telegram)
    assert linked.api.get("/user/notifications").json()["telegram"]["problem"] is None


def test_what_telegram_refuses_is_noted_as_failed_and_logged(
    linked: Linked, caplog: pytest.LogCaptureFixture
) -> None:
    linked.telegram.fault("sendMessage", no(400, "Bad Request: can't parse entities"))
    linked.tell(distributed(delivery("spotify", "live")), "live", "spotify")
    linked.states("failed")
    assert "a message was not sent" in caplog.text


def test_a_bot_that_is_away_for_a_day_and_more_loses_nothing_in_silence(
    linked: Linked, caplog: pytest.LogCaptureFixture
) -> None:
    linked.telegram.fault("sendMessage", *["html"] * 100)
    linked.tell(distributed(delivery("spotify", "live")), "live", "spotify")
    tries = range(1, len(RETRY_SECONDS) + 1)
    for number in tries:
        until(partial(_said_so_often, caplog, "a message waits", number))
        assert [status for _, status in told(linked.store)] == ["pending"]
        linked.api.advance(timedelta(hours=1, seconds=1))
    linked.states("failed")
    assert "a message was not sent" in caplog.text


def _said_so_often(caplog: pytest.LogCaptureFixture, words: str, number: int) -> bool:
    return caplog.text.count(words) == number


def test_texts_of_stores_are_one_line_and_short_and_no_markup() -> None:
    odd = PROBLEM | {"message": "<a href='x'>\n" * 400, "docs_url": "javascript:alert(1)", "hint": None}
    one = distributed(delivery("<script>", "rejected", problem=odd, mode="weird"), title="\u202e" + "t" * 299)
    text = texts.of_distribution(one, "rejected", "<script>")
    assert len(text) < 4096
    assert "<a" not in text
    assert "javascript" not in text
    assert "<script>" not in text
    far = [delivery("spotify", "live", external_url="https://" + "a" * length) for length in (240, 900)]
    assert len(texts.of_distribution(distributed(*far * 12, title="t" * 300), "complete", None)) < 4096
    long = delivery("spotify", "failed", problem=PROBLEM | {"message": "p" * 900})
    many = texts.of_status([distributed(*[long] * 40, title="t" * 300)] * 20)
    assert len(many) < 4096
    assert "and 30 more" in many


def test_two_servers_speak_with_one_voice(
    start_with_bot: Callable[..., Api], telegram: BotApi, tmp_path: Any, database_name: str
) -> None:
    if database_name == "sqlite":
        pytest.skip("only one server has a SQLite file")
    key = Secret(base64.b64encode(bytes(32)).decode())
    first = start_with_bot(master_key=key)
    second = start_with_bot(master_key=key, folder=tmp_path / "second")
    link(first.http, telegram)
    assert second.get("/user/notifications").json()["telegram"]["linked"]
    telegram.write(CHAT, "/help")
    telegram.wait_for(lambda: len(telegram.to(CHAT)) == 2)
    first.server.close()  # the other takes over, whichever it was
    telegram.write(CHAT, "/help")
    telegram.wait_for(lambda: len(telegram.to(CHAT)) == 3)
