"""A server that is killed while it speaks: what it has to tell is told, and no command is answered twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.store.opening import open_store
from tests.notify.bot_api import TOKEN, BotApi
from tests.server.notifications.samples import CHAT, delivery, distributed, link, tell, told
from tests.server.processes import Program, Start, programs, until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a signal that kills is POSIX's")


class Servers:
    """One after the other, on one folder and one database."""

    def __init__(self, begin: Start, telegram: BotApi, folder: Path, url: Secret | None) -> None:
        self._begin, self._telegram, self._folder, self._url = begin, telegram, folder, url

    def begin(self) -> Program:
        """The next one, once it answers."""
        settings = {"AMV_TELEGRAM_TOKEN": TOKEN, "AMV_TELEGRAM_URL": self._telegram.url}
        program = self._begin("serve", "--port", "0", settings=settings)
        until(program.where)
        return program

    def tell(self) -> None:
        """A release is live, while no server runs."""
        store = open_store(self._url, self._folder / "amv.db", clock=ServerClock())
        try:
            tell(store, self._owner, distributed(delivery("spotify", "live")), "live", "spotify")
        finally:
            store.close()

    def link(self, program: Program) -> None:
        with program.http() as http:
            link(http, self._telegram)
            self._owner = str(http.get("/user/profile").json()["id"])

    def states(self) -> list[str]:
        """How far the messages are."""
        store = open_store(self._url, self._folder / "amv.db", clock=ServerClock())
        try:
            return [status for _, status in told(store)]
        finally:
            store.close()


@pytest.fixture
def servers(tmp_path: Path, telegram: BotApi, database_url: Secret | None) -> Iterator[Servers]:
    with programs(tmp_path / "server", database_url) as begin:
        yield Servers(begin, telegram, tmp_path / "server", database_url)


def test_a_message_whose_server_died_before_it_was_noted_is_told_again(
    servers: Servers, telegram: BotApi
) -> None:
    first = servers.begin()
    servers.link(first)
    first.end(signal.SIGTERM)
    before = len(telegram.to(CHAT))
    servers.tell()
    telegram.swallow = lambda message: True
    second = servers.begin()
    telegram.wait_for(lambda: len(telegram.to(CHAT)) == before + 1)
    second.end(signal.SIGKILL)
    assert servers.states() == ["pending"]
    telegram.swallow = lambda message: False
    third = servers.begin()
    telegram.wait_for(lambda: len(telegram.to(CHAT)) == before + 2)
    third.end(signal.SIGTERM)  # it ends what it does
    assert servers.states() == ["sent"]


def test_a_command_is_not_answered_twice_by_the_server_after_one_that_was_killed(
    servers: Servers, telegram: BotApi
) -> None:
    telegram.swallow = lambda message: True
    first = servers.begin()
    telegram.write(CHAT, "/help")
    telegram.wait_for(lambda: len(telegram.to(CHAT)) == 1)
    first.end(signal.SIGKILL)  # before it told Telegram that it has had the update
    telegram.swallow = lambda message: False
    servers.begin()
    telegram.write(CHAT, "/status")
    telegram.wait_for(lambda: len(telegram.to(CHAT)) == 2)
    helped, status = telegram.to(CHAT)
    assert helped != status
    assert "linked with nobody" in status
