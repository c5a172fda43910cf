from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aimusicverse import Client, ConfigurationError
from aimusicverse.credentials.sources import Endpoint, resolve, running_local_server
from aimusicverse.secret import Secret

LOCAL_URL = "http://127.0.0.1:9999"
LOCAL_KEY = "amv_live_local_key"


@pytest.fixture
def lock(no_surroundings):
    """The lock of the data folder, as a server holds it while it runs."""
    with (no_surroundings / "lock").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


@pytest.fixture
def local(no_surroundings, lock):
    """Writes a server.json; without changes, that of a server that runs."""

    def write(text: str | None = None, mode: int = 0o600, **changes) -> Path:
        entry = {"url": LOCAL_URL, "pid": os.getpid(), "api_key": LOCAL_KEY, "started_at": "x", **changes}
        path = no_surroundings / "server.json"
        path.write_text(json.dumps(entry) if text is None else text)
        path.chmod(mode)
        return path

    return write


def test_arguments_come_first_then_the_environment_then_the_local_server(local, monkeypatch):
    local()
    assert resolve() == Endpoint(LOCAL_URL, Secret(LOCAL_KEY), "local server")
    monkeypatch.setenv("AMV_API_KEY", "from-env")
    monkeypatch.setenv("AMV_BASE_URL", "https://env.example.com/")
    assert resolve() == Endpoint("https://env.example.com", Secret("from-env"), "environment")
    assert resolve("given") == Endpoint("https://env.example.com", Secret("given"), "environment")
    assert resolve("given", "https://given.example.com") == Endpoint(
        "https://given.example.com", Secret("given"), "argument"
    )
    assert resolve(None, "https://given.example.com").api_key == Secret("from-env")


def test_a_key_without_an_address_is_for_the_local_server(local, monkeypatch):
    local()
    monkeypatch.setenv("AMV_API_KEY", "from-env")
    assert resolve() == Endpoint(LOCAL_URL, Secret("from-env"), "local server")
    assert resolve("given") == Endpoint(LOCAL_URL, Secret("given"), "local server")


def test_the_local_servers_key_goes_nowhere_else(local, monkeypatch):
    local()
    for url in (
        "https://elsewhere.example.com",
        "http://127.0.0.1:9998",
        LOCAL_URL + "/below",
        "https://127.0.0.1:9999",
    ):
        with pytest.raises(ConfigurationError, match="AMV_API_KEY"):
            resolve(base_url=url)
        monkeypatch.setenv("AMV_BASE_URL", url)
        with pytest.raises(ConfigurationError, match="AMV_API_KEY"):
            resolve()
        monkeypatch.delenv("AMV_BASE_URL")


def test_the_local_server_by_its_name_gets_its_key_at_its_own_address(local):
    local()
    for url in (LOCAL_URL, LOCAL_URL + "/", LOCAL_URL + "/api/v1", "http://localhost:9999"):
        assert resolve(base_url=url) == Endpoint(LOCAL_URL, Secret(LOCAL_KEY), "argument")


def test_without_any_server_the_three_ways_out_are_named():
    for make in (resolve, Client):
        with pytest.raises(ConfigurationError) as caught:
            make()
        for way in ("amv serve", "AMV_BASE_URL", "LocalServer"):
            assert way in str(caught.value)


def test_empty_variables_are_as_good_as_none(local, monkeypatch):
    local()
    monkeypatch.setenv("AMV_API_KEY", " ")
    monkeypatch.setenv("AMV_BASE_URL", "")
    assert resolve().origin == "local server"


@pytest.mark.parametrize("key", ["", "a b", "a\nb", "schlüssel", "a\x00b"])
def test_a_key_that_no_header_can_carry_is_refused_without_repeating_it(key):
    with pytest.raises(ConfigurationError) as caught:
        resolve(key, LOCAL_URL)
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://evil.example.com"},
        {"url": "http://10.0.0.1:8787"},
        {"url": "nonsense"},
        {"url": 5},
        {"pid": 0},
        {"pid": -1},
        {"pid": True},
        {"pid": "1"},
        {"pid": 2**80},
        {"api_key": ""},
        {"api_key": None},
        {"api_key": "a b"},
        {"text": ""},
        {"text": "[]"},
        {"text": "{}"},
        {"text": "null"},
        {"text": "{"},
        {"text": "[" * 100_000},
        {"mode": 0o620},
        {"mode": 0o602},
    ],
)
def test_a_server_file_that_cannot_be_trusted_is_none(local, changes):
    local(**changes)
    assert running_local_server() is None


def test_a_server_that_is_gone_is_none(local):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    local(pid=gone.pid)
    assert running_local_server() is None


def test_a_server_file_that_was_left_behind_is_none_even_if_its_process_number_is_in_use_again(local, lock):
    local()
    assert running_local_server() is not None
    fcntl.flock(lock, fcntl.LOCK_UN)
    assert running_local_server() is None
    Path(lock.name).unlink()
    assert running_local_server() is None


def test_looking_for_a_server_leaves_the_lock_free_for_one_that_starts(local, lock):
    local()
    fcntl.flock(lock, fcntl.LOCK_UN)
    assert running_local_server() is None
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_killed_server_that_its_parent_has_not_noticed_is_none(no_surroundings):
    holding = (
        "import fcntl, sys; lock = open(sys.argv[1], 'a+'); fcntl.flock(lock, fcntl.LOCK_EX); "
        "print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holding, no_surroundings / "lock"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        entry = {"url": LOCAL_URL, "pid": server.pid, "api_key": LOCAL_KEY}
        (no_surroundings / "server.json").write_text(json.dumps(entry))
        (no_surroundings / "server.json").chmod(0o600)
        assert running_local_server() is not None
        server.kill()
        os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)  # it is a zombie now, and stays one
        os.kill(server.pid, 0)
        assert running_local_server() is None


def test_a_named_pipe_in_place_of_the_server_file_is_none_and_is_not_waited_for(local):
    path = local()
    path.unlink()
    os.mkfifo(path, 0o600)
    assert running_local_server() is None


def test_a_lock_that_we_may_not_read_leaves_it_to_the_process(local, monkeypatch):
    def not_ours(*_):
        raise PermissionError

    local()
    monkeypatch.setattr("os.open", not_ours)
    assert running_local_server() is not None


def test_a_server_of_somebody_else_that_we_may_read_runs(local, monkeypatch):
    def not_ours(pid, signal):
        raise PermissionError

    monkeypatch.setattr("os.kill", not_ours)
    local()
    assert running_local_server() is not None


def test_a_server_file_of_another_user_is_none(local, monkeypatch):
    local()
    monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 1)
    if os.getuid() != 0:
        assert running_local_server() is None


def test_windows_asks_no_process_no_mode_and_no_lock(local, lock, monkeypatch):
    fcntl.flock(lock, fcntl.LOCK_UN)
    monkeypatch.setattr("sys.platform", "win32")
    local(mode=0o644)
    assert running_local_server() is not None


def test_an_endpoint_does_not_show_its_key(local):
    local()
    assert LOCAL_KEY not in repr(resolve())
