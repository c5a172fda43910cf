"""`amv notifications`, against a server whose bot speaks to a Bot API on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aimusicverse.secret import Secret
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from tests.cli.conftest import Run
from tests.notify.bot_api import TOKEN, BotApi, bot_api
from tests.server.cheap_hashes import cheaply
from tests.server.processes import until


@pytest.fixture(scope="module")
def telegram() -> Iterator[BotApi]:
    with bot_api() as one:
        yield one


@pytest.fixture(scope="module")
def with_bot(tmp_path_factory: pytest.TempPathFactory, telegram: BotApi) -> Iterator[RunningServer]:
    folder: Path = tmp_path_factory.mktemp("bot") / "data"
    with cheaply():
        settings = Settings.from_environment(
            {}, data_dir=folder, port=0, telegram_token=Secret(TOKEN), telegram_url=telegram.url
        )
        server = RunningServer(settings)
    yield server
    server.close()


@pytest.fixture
def at_bot(with_bot: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMV_BASE_URL", with_bot.url)
    monkeypatch.setenv("AMV_API_KEY", with_bot.api_key.get_secret_value())


@pytest.mark.usefixtures("at_bot")
def test_a_chat_is_linked_shown_and_unlinked(amv: Run, telegram: BotApi) -> None:
    until(lambda: amv("notifications", "show", "--json").data["telegram"]["bot"])
    linked = amv("notifications", "link")
    code = next(line.split()[-1] for line in linked.err.splitlines() if "/start" in line)
    assert f"https://t.me/amv_test_bot?start={code}" in linked.err
    assert code in linked.out
    telegram.write(7, f"/start {code}", first_name="Ann")
    telegram.wait_for(lambda: telegram.to(7))
    assert "Ann" in amv("notifications", "show").out
    assert amv("notifications", "unlink", "--json").data["telegram"]["linked"] is False
    assert "No chat is linked" in amv("notifications", "show").err


@pytest.mark.usefixtures("at_bot")
def test_what_is_told_is_chosen_one_by_one(amv: Run) -> None:
    changed = amv("notifications", "set", "--no-live", "--no-action-required", "--json").data
    assert (changed["live"], changed["action_required"], changed["failed"]) == (False, False, True)
    rows = [line.split("\t") for line in amv("notifications", "set", "--live").out.splitlines()]
    assert ["live", "yes"] in rows
    assert ["action required", "no"] in rows
    assert amv("notifications", "set").code == 2


@pytest.mark.usefixtures("at_server")
def test_without_a_bot_it_says_who_can_change_that(amv: Run) -> None:
    assert "AMV_TELEGRAM_TOKEN" in amv("notifications", "show").err
    refused = amv("notifications", "link", "--json")
    assert refused.code == 1
    assert refused.error["code"] == "no_telegram_bot"
