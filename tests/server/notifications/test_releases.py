"""From a release to a telephone: what the steps of a delivery come to is told, once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aimusicverse.platforms.base import Standing, StoreProblem
from aimusicverse.secret import Secret
from aimusicverse.server.artwork import making
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from tests.notify.bot_api import TOKEN, BotApi
from tests.server.conftest import Api
from tests.server.distributions.conftest import QUICK, Way
from tests.server.distributions.scripted import Doors, Shelf
from tests.server.notifications.samples import CHAT, link, told
from tests.server.processes import until
from tests.server.quick_engine import QuickEngine


@pytest.fixture
def way(
    tmp_path: Path, database_url: Secret | None, telegram: BotApi, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Way]:
    """A server with scripted stores, a bot, and a chat that is linked."""
    monkeypatch.setattr(making, "COMMAND", QUICK)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    assert sys.executable == QUICK[0]
    engine = QuickEngine()
    settings = Settings.from_environment(
        {},
        data_dir=tmp_path / "server",
        port=0,
        database_url=database_url,
        telegram_token=Secret(TOKEN),
        telegram_url=telegram.url,
    )
    doors = Doors(Shelf(tmp_path / "shelf.db"))
    server = RunningServer(settings, engines={engine.name: engine}, doors=doors)
    api = Api(server, engine)
    link(api.http, telegram)
    yield Way(api, doors)
    api.http.close()
    server.close()


def test_a_release_is_told_store_by_store_and_once_it_is_everywhere(way: Way, telegram: BotApi) -> None:
    no = StoreProblem("store_rejected", "Too <loud>.", "policy", hint="Make it quieter.")
    way.doors.says("youtube_music", "deliver", Standing("rejected", problem=no))
    name = way.create("soundcloud", "youtube_music")
    way.comes_to(name, "live", "rejected")
    until(lambda: [status for _, status in told(way.api.server.services.store)] == ["sent", "sent"])
    way.api.patch(f"/distributions/{name}", json={"metadata": way.release(title="Quieter")})
    way.did("retry", name, "youtube_music")
    way.comes_to(name, "live", "live")
    telegram.wait_for(lambda: len(telegram.to(CHAT)) == 4, "the last message")
    texts = telegram.to(CHAT)[1:]
    assert sorted(text.split("\n")[1] for text in texts[:2]) == [
        "Live on SoundCloud.",
        "Rejected by YouTube Music.",
    ]
    assert "Too &lt;loud&gt;." in "".join(texts[:2])
    assert "live in 2 stores" in texts[2]
    assert texts[2].startswith("<b>Quieter</b>")
    assert all(text.endswith("Sandbox: a stand-in store, nobody can hear it.") for text in texts)
    way.advance(hours=7)  # streams are looked at, and nothing is told of that
    until(lambda: way.doors.count("look", "soundcloud") >= 2)
    assert len(told(way.api.server.services.store)) == 3
