"""`amv platforms`: accounts with stores, and secrets that stand on no command line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.platforms import account_settings
from aimusicverse.secret import Secret
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from tests.cli.conftest import Run, running
from tests.cli.screen import terminal
from tests.server.quick_engine import QuickEngine


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One whose key is a live one, and which is registered with SoundCloud: nobody calls it."""
    settings = Settings.from_environment(
        {},
        data_dir=tmp_path_factory.mktemp("live"),
        port=0,
        soundcloud_client_id="app",
        soundcloud_client_secret=Secret("s3cret"),
    )
    engine = QuickEngine()
    server = RunningServer(settings, engines={engine.name: engine})
    yield server
    server.close()


@pytest.fixture(autouse=True)
def at_live_server(live_server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMV_BASE_URL", live_server.url)
    monkeypatch.setenv("AMV_API_KEY", live_server.api_key.get_secret_value())


def test_the_list_tells_real_from_sandbox_and_what_needs_an_account(amv: Run) -> None:
    rows = {
        cells[0]: cells for cells in (line.split("\t") for line in amv("platforms", "list").out.splitlines())
    }
    assert rows["soundcloud"][1:5] == ["store", "api", "yes", "your account"]
    assert rows["distrokid"][4] == "you, with a kit"
    assert rows["deezer"][3:5] == ["no", "not possible"]


def test_a_stand_in_lets_one_in_at_once_and_is_left_again(amv: Run) -> None:
    made = amv("platforms", "connect", "soundcloud", "--json")
    assert (made.data["status"], made.data["mode"]) == ("connected", "sandbox")
    shown = amv("platforms", "list").out
    assert "sandbox connected" in next(line for line in shown.splitlines() if line.startswith("soundcloud\t"))
    refused = amv("platforms", "disconnect", "soundcloud", "--json")
    assert (refused.code, refused.error["hint"]) == (2, "Add --yes.")
    gone = amv("platforms", "disconnect", "soundcloud", "--yes")
    assert (gone.code, "status\tdisconnected" in gone.out) == (0, True)
    assert amv("platforms", "disconnect", "soundcloud", "--yes", "--json").code == 4


def test_a_live_account_is_pending_until_a_person_has_agreed(amv: Run) -> None:
    made = amv("platforms", "connect", "soundcloud", "--live", "--no-wait", "--json")
    assert (made.data["status"], made.data["mode"]) == ("pending", "live")
    assert made.data["authorize_url"].startswith("https://secure.soundcloud.com/")
    line = ("platforms", "connect", "soundcloud", "--live")
    with running(*line, env={**os.environ}) as process:
        assert process.stderr is not None
        assert b"https://secure.soundcloud.com/" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert f"soundcloud is not connected. Go on: amv {' '.join(line)}" in errors.decode()


def test_a_store_that_nobody_knows_is_wrong_usage(amv: Run) -> None:
    done = amv("platforms", "connect", "tidal", "--json")
    assert (done.code, done.error["message"]) == (2, "STORE: no store is called 'tidal'")
    assert done.error["hint"].startswith("There are: spotify, ")


def test_secrets_come_from_a_file_or_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("key").write_text("-----BEGIN\nabc\n-----END\n", "utf-8")
    monkeypatch.setenv("SFTP_PASSWORD", "s3cret")
    found = account_settings.given(["host=sftp.example.com"], ["private_key=key"], ["password=SFTP_PASSWORD"])
    assert found == {
        "host": "sftp.example.com",
        "private_key": Secret("-----BEGIN\nabc\n-----END"),
        "password": Secret("s3cret"),
    }
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("plain", "from_file", "from_environment"),
    [
        (["password=s3cret"], [], []),
        (["private_key=s3cret"], [], []),
        (["api_token=s3cret"], [], []),
        (["host"], [], []),
        (["host="], [], []),
        (["host=a", "host=b"], [], []),
        ([], ["password=nowhere"], []),
        ([], [], ["password=NOT_SET_ANYWHERE"]),
        ([], [], ["password=s3cret!"]),
    ],
)
def test_what_cannot_be_a_setting_is_refused_and_no_secret_is_repeated(
    plain: list[str], from_file: list[str], from_environment: list[str]
) -> None:
    with pytest.raises(UsageProblem) as caught:
        account_settings.given(plain, from_file, from_environment)
    assert "s3cret" not in f"{caught.value.message} {caught.value.hint}"


def test_a_person_is_asked_for_what_is_missing_and_a_secret_is_not_shown() -> None:
    program = (
        "from aimusicverse.cli.output import Output\n"
        "from aimusicverse.cli.platforms.account_settings import completed\n"
        "found = completed({'host': 'x'}, ['host', 'username', 'password', 'folder?'], Output())\n"
        "print(sorted(found), found['username'], found['password'].get_secret_value() == 'hidden')\n"
    )
    with terminal("-c", program, program=sys.executable) as screen:
        screen.until("username: ")
        screen.type("ada\n")
        screen.until("password (not shown): ")
        screen.type("hidden\n")
        assert screen.end() == 0
    assert "['host', 'password', 'username'] ada True" in screen.shown
    assert "hidden" not in screen.shown


def test_a_store_is_known_however_it_is_written(amv: Run) -> None:
    assert amv("platforms", "connect", "SoundCloud", "--json").data["platform"] == "soundcloud"
    assert amv("platforms", "disconnect", "SoundCloud", "--yes", "--json").data["status"] == "disconnected"
    refused = amv("platforms", "connect", "soundclod", "--json")
    assert (refused.code, refused.error["hint"].split("?")[0]) == (2, "Did you mean soundcloud")
    distributor = amv("platforms", "connect", "distrokid", "--json")
    assert distributor.error["hint"].startswith("It is a distributor: --via distrokid. ")
    assert "amv platforms list" in amv("platforms", "connect", "deezer", "--json").error["hint"]
