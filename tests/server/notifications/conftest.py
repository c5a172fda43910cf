"""A server whose bot speaks to a Bot API on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aimusicverse.secret import Secret
from aimusicverse.server.notifications import bot
from tests.notify.bot_api import TOKEN, BotApi, bot_api
from tests.server.conftest import Api


@pytest.fixture
def telegram() -> Iterator[BotApi]:
    """A Bot API that has one bot, and takes what it is sent."""
    with bot_api() as one:
        yield one


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a bot that failed."""
    monkeypatch.setattr(bot, "RETRY_SECONDS", 0.05)


@pytest.fixture
def start_with_bot(telegram: BotApi, start: Callable[..., Api]) -> Callable[..., Api]:
    """Start servers that have the bot."""

    def begin(**settings: Any) -> Api:
        return start(telegram_token=Secret(TOKEN), telegram_url=telegram.url, **settings)

    return begin


@pytest.fixture
def api(start_with_bot: Callable[..., Api]) -> Api:
    """One that has just started."""
    return start_with_bot()
