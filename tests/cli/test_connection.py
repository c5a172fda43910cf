"""Whom `amv` talks to when nobody says so."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest

from aimusicverse.cli import connection
from aimusicverse.local import LocalServer
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from tests.cli.conftest import AMV, Run, running
from tests.server.quick_engine import QuickEngine


@pytest.fixture
def only_the_quick_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """For servers that `amv` starts in this process."""
    monkeypatch.setattr("aimusicverse.engines.registry.all", lambda _=None: [QuickEngine()])


@pytest.mark.usefixtures("only_the_quick_engine")
def test_without_a_server_one_is_started_for_the_command_and_said_so(amv: Run, tmp_path: Path) -> None:
    done = amv("generate", "x", "-d", "5")
    assert done.out == "x.wav\n"
    assert f"No server is running: one is started for this command ({tmp_path / 'data'})." in done.err
    assert not (tmp_path / "data" / "server.json").exists()


@pytest.fixture
def started_ahead(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What became of render processes that were started ahead."""
    told: list[str] = []

    @contextmanager
    def noted() -> Iterator[None]:
        told.append("started")
        try:
            yield
        finally:
            told.append("let go")

    monkeypatch.setattr("aimusicverse.engines.render_process.started_ahead", noted)
    return told


@pytest.mark.usefixtures("only_the_quick_engine")
def test_a_command_that_makes_music_starts_a_render_process_before_its_server(
    amv: Run, started_ahead: list[str]
) -> None:
    track = amv("generate", "x", "-d", "5", "--json").data["tracks"][0]["id"]
    assert started_ahead == ["started", "let go"]
    amv("tracks", "stems", track)
    amv("tracks", "regenerate", track, "1")
    assert started_ahead == ["started", "let go"] * 3
    amv("tracks", "list")
    amv("generate", "x", "--plan-only")
    assert started_ahead == ["started", "let go"] * 3


def test_who_finds_a_server_starts_no_render_process(
    amv: Run, tmp_path: Path, started_ahead: list[str]
) -> None:
    settings = Settings.from_environment({}, data_dir=tmp_path / "data", port=0)
    server = RunningServer(settings, engines={"quick": QuickEngine()})
    try:
        assert amv("generate", "x", "-d", "5").code == 0
    finally:
        server.close()
    assert started_ahead == []


def test_who_loses_the_race_for_the_folder_lets_the_render_process_go_at_once(
    amv: Run, tmp_path: Path, started_ahead: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    honest = connection._client_of
    monkeypatch.setattr(
        connection, "_client_of", lambda server: seen.append([*started_ahead]) or honest(server)
    )
    with starting_elsewhere(tmp_path / "data", seconds=0.3):
        assert amv("generate", "x", "-d", "5").code == 0
    assert seen == [["started", "let go"]]


@pytest.mark.usefixtures("only_the_quick_engine")
def test_what_such_a_server_made_is_there_for_the_next_command(amv: Run) -> None:
    made = amv("generate", "x", "-d", "5", "--json").data
    done = amv("tracks", "list", "--quiet")
    assert done.out.split("\t")[0] == made["tracks"][0]["id"]
    assert done.err == ""


@pytest.mark.usefixtures("only_the_quick_engine")
def test_what_such_a_server_logs_is_in_a_file_and_not_on_the_screen(
    amv: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("aimusicverse.server.generation.service.page", lambda *_: 1 / 0)
    done = amv("generations", "list", "--quiet")
    assert done.code == 1
    assert len(done.err.splitlines()) == 1
    assert "ZeroDivisionError" in (tmp_path / "data" / "server.log").read_text()


def test_a_server_that_runs_is_found_through_the_data_folder(amv: Run, tmp_path: Path) -> None:
    settings = Settings.from_environment({}, data_dir=tmp_path / "data", port=0)
    server = RunningServer(settings, engines={"quick": QuickEngine()})
    try:
        done = amv("engines")
        assert (done.code, done.err) == (0, "")
    finally:
        server.close()


@contextmanager
def starting_elsewhere(folder: Path, *, seconds: float) -> Iterator[None]:
    """The folder is held at once, and the server that holds it listens after so many seconds."""
    folder.mkdir()
    started: list[RunningServer] = []

    def start(lock: IO[str]) -> None:
        lock.close()
        settings = Settings.from_environment({}, data_dir=folder, port=0)
        started.append(RunningServer(settings, engines={"quick": QuickEngine()}))

    lock = (folder / "lock").open("a+")
    fcntl.flock(lock, fcntl.LOCK_EX)
    starting = threading.Timer(seconds, start, [lock])
    starting.start()
    try:
        yield
    finally:
        starting.join()
        for server in started:
            server.close()


def test_a_command_waits_for_the_server_that_another_one_is_just_starting(amv: Run, tmp_path: Path) -> None:
    with starting_elsewhere(tmp_path / "data", seconds=0.5):
        done = amv("engines", "--quiet")
        assert (done.code, done.err) == (0, "")


def test_what_loading_a_server_takes_is_no_part_of_the_wait_for_another(
    amv: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(sleep=time.sleep, late=0.0)
    clock.monotonic = lambda: time.monotonic() + clock.late

    class SlowToLoad(LocalServer):
        def __init__(self, data_dir: Path) -> None:
            clock.late += 1000
            super().__init__(data_dir)

    monkeypatch.setattr(connection, "time", clock)
    monkeypatch.setattr("aimusicverse.local.LocalServer", SlowToLoad)
    with starting_elsewhere(tmp_path / "data", seconds=0.5):
        done = amv("engines", "--quiet")
        assert (done.code, done.err) == (0, "")


def test_a_key_of_the_environment_goes_before_that_of_the_server_which_runs(
    amv: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.from_environment({}, data_dir=tmp_path / "data", port=0)
    server = RunningServer(settings, engines={"quick": QuickEngine()})
    try:
        monkeypatch.setenv("AMV_API_KEY", "amv_live_of_somebody_else")
        assert amv("engines", "--quiet").code == 3
        monkeypatch.setenv("AMV_API_KEY", " ")
        assert amv("engines", "--quiet").code == 0
    finally:
        server.close()


def test_of_commands_that_are_started_together_none_is_refused_the_data_folder() -> None:
    names = ["a.wav", "b.wav", "c.wav"]
    with ExitStack() as stack:
        commands = [
            stack.enter_context(running("generate", "lofi", "-d", "5", "-q", "-o", name)) for name in names
        ]
        for command, name in zip(commands, names, strict=True):
            _, err = command.communicate(timeout=60)
            assert b"is held by" not in err
            if command.returncode:  # the one that had the server was done first
                assert command.returncode == 6
                assert b"Resume: amv generations wait gen_" in err or b"Is the server running?" in err
            else:
                assert Path(name).is_file()


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare")
def test_a_loopback_interface_that_is_down_is_what_is_told() -> None:
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode:
        pytest.skip("no network of one's own can be had here")
    done = subprocess.run(["unshare", "-rn", AMV, "engines", "-q"], capture_output=True, timeout=60)
    assert done.returncode == 6
    assert "ip link set lo up" in done.stderr.decode()
    assert "amv serve" not in done.stderr.decode()


def test_a_server_that_is_named_but_has_no_key_is_not_signed_in(
    amv: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in (["--base-url", "https://music.example.com", "engines"], ["engines"]):
        done = amv(*words, "--json")
        assert done.code == 3
        assert done.error["code"] == "no_api_key"
        assert "AMV_API_KEY" in done.error["message"]
        monkeypatch.setenv("AMV_BASE_URL", "https://music.example.com")


def test_the_option_goes_before_the_environment(
    amv: Run, at_server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMV_BASE_URL", "http://127.0.0.1:9")
    assert amv("--base-url", at_server.url, "engines").code == 0
    assert amv("engines", "--base-url", at_server.url).code == 0


def test_the_line_to_resume_names_the_server_that_was_named(
    amv: Run, at_server: RunningServer, held: QuickEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMV_BASE_URL")
    done = amv("--base-url", at_server.url, "generate", "x", "-d", "5", "--timeout", "1")
    assert done.code == 7
    assert done.err.splitlines()[-1].endswith(f"-o x.wav --base-url {at_server.url}")


def test_without_the_server_extra_the_command_that_installs_it_is_named(
    amv: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "aimusicverse.server.running", None)
    done = amv("engines", "--quiet")
    assert "pip install 'aimusicverse[server]'" in done.err
    assert len(done.err.splitlines()) == 1
    assert done.code in (1, 2)
